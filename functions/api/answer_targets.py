"""Answer targets as they come in and go out: minutes of a day as clock times, weekdays by name."""

from moderation.community.answer_target import AnswerTarget
from moderation.community.office_hours import WORKING_WEEK, OfficeHours, Shift
from schemas import answers as wire

WEEKDAYS: tuple[wire.Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def target_of(body: wire.NewAnswerTarget | None) -> AnswerTarget | None:
    """The target that an admin sets; Invalid where the hours break a rule."""
    if body is None:
        return None
    shifts = WORKING_WEEK if body.shifts is None else tuple(_shift(each) for each in body.shifts)
    hours = OfficeHours(zone=body.zone, shifts=shifts, holidays=body.holidays, closed=body.closed)
    return AnswerTarget(minutes=body.minutes, hours=hours)


def target_view(target: AnswerTarget) -> wire.AnswerTargetView:
    """The target of a board."""
    return wire.AnswerTargetView(
        minutes=target.minutes,
        zone=target.hours.zone,
        shifts=[_shift_view(shift) for shift in target.hours.shifts],
        holidays=target.hours.holidays,
        closed=list(target.hours.closed),
    )


def _shift(shift: wire.Shift) -> Shift:
    return Shift(
        weekday=WEEKDAYS.index(shift.day),
        opens_minute=_minute(shift.start),
        closes_minute=_minute(shift.end),
    )


def _shift_view(shift: Shift) -> wire.ShiftView:
    said = {
        "day": WEEKDAYS[shift.weekday],
        "from": _clock(shift.opens_minute),
        "until": _clock(shift.closes_minute),
    }
    return wire.ShiftView.model_validate(said)


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
