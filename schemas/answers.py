"""By when customers are to be answered, and how long they wait, on the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.identifiers import Ulid
from schemas.instant import Instant
from schemas.strict import Request, Response

MINUTES_MOST = 14_400
DAYS_MOST = 90

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Holidays = Literal["de", "none"]
LocalTime = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Zone = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"),
]
Day = Annotated[date, Field(strict=False)]


class Shift(Request):
    """A time on duty on one weekday, `from` ≤ local time < `until`."""

    day: Weekday
    start: Annotated[LocalTime, Field(alias="from")]
    end: Annotated[LocalTime, Field(alias="until")]


class NewAnswerTarget(Request):
    """Minutes of office hours within which customers are to be answered.

    Without `shifts` Monday to Friday, 09:00 to 17:00; they come in order, without overlap, and give
    five hours a week at least. `closed` are days off beside the holidays.
    """

    minutes: Annotated[int, Field(ge=1, le=MINUTES_MOST)]
    zone: Zone = "Europe/Berlin"
    shifts: Annotated[list[Shift], Field(max_length=21)] | None = None
    holidays: Holidays = "de"
    closed: Annotated[tuple[date, ...], Field(max_length=60)] = ()


class BoardEdit(Request):
    """What of a board can be changed; null takes the target away."""

    answer_target: NewAnswerTarget | None


class ShiftView(Response):
    """A time on duty on one weekday."""

    day: Weekday
    start: Annotated[str, Field(alias="from")]
    end: Annotated[str, Field(alias="until")]


class AnswerTargetView(Response):
    """By when a board's customers are to be answered."""

    minutes: int
    zone: str
    shifts: list[ShiftView]
    holidays: Holidays
    closed: list[date]


class NewAnswer(Request):
    """Which post answers the thread."""

    post_id: Ulid


class FiguresQuery(Request):
    """How many days back."""

    days: Annotated[int, Field(ge=1, le=DAYS_MOST)] = 30


class AnswerFiguresView(Response):
    """How long a board's customers wait; minutes are those of the unit's office hours.

    `waiting`, `overdue` and `waiting_since` are of now; the others of the threads that had their
    first answer within the period. `complete` false: of more than 2,000 threads so many count.
    """

    start: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    waiting: int
    overdue: int
    waiting_since: Instant | None
    answered: int
    median_minutes: int | None
    p90_minutes: int | None
    complete: bool
