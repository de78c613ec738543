"""Lists: what every one of them takes and how every one of them ends."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.strict import Request

LIMIT_DEFAULT = 25
LIMIT_MOST = 100
CURSOR_CHARACTERS = 1_024

Limit = Annotated[int, Field(ge=1, le=LIMIT_MOST)]
Cursor = Annotated[
    str,
    StringConstraints(min_length=1, max_length=CURSOR_CHARACTERS, pattern=r"^[A-Za-z0-9_-]+$"),
]


class ListQuery(Request):
    """`limit` and the `cursor` that the page before named as `next`."""

    limit: Limit = LIMIT_DEFAULT
    cursor: Cursor | None = None
