"""Problem details (RFC 9457): the one form of every refusal."""

from typing import Annotated

from pydantic import Field

from schemas.strict import Response

PROBLEM_JSON = "application/problem+json"
TYPE_PREFIX = "urn:hausrecht:problem:"
"""A problem's `type` is this and a code out of `docs/api.md`; it is stable and not fetched."""


class FaultView(Response):
    """One thing wrong: where (JSON pointer into the body, or `?name` of a parameter) and what."""

    pointer: str
    detail: str


class Problem(Response):
    """Why a request was refused. `data` is for programs: who holds a claim and until when, say."""

    type: str
    title: str
    status: int
    detail: str
    errors: Annotated[list[FaultView], Field(default_factory=list)]
    data: Annotated[dict[str, str | int | None], Field(default_factory=dict)]
