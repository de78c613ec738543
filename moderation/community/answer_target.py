"""By when a board's customers are to be answered: the operator's own promise, no limit of a law."""

from dataclasses import dataclass, field
from datetime import datetime

from moderation.community.office_hours import OfficeHours, after, opening_from
from moderation.errors import Invalid

MINUTES_MOST = 14_400
"""Thirty days of eight hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTarget:
    """So many minutes (1 to 14,400) of the office hours of the board's unit; Invalid for others."""

    minutes: int
    hours: OfficeHours = field(default_factory=OfficeHours)

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= MINUTES_MOST:
            raise Invalid(f"A target has 1 to {MINUTES_MOST} minutes.")

    def due_at(self, asked_at: datetime) -> datetime:
        """By when what was asked then is to be answered."""
        return after(self.hours, asked_at, self.minutes)

    def alarm_at(self, due_at: datetime) -> datetime:
        """When the unit hears that nobody has: at once, or when it is on duty again."""
        return opening_from(self.hours, due_at)
