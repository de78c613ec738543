"""Office hours against a count of every single minute by the clock on the wall."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.community.holidays.calendar import holidays_in
from moderation.community.office_hours import (
    WEEK_LEAST_MINUTES,
    OfficeHours,
    Shift,
    after,
    is_open,
    minutes_between,
    opening_from,
)

MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Berlin", "Atlantic/Azores", "America/New_York", "Australia/Lord_Howe", "UTC")
EDGES = (
    *(date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1)),
    *(date(2026, 4, 5), date(2026, 10, 4), date(2026, 12, 31), date(2028, 2, 29), date(2026, 4, 2)),
)


@st.composite
def weeks(draw: st.DrawFn) -> OfficeHours:
    """Hours of any week that has enough of them."""
    shifts: list[Shift] = []
    for weekday in range(7):
        ends = sorted(draw(st.lists(st.integers(0, 1440), max_size=4, unique=True)))
        for opens, closes in zip(ends[::2], ends[1::2], strict=False):
            shifts.append(Shift(weekday=weekday, opens_minute=opens, closes_minute=closes))
    if sum(shift.closes_minute - shift.opens_minute for shift in shifts) < WEEK_LEAST_MINUTES:
        shifts = [Shift(weekday=6, opens_minute=0, closes_minute=1440)]
    return OfficeHours(
        zone=draw(st.sampled_from(ZONES)),
        shifts=tuple(shifts),
        holidays=draw(st.sampled_from(("de", "none"))),
        closed=tuple(draw(st.lists(st.sampled_from(EDGES), max_size=2))),
    )


instants = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + minutes * MINUTE,
    st.sampled_from(EDGES),
    st.integers(-1440, 2880),
)


def on_the_wall(hours: OfficeHours, at: datetime) -> bool:
    """The definition, word by word."""
    local = at.astimezone(ZoneInfo(hours.zone))
    minute = local.hour * 60 + local.minute
    if local.date() in hours.closed or local.date() in holidays_in(hours.holidays, local.year):
        return False
    return any(
        shift.weekday == local.weekday() and shift.opens_minute <= minute < shift.closes_minute
        for shift in hours.shifts
    )


@settings(max_examples=150)
@given(weeks(), instants, st.integers(0, 4000))
def test_the_minutes_between_two_instants_are_those_on_the_wall(
    hours: OfficeHours, start: datetime, length: int
) -> None:
    """Around changes of the clock, holidays and ends of months, where half an hour changes too."""
    counted = sum(on_the_wall(hours, start + number * MINUTE) for number in range(length))

    assert counted == minutes_between(hours, start, start + length * MINUTE)
    assert on_the_wall(hours, start) == is_open(hours, start)


@given(weeks(), instants, st.integers(1, 3000))
def test_an_answer_is_due_when_so_many_minutes_have_passed_and_no_sooner(
    hours: OfficeHours, asked: datetime, minutes: int
) -> None:
    """The last of the minutes lies right before the end, and within the hours."""
    due = after(hours, asked, minutes)

    assert minutes == minutes_between(hours, asked, due)
    assert minutes - 1 == minutes_between(hours, asked, due - MINUTE)
    assert on_the_wall(hours, due - MINUTE)


@given(weeks(), instants, st.integers(1, 600), st.integers(1, 600))
def test_targets_add_up_and_keep_their_order(
    hours: OfficeHours, asked: datetime, first: int, second: int
) -> None:
    """Two stretches of waiting are one long one; who asks later is never due earlier."""
    assert after(hours, after(hours, asked, first), second) == after(hours, asked, first + second)
    assert after(hours, asked, first) <= after(hours, asked + second * MINUTE, first)


@given(weeks(), instants)
def test_an_alarm_comes_at_the_next_instant_on_duty(hours: OfficeHours, at: datetime) -> None:
    """Nobody is on duty in between, and somebody is then."""
    opening = opening_from(hours, at)

    assert on_the_wall(hours, opening)
    assert opening == at or 0 == minutes_between(hours, at, opening)
