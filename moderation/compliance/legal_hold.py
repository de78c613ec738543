"""Legal holds: what must be kept although its author may ask for its erasure (GDPR Art. 17(3))."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from moderation.ids import HoldId, MemberId
from moderation.records import Kind, Ref

Basis = Literal["order", "preservation", "claims"]
"""An authority's order (17(3)(b)), a preservation order (TCO Art. 6), legal claims (17(3)(e))."""

HOLDABLE = (Kind.MEMBER, Kind.POST, Kind.CASE, Kind.NOTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """A hold on one subject, for a matter, with a day on which it must be looked at again.

    `covers` are the subjects it keeps from erasure: the one named, and of a case its post too.
    """

    id: HoldId
    subject: str
    covers: tuple[str, ...]
    matter: str
    basis: Basis
    review_at: datetime
    placed_by: MemberId
    placed_at: datetime
    released_by: MemberId | None = None
    released_at: datetime | None = None

    @staticmethod
    def at(hold_id: str) -> Ref["LegalHold"]:
        """The address of the hold with this id."""
        return Ref(Kind.HOLD, hold_id)

    @property
    def ref(self) -> Ref["LegalHold"]:
        """The record's own address."""
        return LegalHold.at(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldMark:
    """That a subject is on hold, and by which; kept with it, gone with the last hold.

    Every erasure checks that it is absent, in the transaction that destroys. `waiting` are the
    erasures that met it; they go on when it goes.
    """

    subject: str
    holds: tuple[HoldId, ...]
    waiting: tuple[str, ...] = ()

    @staticmethod
    def on(subject: Ref[Any]) -> Ref["HoldMark"]:
        """The address of the mark on a subject."""
        return Ref(subject.kind, subject.id, "HOLD")

    @property
    def ref(self) -> Ref["HoldMark"]:
        """The record's own address."""
        return HoldMark.on(subject_ref(self.subject))


def subject_ref(subject: str) -> Ref[Any]:
    """Return the address of a subject that is written as the log writes it."""
    kind, _, record_id = subject.partition(":")
    return Ref(Kind(kind.upper()), record_id)
