"""The public side of a log over HTTP, as a witness or an auditor uses it."""

import json
from collections.abc import Mapping
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

TIMEOUT_S = 30


class UnreachableError(RuntimeError):
    """The log did not answer, or not in a way that can be understood."""


class LogClient(Protocol):
    """Asks one log. Not trusted: what it answers is held against signatures."""

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text; raises UnreachableError."""
        ...

    def post(self, path: str, body: Mapping[str, str]) -> tuple[int, str]:
        """Send JSON; return status and text; raises UnreachableError."""
        ...


class HttpLog:
    """`LogClient` at the address of an API. Raises ValueError for an address not of the web."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in {"https", "http"}:
            raise ValueError("the log's address is none of the web")
        self._url = url.rstrip("/")

    def get(self, path: str) -> tuple[int, str]:
        """GET."""
        return self._send(Request(self._url + path))  # noqa: S310  (the scheme was checked)

    def post(self, path: str, body: Mapping[str, str]) -> tuple[int, str]:
        """POST."""
        headers = {"Content-Type": "application/json"}
        data = json.dumps(body).encode()
        return self._send(Request(self._url + path, data, headers))  # noqa: S310

    def _send(self, request: Request) -> tuple[int, str]:
        try:
            with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode(errors="replace")
        except (URLError, OSError, ValueError) as error:
            raise UnreachableError(f"{request.full_url}: {error}") from error
