"""The one error hierarchy of the domain; `functions/api/errors.py` turns it into RFC 9457 problems.

An error carries data, never prose for one caller only: `code` is the stable last segment of the
problem's `type`, `detail` is for people, `data` for programs.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one part of a request: a JSON pointer (RFC 6901) and what is wrong."""

    pointer: str
    detail: str


class DomainError(Exception):
    """A refusal that the caller can understand: `code` is stable, `data` is JSON-ready."""

    code = "error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        faults: tuple[Fault, ...] = (),
        data: Mapping[str, str | int | None] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code or type(self).code
        self.detail = detail
        self.faults = faults
        self.data = dict(data or {})


class NotFound(DomainError):
    """Nothing is there, or nothing this caller may know of."""

    code = "not-found"


class Forbidden(DomainError):
    """The caller is known and may not do this."""

    code = "forbidden"


class Conflict(DomainError):
    """The state has moved on, or somebody else holds what is asked for."""

    code = "conflict"


class Stale(Conflict):
    """`If-Match` names a version that is no longer the current one."""

    code = "stale"


class Invalid(DomainError):
    """The request is well-formed and still cannot be carried out as it is."""

    code = "invalid"


class TooManyRequests(DomainError):
    """A stated limit is used up; `data["retry_after_s"]` says when to come again."""

    code = "too-many-requests"


class Unavailable(DomainError):
    """Something the request needs does not answer; nothing was written, retrying is safe."""

    code = "unavailable"
