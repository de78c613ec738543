"""Times are read as RFC 3339 and written in UTC with milliseconds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas import instant
from schemas.instant import Instant

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-01-31T12:00:00.000Z", NOON),
        ("2026-01-31T12:00:00Z", NOON),
        ("2026-01-31t13:00:00+01:00", NOON),
        ("2026-01-31T12:00:00.123999Z", NOON + timedelta(milliseconds=123)),
    ],
)
def test_a_time_with_an_offset_is_read_into_utc(sent: str, read: datetime) -> None:
    """Any offset is taken; what is finer than a millisecond is cut off."""
    assert read == INSTANT.validate_json(f'"{sent}"')


@pytest.mark.parametrize(
    "sent",
    [
        '"2026-01-31"',
        '"2026-01-31T12:00:00"',
        '"2026-02-30T12:00:00Z"',
        '"2026-01-31 12:00:00Z"',
        '"0001-01-01T00:00:00+14:00"',
        '"２026-01-31T12:00:00Z"',
        "1769860800",
        "null",
    ],
)
def test_anything_else_is_refused(sent: str) -> None:
    """Dates, local times, impossible days and numbers are no times."""
    with pytest.raises(ValidationError):
        INSTANT.validate_json(sent)


def test_a_time_is_written_in_one_form() -> None:
    """Whatever its zone, a time is written in UTC with three digits and `Z`."""
    at = NOON.astimezone(timezone(timedelta(hours=2)))

    assert b'"2026-01-31T12:00:00.000Z"' == INSTANT.dump_json(at)


def test_an_aware_datetime_is_taken_and_a_naive_one_refused() -> None:
    """Inside, a time always knows its zone."""
    assert NOON == instant.read(NOON)
    with pytest.raises(ValueError, match="must be a time"):
        instant.read(NOON.replace(tzinfo=None))
