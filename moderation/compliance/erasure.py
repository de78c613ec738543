"""Erasures: what was asked to be destroyed, and how far that has come (GDPR Art. 17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderation.ids import HoldId, MemberId
from moderation.records import Kind, Ref

Target = Literal["member", "notice"]
KEPT_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A subject that stays for now, why, and the holds that keep it."""

    subject: str
    why: Literal["hold", "open-case", "open-appeal"]
    holds: tuple[HoldId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """The erasure of a person, or of one notice with its notifier; one for each, for good.

    `id` is that of the member or the notice. `due_at` is when it is looked at again: at once, later
    where something must be kept for now, None once it is done. `kept` names the first of what is
    kept.
    """

    id: str
    target: Target
    requested_by: MemberId
    requested_at: datetime
    state: Literal["running", "waiting", "done"] = "running"
    due_at: datetime | None = None
    kept: tuple[Kept, ...] = ()
    done_at: datetime | None = None

    @staticmethod
    def at(target_id: str) -> Ref["Erasure"]:
        """The address of the erasure of this member or notice."""
        return Ref(Kind.ERASURE, target_id)

    @property
    def ref(self) -> Ref["Erasure"]:
        """The record's own address."""
        return Erasure.at(self.id)
