"""The API as the demo's callers use it: standard library HTTP, connections kept open, JSON."""

import http.client
import json
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field

PASSING_STATUSES = frozenset({429, 502, 503, 504})
"""What goes away by itself: a limit, a cold start, an overload."""

_RETRY_AFTER_FLOOR_SECONDS = 0.2


class Shape(BaseModel):
    """What a caller reads out of an answer; fields it does not know are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Problem(Shape):
    type: str = ""
    title: str = ""
    detail: str = ""


class _Page[Item: Shape](Shape):
    items: tuple[Item, ...]
    next_cursor: str | None = Field(alias="next")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (names in lower case), the body as sent."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    def into[Read: Shape](self, shape: type[Read]) -> Read:
        """The body in that shape; pydantic's ValidationError where it has another."""
        return shape.model_validate_json(self.raw)

    @property
    def problem(self) -> str:
        """The problem's short name: the last part of its `type` URI, else the status."""
        name = self._problem().type.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        return name if name not in ("", "blank") else f"http-{self.status}"

    @property
    def detail(self) -> str:
        """What the problem says about this one request."""
        said = self._problem()
        return said.detail or said.title or self.raw[:200].decode(errors="replace")

    @property
    def retry_after_seconds(self) -> float:
        """How long to keep away: `Retry-After` in seconds, never less than a fifth of one."""
        try:
            told = float(self.headers.get("retry-after", "1"))
        except ValueError:
            told = 1.0
        sane = told if math.isfinite(told) else 1.0
        return max(sane, _RETRY_AFTER_FLOOR_SECONDS)

    def _problem(self) -> _Problem:
        try:
            return _Problem.model_validate_json(self.raw)
        except ValueError:
            return _Problem()


class Refused(Exception):
    """The API said no, and asking again would not change it."""

    def __init__(self, method: str, path: str, answer: Answer) -> None:
        self.answer = answer
        super().__init__(f"{method} {path}: {answer.status} {answer.problem}: {answer.detail}")


class Unreachable(Exception):
    """Nothing answers at the API's address."""


class Client:
    """Sends requests over connections that it keeps open; threads may share it. Close it."""

    def __init__(
        self,
        api_url: str,
        *,
        timeout_seconds: float = 60.0,
        patience_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(api_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Unreachable(f"not an address of an API: {api_url!r}")
        self.api_url = api_url.rstrip("/")
        self._secure = parts.scheme == "https"
        self._host = parts.netloc
        self._prefix = parts.path.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._sleep = sleep
        self._idle: deque[http.client.HTTPConnection] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._idle:
            self._idle.pop().close()

    def send(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Mapping[str, object] | None = None,
        key: str | None = None,
    ) -> Answer:
        """Send one request and give the answer, whatever its status; Unreachable where none comes.

        A connection that the server closed while it lay idle is opened again, once.
        That cannot post twice: whatever creates carries its idempotency key.
        """
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        for connection in (self._kept_connection(), self._new_connection()):
            try:
                connection.request(method, self._prefix + path, data, headers)
                response = connection.getresponse()
                names = {name.lower(): value for name, value in response.getheaders()}
                answer = Answer(response.status, names, response.read())
            except (OSError, http.client.HTTPException) as lost:
                connection.close()
                reason = lost
            else:
                self._idle.append(connection)
                return answer
        raise Unreachable(f"{self.api_url} does not answer: {reason!r}")

    def insist(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Mapping[str, object] | None = None,
        key: str | None = None,
    ) -> Answer:
        """Send until the answer is a 2xx, waiting out what passes; Refused for everything else."""
        until = self._clock() + self._patience_seconds
        while True:
            answer = self.send(method, path, token=token, body=body, key=key)
            if answer.status < 300:
                return answer
            wait_seconds = answer.retry_after_seconds
            if answer.status not in PASSING_STATUSES or self._clock() + wait_seconds > until:
                raise Refused(method, path, answer)
            self._sleep(wait_seconds)

    def pages[Item: Shape](
        self, path: str, item: type[Item], *, token: str | None = None
    ) -> Iterator[Item]:
        """Every item of a list, page after page."""
        joint = "&" if "?" in path else "?"
        cursor = ""
        while True:
            page_path = f"{path}{joint}limit=100{cursor}"
            page = self.insist("GET", page_path, token=token).into(_Page[item])  # type: ignore[valid-type]
            yield from page.items
            if page.next_cursor is None:
                return
            cursor = f"&cursor={quote(page.next_cursor, safe='')}"

    def _kept_connection(self) -> http.client.HTTPConnection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._new_connection()

    def _new_connection(self) -> http.client.HTTPConnection:
        make = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        return make(self._host, timeout=self._timeout_seconds)
