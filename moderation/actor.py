"""Who acts: a person known by a verified token, a rule, or a job."""

from dataclasses import dataclass, field
from enum import StrEnum

from moderation.ids import MemberId


class Role(StrEnum):
    """What the identity provider says a person may be."""

    CUSTOMER = "customer"
    STAFF = "staff"
    MODERATOR = "moderator"
    APPROVER = "approver"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. `unit` is the organisational unit the token names (staff side only)."""

    id: MemberId
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    unit: str | None = None

    @property
    def is_staff(self) -> bool:
        """Whether posts of this person must be shown as the company's own."""
        return bool(self.roles - {Role.CUSTOMER})

    def has(self, *roles: Role) -> bool:
        """Whether the person holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(MemberId("SYSTEM"), "Hausrecht")
