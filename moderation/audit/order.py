"""An export somebody asked for, and what becomes of asking."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.audit.selection import EVERYTHING, Profile, Selection

PERSONAL = "personal/"
"""Where the bundles, and the records they were pinned with, stand that hold personal data."""

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Order:
    """An export somebody asked for: what happened at `start` ≤ t < `end`, known at the request.

    `subject` or `case` ask for whole chains in place of a period: those of one subject, or of all
    that a case is about. `selection` says which entries are shown of what the bundle spans.
    """

    id: str
    start: datetime
    end: datetime
    requested_at: datetime
    profile: Profile = Profile.AUTHORITY
    selection: Selection = EVERYTHING
    subject: str | None = None
    case: str | None = None

    @property
    def cut(self) -> datetime:
        """Where the period ends: at its end or behind the request, whichever is earlier.

        What was done in the request's own millisecond, and the request itself, are in it.
        """
        return min(self.end, self.requested_at + MILLISECOND)

    @property
    def is_of_chains(self) -> bool:
        """Whether whole chains are asked for, not a period."""
        return self.subject is not None or self.case is not None

    @property
    def has_documents(self) -> bool:
        """Whether records go with the entries."""
        return self.case is not None and self.profile is not Profile.OUTSIDER

    @property
    def has_payloads(self) -> bool:
        """Whether the personal fields of acts go with the entries."""
        return self.case is not None and self.profile is Profile.FULL

    @property
    def path(self) -> str:
        """Where the bundle stands; what holds personal fields stands apart, to be erased."""
        return f"{PERSONAL}{self.id}.zip" if self.has_documents else f"{self.id}.zip"


@dataclass(frozen=True, slots=True)
class NotYet:
    """The export cannot be built now and can be later; `reason` says what it waits for."""

    reason: str


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle that stands at `path`; `record` is the canonical JSON of what it was built from."""

    path: str
    entries: int
    record: str
