"""Members: what the store knows of a person beyond the token; a ban here bites at once."""

from dataclasses import dataclass
from datetime import datetime

from moderation.ids import MemberId
from moderation.records import Kind, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningIssued:
    """A warning that a decision carried (DSA Art. 23(1): prior warning)."""

    at: datetime
    case_id: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person who has written at least once.

    `suspended_until` None with `suspended_at` set means without end. `name` stands outside the
    audited state.
    """

    id: MemberId
    name: str
    created_at: datetime
    staff: bool = False
    unit: str | None = None
    warnings: tuple[WarningIssued, ...] = ()
    suspended_at: datetime | None = None
    suspended_until: datetime | None = None

    @staticmethod
    def at(member_id: str) -> Ref["Member"]:
        """The address of the member with this id."""
        return Ref(Kind.MEMBER, member_id)

    @property
    def ref(self) -> Ref["Member"]:
        """The record's own address."""
        return Member.at(self.id)

    def is_suspended(self, now: datetime) -> bool:
        """Whether a suspension is in force at `now`."""
        if self.suspended_at is None:
            return False
        return self.suspended_until is None or now < self.suspended_until
