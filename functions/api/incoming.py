"""A request as it came in, before anything is believed about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from functions.api.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Method and path as called, the path's variables, query, headers (names in lower case)."""

    method: str
    target: str
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    raw: bytes
    address: str
    request_id: str

    @classmethod
    def of_event(cls, event: Mapping[str, Any], raw: bytes) -> Self:
        """Read API Gateway's proxy event (payload format 1.0)."""
        context = event["requestContext"]
        path = {str(k): str(v) for k, v in (event.get("pathParameters") or {}).items()}
        headers = {str(k).lower(): str(v) for k, v in (event.get("headers") or {}).items()}
        return cls(
            method=str(context["httpMethod"]),
            target=_target(str(context["resourcePath"]), path),
            path=path,
            query=event.get("multiValueQueryStringParameters") or {},
            headers=headers,
            raw=raw,
            address=str((context.get("identity") or {}).get("sourceIp") or ""),
            request_id=str(context.get("requestId") or ""),
        )

    @property
    def if_match(self) -> str | None:
        """The `If-Match` header."""
        return self.headers.get("if-match")

    def single_query(self) -> dict[str, str]:
        """The query with each name once; Malformed where one comes twice.

        An empty parameter (`queue=`) says nothing and counts as absent.
        """
        for name, values in self.query.items():
            if len(values) != 1:
                raise Malformed(f"The parameter {name[:40]!r} may come once.")
        return {name: values[0] for name, values in self.query.items() if values[0]}


def raw_body(event: Mapping[str, Any], decoded: bytes | str | None) -> bytes:
    """The body's bytes; Malformed where it is no Unicode text."""
    if isinstance(decoded, bytes):
        return decoded
    try:
        return (event.get("body") or "").encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("The body is not UTF-8.") from None


def _target(resource: str, path: Mapping[str, str]) -> str:
    for name, value in path.items():
        resource = resource.replace("{" + name + "}", value)
    return resource
