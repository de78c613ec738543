"""Time counted in office hours: weekends, holidays, changes of the clock, ends of months."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from moderation.community.answer_target import MINUTES_MOST, AnswerTarget
from moderation.community.office_hours import (
    OfficeHours,
    Shift,
    after,
    is_open,
    minutes_between,
    opening_from,
)
from moderation.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
GERMAN = OfficeHours()
NIGHT = OfficeHours(
    shifts=tuple(Shift(weekday=day, opens_minute=0, closes_minute=240) for day in range(7)),
    holidays="none",
)


def at(*wall: int, fold: int = 0) -> datetime:
    """An instant by the clock on a wall in Berlin."""
    year, month, day, *rest = wall
    return datetime(year, month, day, *rest, tzinfo=BERLIN, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "minutes", "due"),
    [
        (at(2026, 11, 23, 10), 60, at(2026, 11, 23, 11)),
        (at(2026, 11, 23, 10), 420, at(2026, 11, 23, 17)),
        (at(2026, 11, 23, 10), 421, at(2026, 11, 24, 9, 1)),
        (at(2026, 11, 20, 16, 30), 60, at(2026, 11, 23, 9, 30)),
        (at(2026, 11, 21, 3), 1, at(2026, 11, 23, 9, 1)),
        (at(2026, 12, 24, 16), 120, at(2026, 12, 28, 10)),
        (at(2026, 4, 2, 16), 120, at(2026, 4, 7, 10)),
        (at(2026, 12, 31, 16), 120, at(2027, 1, 4, 10)),
        (at(2026, 3, 27, 16), 120, at(2026, 3, 30, 10)),
        (at(2026, 10, 23, 16), 120, at(2026, 10, 26, 10)),
        (at(2028, 2, 28, 16), 600, at(2028, 3, 1, 10)),
    ],
)
def test_an_answer_is_due_within_office_hours(asked: datetime, minutes: int, due: datetime) -> None:
    """Nights, weekends, Christmas, Easter, New Year, both changes of the clock, a leap day."""
    assert due == after(GERMAN, asked, minutes)


def test_a_day_has_the_hours_its_clocks_show() -> None:
    """Shifts over the change of the clock: an hour less in spring, an hour more in autumn."""
    nights = [
        (at(2026, 3, 28), at(2026, 3, 29), 240),
        (at(2026, 3, 29), at(2026, 3, 30), 180),
        (at(2026, 10, 25), at(2026, 10, 26), 300),
    ]

    assert [minutes for _, _, minutes in nights] == [
        minutes_between(NIGHT, start, end) for start, end, _ in nights
    ]
    assert is_open(NIGHT, at(2026, 10, 25, 2, 30))
    assert is_open(NIGHT, at(2026, 10, 25, 2, 30, fold=1))


def test_an_hour_that_never_comes_is_no_time_on_duty() -> None:
    """Between two and three on the morning when the clock is put forward."""
    early = Shift(weekday=6, opens_minute=120, closes_minute=180)
    late = Shift(weekday=6, opens_minute=600, closes_minute=900)
    hours = OfficeHours(shifts=(early, late), holidays="none")

    assert 300 == minutes_between(hours, at(2026, 3, 29), at(2026, 3, 30))
    assert 360 == minutes_between(hours, at(2026, 4, 5), at(2026, 4, 6))


def test_a_shift_ends_before_its_last_instant() -> None:
    """At five the unit has gone; at nine it is there."""
    assert is_open(GERMAN, at(2026, 11, 23, 9))
    assert not is_open(GERMAN, at(2026, 11, 23, 17))
    assert not is_open(GERMAN, at(2026, 11, 22, 12))
    assert at(2026, 11, 24, 9) == opening_from(GERMAN, at(2026, 11, 23, 17))


def test_closed_days_are_off_and_so_are_breaks() -> None:
    """A company's own days beside the holidays, and an hour at noon."""
    shifts = (
        Shift(weekday=0, opens_minute=480, closes_minute=720),
        Shift(weekday=0, opens_minute=780, closes_minute=1020),
    )
    hours = OfficeHours(shifts=shifts, closed=(date(2026, 11, 30),))

    assert at(2026, 11, 23, 13, 30) == after(hours, at(2026, 11, 23, 11, 30), 60)
    assert at(2026, 12, 7, 8) == opening_from(hours, at(2026, 11, 24))


def test_nothing_passes_backwards() -> None:
    """An end before the start is no minute."""
    assert 0 == minutes_between(GERMAN, at(2026, 11, 23, 12), at(2026, 11, 23, 10))
    assert 0 == minutes_between(GERMAN, at(2026, 11, 23, 12), at(2026, 11, 23, 12))


DAY = Shift(weekday=0, opens_minute=0, closes_minute=1440)


@pytest.mark.parametrize(
    "broken",
    [
        {"zone": "Europe/Nirgendwo"},
        {"zone": "../../etc/passwd"},
        {"shifts": ()},
        {"shifts": (replace(DAY, closes_minute=299),)},
        {"shifts": (replace(DAY, closes_minute=0),)},
        {"shifts": (replace(DAY, weekday=1), DAY)},
        {"shifts": (replace(DAY, closes_minute=600), replace(DAY, opens_minute=599))},
        {"shifts": (DAY,) * 22},
        {"closed": tuple(date(2026, 1, 1) + timedelta(days=day) for day in range(61))},
    ],
)
def test_hours_that_cannot_be_are_refused(broken: dict[str, object]) -> None:
    """A zone nobody knows, too short a week, shifts out of order or over each other, too many."""
    with pytest.raises(Invalid):
        OfficeHours(**broken)  # type: ignore[arg-type]


@pytest.mark.parametrize("minutes", [0, -1, MINUTES_MOST + 1])
def test_a_target_has_bounds(minutes: int) -> None:
    """A minute at least, thirty days of eight hours at most."""
    with pytest.raises(Invalid):
        AnswerTarget(minutes=minutes)
    assert AnswerTarget(minutes=1).minutes < AnswerTarget(minutes=MINUTES_MOST).minutes
