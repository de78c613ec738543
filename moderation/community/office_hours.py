"""Office hours: when a unit is on duty, and time counted in nothing but those hours.

An instant is within the hours where the clock on the wall of the zone shows a time within a shift
of that weekday, on a day that is neither a holiday nor closed. So an hour that a change of the
clock repeats counts twice, and one that it leaves out never comes. All instants are aware UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from moderation.community.holidays.calendar import Calendar, holidays_in
from moderation.errors import Invalid

DAY_MINUTES = 24 * 60
WEEK_LEAST_MINUTES = 300
"""A week of less than five hours would put an answer off by years."""

SHIFTS_MOST = 21
CLOSED_MOST = 60
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """From one minute of the local day up to another (0 to 1440); Monday is weekday 0."""

    weekday: int
    opens_minute: int
    closes_minute: int


class Stretch(NamedTuple):
    """A time on duty without a break, `opens` ≤ at < `closes`."""

    opens: datetime
    closes: datetime


WORKING_WEEK = tuple(
    Shift(weekday=day, opens_minute=9 * 60, closes_minute=17 * 60) for day in range(5)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """When a unit is on duty; by default Monday to Friday, nine to five, in Germany.

    `zone` is an IANA name, `shifts` are in order and do not overlap, `closed` are further days off.
    Raises Invalid for a zone nobody knows, for shifts that break a rule, and for too many of them.
    """

    zone: str = "Europe/Berlin"
    shifts: tuple[Shift, ...] = WORKING_WEEK
    holidays: Calendar = "de"
    closed: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if not _knows(self.zone):
            raise Invalid("There is no such time zone.")
        if len(self.shifts) > SHIFTS_MOST or len(self.closed) > CLOSED_MOST:
            raise Invalid(f"At most {SHIFTS_MOST} shifts and {CLOSED_MOST} closed days.")
        ends = [
            (shift.weekday, minute)
            for shift in self.shifts
            for minute in (shift.opens_minute, shift.closes_minute)
        ]
        lengths = [shift.closes_minute - shift.opens_minute for shift in self.shifts]
        if ends != sorted(ends) or min(lengths, default=0) <= 0:
            raise Invalid("Shifts come in order, end after they begin and do not overlap.")
        if sum(lengths) < WEEK_LEAST_MINUTES:
            raise Invalid(f"A week has at least {WEEK_LEAST_MINUTES} minutes on duty.")


def _knows(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def opening_from(hours: OfficeHours, at: datetime) -> datetime:
    """The first instant on duty that is not before `at`."""
    return max(at, next(_stretches(hours, at)).opens)


def is_open(hours: OfficeHours, at: datetime) -> bool:
    """Whether the unit is on duty."""
    return opening_from(hours, at) == at


def after(hours: OfficeHours, start: datetime, minutes: int) -> datetime:
    """The first instant by which so many minutes (1 at least) on duty have passed since `start`."""
    left = minutes * _MINUTE
    stretches = _stretches(hours, start)
    while True:
        opens, closes = next(stretches)
        begin = max(opens, start)
        if left <= closes - begin:
            return begin + left
        left -= closes - begin


def minutes_between(hours: OfficeHours, start: datetime, end: datetime) -> int:
    """How many whole minutes on duty lie between two instants; 0 where `end` is not after."""
    begun = takewhile(lambda stretch: stretch.opens < end, _stretches(hours, start))
    passed = (min(closes, end) - max(opens, start) for opens, closes in begun)
    return max(timedelta(), sum(passed, timedelta())) // _MINUTE


def _stretches(hours: OfficeHours, at: datetime) -> Iterator[Stretch]:
    """All stretches that end after `at`, in order, without an end."""
    day = at.astimezone(ZoneInfo(hours.zone)).date()
    while True:
        yield from (stretch for stretch in stretches_on(hours, day) if stretch.closes > at)
        day += timedelta(days=1)


def stretches_on(hours: OfficeHours, day: date) -> Iterator[Stretch]:
    """The stretches of one local day, in order."""
    if day in hours.closed or day in holidays_in(hours.holidays, day.year):
        return
    shifts = [shift for shift in hours.shifts if shift.weekday == day.weekday()]
    for begin, end, offset in _even_parts(ZoneInfo(hours.zone), day):
        midnight = datetime.combine(day, time.min, UTC) - offset
        for shift in shifts:
            opens = max(begin, midnight + shift.opens_minute * _MINUTE)
            closes = min(end, midnight + shift.closes_minute * _MINUTE)
            if opens < closes:
                yield Stretch(opens, closes)


def _even_parts(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime, timedelta]]:
    """A local day in parts of one offset each: one part, or two where the clock is changed."""
    begin, end = _midnight(zone, day), _midnight(zone, day + timedelta(days=1))
    first, last = _offset(zone, begin), _offset(zone, end - _MINUTE)
    if first == last:
        return [(begin, end, first)]
    low, high = 0, (end - begin) // _MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, begin + middle * _MINUTE) == first:
            low = middle
        else:
            high = middle
    change = begin + high * _MINUTE
    return [(begin, change, first), (change, end, last)]


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
