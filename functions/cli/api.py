"""The forum's API as the command line calls it: JSON over HTTPS with a token of the caller's."""

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 30


class Refused(Exception):
    """The API answered with a problem; the message is its detail and its faults."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        faults = [f"{fault['pointer']}: {fault['detail']}" for fault in problem.get("errors", [])]
        said = problem.get("detail") or "no reason given"
        super().__init__("\n".join([f"{status}: {said}", *faults]))
        self.status = status


@dataclass(frozen=True, slots=True)
class Api:
    """One forum (`https://…`, without a slash at the end) and one token."""

    url: str
    token: str

    def get(self, path: str) -> Any:
        """The answer to GET; Refused for a problem, OSError where nothing answers."""
        return self._call("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer to POST, under a key of its own."""
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        request = urllib.request.Request(  # noqa: S310  (the caller's own address)
            self.url + path, data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, _problem(error.read())) from None


def _problem(raw: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
