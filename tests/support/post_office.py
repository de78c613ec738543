"""A mailer and alarms that keep what they are given, and refuse while told to."""

from dataclasses import dataclass, field

from moderation.errors import Unavailable


@dataclass(slots=True)
class FakeMailer:
    """Keeps mails as (to, subject, text); refuses those to `dead` addresses."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)

    def send(self, to: str, subject: str, text: str) -> None:
        """Send one mail."""
        if to in self.dead:
            raise Unavailable("not taken")
        self.sent.append((to, subject, text))


@dataclass(slots=True)
class FakeUnitAlarm:
    """Keeps what units were told as (unit, subject, text); refuses while `down`."""

    told: list[tuple[str | None, str, str]] = field(default_factory=list)
    down: bool = False

    def tell_unit(self, unit: str | None, subject: str, text: str) -> None:
        """Tell a unit."""
        if self.down:
            raise Unavailable("not taken")
        self.told.append((unit, subject, text))


@dataclass(slots=True)
class FakeAlarm:
    """Keeps alarms as (subject, text); refuses while `down`."""

    raised: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False

    def raise_alarm(self, subject: str, text: str) -> None:
        """Raise one alarm."""
        if self.down:
            raise Unavailable("not taken")
        self.raised.append((subject, text))
