"""Refusals as RFC 9457 problems: the one place where an error becomes an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from functions.api.authentication import Unauthorized
from functions.api.endpoint import Reply
from moderation.errors import (
    Conflict,
    DomainError,
    Fault,
    Forbidden,
    Invalid,
    NotFound,
    Stale,
    TooManyRequests,
    Unavailable,
)
from schemas.problem import PROBLEM_JSON, TYPE_PREFIX, FaultView, Problem


class Malformed(DomainError):
    """The request cannot be read as what it claims to be."""

    code = "malformed"


class TooLarge(DomainError):
    """The request is longer than any may be."""

    code = "too-large"


class UnsupportedMediaType(DomainError):
    """The body is of another type than JSON."""

    code = "unsupported-media-type"


class PreconditionRequired(DomainError):
    """A change needs `If-Match`."""

    code = "precondition-required"


STATUS: Mapping[type[DomainError], HTTPStatus] = {
    Malformed: HTTPStatus.BAD_REQUEST,
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    PreconditionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem: what it is called and the status it comes with."""

    title: str
    status: HTTPStatus


PROBLEMS: Mapping[str, ProblemType] = {
    "malformed": ProblemType("Malformed request", HTTPStatus.BAD_REQUEST),
    "cursor-refused": ProblemType("Cursor refused", HTTPStatus.BAD_REQUEST),
    "idempotency-key-missing": ProblemType("Idempotency-Key missing", HTTPStatus.BAD_REQUEST),
    "unauthorized": ProblemType("Unauthorized", HTTPStatus.UNAUTHORIZED),
    "forbidden": ProblemType("Forbidden", HTTPStatus.FORBIDDEN),
    "login-required": ProblemType("Login required", HTTPStatus.FORBIDDEN),
    "suspended": ProblemType("Account suspended", HTTPStatus.FORBIDDEN),
    "not-found": ProblemType("Not found", HTTPStatus.NOT_FOUND),
    "conflict": ProblemType("Conflict", HTTPStatus.CONFLICT),
    "slug-taken": ProblemType("Slug taken", HTTPStatus.CONFLICT),
    "post-removed": ProblemType("Post removed", HTTPStatus.CONFLICT),
    "post-deleted": ProblemType("Post deleted", HTTPStatus.CONFLICT),
    "post-redacted": ProblemType("Post redacted", HTTPStatus.CONFLICT),
    "takes-decision": ProblemType("A decision is owed", HTTPStatus.CONFLICT),
    "case-not-open": ProblemType("Case not open", HTTPStatus.CONFLICT),
    "claimed": ProblemType("Claimed by somebody else", HTTPStatus.CONFLICT),
    "not-claimed": ProblemType("Not claimed", HTTPStatus.CONFLICT),
    "conflict-of-interest": ProblemType("Conflict of interest", HTTPStatus.CONFLICT),
    "content-changed": ProblemType("Content changed", HTTPStatus.CONFLICT),
    "case-not-awaiting-approval": ProblemType("Nothing awaits approval", HTTPStatus.CONFLICT),
    "escalated": ProblemType("Escalated already", HTTPStatus.CONFLICT),
    "window-closed": ProblemType("Too late to object", HTTPStatus.CONFLICT),
    "already-decided": ProblemType("Decided already", HTTPStatus.CONFLICT),
    "four-eyes": ProblemType("Needs a second person", HTTPStatus.FORBIDDEN),
    "already-appealed": ProblemType("Objected already", HTTPStatus.CONFLICT),
    "not-decided": ProblemType("Not decided yet", HTTPStatus.CONFLICT),
    "acted-upon": ProblemType("Acted upon", HTTPStatus.CONFLICT),
    "appeal-decided": ProblemType("Appeal decided", HTTPStatus.CONFLICT),
    "ruleset-not-proposed": ProblemType("Rule set not proposed", HTTPStatus.CONFLICT),
    "ruleset-not-published": ProblemType("Rule set not in force", HTTPStatus.CONFLICT),
    "backtest-outdated": ProblemType("Back-test outdated", HTTPStatus.CONFLICT),
    "another-checkpoint": ProblemType("Another is being cosigned", HTTPStatus.CONFLICT),
    "stale": ProblemType("Stale", HTTPStatus.PRECONDITION_FAILED),
    "too-large": ProblemType("Request too large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    "unsupported-media-type": ProblemType(
        "Unsupported media type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    ),
    "invalid": ProblemType("Invalid", HTTPStatus.UNPROCESSABLE_ENTITY),
    "idempotency-key-reused": ProblemType(
        "Idempotency-Key reused", HTTPStatus.UNPROCESSABLE_ENTITY
    ),
    "precondition-required": ProblemType("If-Match missing", HTTPStatus.PRECONDITION_REQUIRED),
    "too-many-requests": ProblemType("Too many requests", HTTPStatus.TOO_MANY_REQUESTS),
    "internal": ProblemType("Internal error", HTTPStatus.INTERNAL_SERVER_ERROR),
    "unavailable": ProblemType("Unavailable", HTTPStatus.SERVICE_UNAVAILABLE),
}
"""Every code that a problem's `type` can end in; `docs/api.md` says what each means."""

RETRY_AFTER_S = 1


def status_of(error: DomainError) -> HTTPStatus:
    """The status of a refusal: that of the nearest class in the table."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return HTTPStatus.BAD_REQUEST


def refusal(error: DomainError) -> Reply:
    """A refusal as an answer, with what its data says in headers."""
    status = status_of(error)
    return _problem(error.code, status, error.detail, error.faults, error.data)


def failure() -> Reply:
    """What a caller learns of an error nobody foresaw: that it happened."""
    detail = "This should not have happened. It has been noted; repeating the request is safe."
    return _problem("internal", HTTPStatus.INTERNAL_SERVER_ERROR, detail, (), {})


def _problem(
    code: str,
    status: HTTPStatus,
    detail: str,
    faults: tuple[Fault, ...],
    data: Mapping[str, str | int | None],
) -> Reply:
    known = PROBLEMS.get(code)
    said: dict[str, object] = {
        "type": TYPE_PREFIX + code,
        "title": known.title if known else status.phrase,
        "status": status.value,
        "detail": detail,
    }
    if faults:
        said["errors"] = [FaultView(pointer=f.pointer, detail=f.detail) for f in faults]
    if data:
        said["data"] = dict(data)
    return Reply(
        Problem.model_validate(said),
        headers=_headers(status, data),
        status=status,
        media_type=PROBLEM_JSON,
    )


def _headers(status: HTTPStatus, data: Mapping[str, str | int | None]) -> dict[str, str]:
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": 'Bearer realm="hausrecht"'}
        case HTTPStatus.TOO_MANY_REQUESTS:
            return {"Retry-After": str(data.get("retry_after_s") or RETRY_AFTER_S)}
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": str(RETRY_AFTER_S)}
        case _:
            return {}


def plain(status: int) -> Reply:
    """A refusal that the framework made by itself, by its status."""
    code = {404: "not-found", 405: "not-found", 415: "unsupported-media-type"}.get(status)
    if code is None:
        return failure() if status >= 500 else refusal(Malformed("The request cannot be read."))
    known = PROBLEMS[code]
    return _problem(code, known.status, "There is nothing of this kind here.", (), {})


def problem_text(reply: Reply) -> dict[str, object]:
    """A problem's members, for the log: never the detail, which may repeat what was sent."""
    said: dict[str, object] = json.loads(reply.body())
    return {"problem": str(said["type"]).removeprefix(TYPE_PREFIX)}
