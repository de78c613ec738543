"""A caller of the API over HTTP: one bearer token, fresh idempotency keys, JSON in and out."""

import json
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (names in lower case) and the parsed body (None if empty)."""

    status: int
    headers: dict[str, str]
    body: Any

    def expect(self, status: int) -> Any:
        """The body, where the status is the expected one; the whole answer is shown otherwise."""
        assert status == self.status, f"expected {status}, got {self.status}: {self.body}"
        return self.body


@dataclass(frozen=True, slots=True)
class Client:
    """One caller; `token` None is the public."""

    api: str
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request; never raises for a status."""
        sent = {"Accept": "application/json", **self.headers, **(headers or {})}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(  # noqa: S310
            self.api + path, data=data, headers=sent, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return self._answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return self._answer(refused.code, refused.headers, refused.read())

    @staticmethod
    def _answer(status: int, headers: Any, raw: bytes) -> Answer:
        lower = {name.lower(): value for name, value in headers.items()}
        is_json = "json" in lower.get("content-type", "")
        body = json.loads(raw) if raw and is_json else (raw.decode() or None)
        return Answer(status, lower, body)

    def get(self, path: str, **headers: str) -> Answer:
        """GET; keyword arguments are headers with `_` for `-`."""
        return self.call("GET", path, headers=_named(headers))

    def post(self, path: str, body: Any, key: str | None = None, **headers: str) -> Answer:
        """POST with an idempotency key, a fresh one where none is given."""
        named = {"Idempotency-Key": key or str(uuid.uuid4()), **_named(headers)}
        return self.call("POST", path, body, named)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        """PATCH; give `If_Match`."""
        return self.call("PATCH", path, body, _named(headers))

    def delete(self, path: str, **headers: str) -> Answer:
        """DELETE."""
        return self.call("DELETE", path, headers=_named(headers))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
