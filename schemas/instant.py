"""Times: RFC 3339, kept and written in UTC with milliseconds."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)\Z", re.ASCII
)


def read(value: object) -> datetime:
    """Parse RFC 3339 with an offset into aware UTC, cut to milliseconds.

    A datetime is taken where it is aware. Raises PydanticCustomError for anything else.
    """
    if isinstance(value, str) and _RFC3339.match(value):
        try:
            at = datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise _refused() from error
    elif isinstance(value, datetime) and value.tzinfo is not None:
        at = value.astimezone(UTC)
    else:
        raise _refused()
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def write(at: datetime) -> str:
    """Write an aware time as `2026-01-31T12:00:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _refused() -> PydanticCustomError:
    return PydanticCustomError("instant", "must be a time as in 2026-01-31T12:00:00.000Z")


Instant = Annotated[
    datetime,
    BeforeValidator(read),
    PlainSerializer(write, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
