"""Asking for an erasure, and what becomes of it; each step an audited act."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.actor import SYSTEM, Actor
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.notice import Notice
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.member import Member
from moderation.compliance.erasure import KEPT_SHOWN, Erasure, Kept, Target
from moderation.compliance.legal_hold import HoldMark, subject_ref
from moderation.records import Ref

OWN = "erase:self"
"""Why a member is erased who asked for it; else the code names what compliance ordered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestErasure:
    """A member asks to be erased, or compliance orders the erasure of a member or of a notice.

    Answers the erasure; one that is under way is answered as it is. NotFound where compliance names
    what is not there. After a restore (`again`) what was once asked for is carried out anew.

    A member's own request is no act of theirs in the log but the system's (`erase:self`): its
    subject has the member's id, and beside the pseudonym it would tell for good whose that is.
    """

    target: Target
    target_id: str
    actor: Actor
    again: bool = False

    def reads(self) -> tuple[Ref[Any], ...]:
        """What was asked before, and whom it is about."""
        return (Erasure.at(self.target_id), self._about)

    def decide(self, seen: Seen, context: Context) -> Change[Erasure]:
        """Put it; that it is due is what rings for it."""
        known = seen.get(Erasure.at(self.target_id))
        if known is not None and known.state != "done":
            return Change(answer=known)
        is_own = self.actor.id == self.target_id
        if not self.again and not is_own:
            seen.need(self._about)
        asked = Erasure(
            id=self.target_id,
            target=self.target,
            requested_by=self.actor.id,
            requested_at=context.now,
            due_at=context.now,
        )
        via = Via.JOB if self.again else Via.API
        reason = OWN if is_own else f"erase:{self.target}"
        actor = SYSTEM if is_own else self.actor
        act = Act(asked.ref, Action.ERASURE_REQUEST, actor, via=via, reason=reason)
        return Change(answer=asked, puts=(asked,), acts=(act,), reference=asked.ref)

    def recall(self, reference: Ref[Erasure], seen: Seen) -> Erasure | More:
        """The erasure as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)

    @property
    def _about(self) -> Ref[Any]:
        return Member.at(self.target_id) if self.target == "member" else Notice.at(self.target_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeErasure:
    """A pass is over: all is erased, or something is kept and looked at again at `due_at`."""

    target_id: str
    kept: tuple[Kept, ...]
    due_at: datetime

    def reads(self) -> tuple[Ref[Any], ...]:
        """The erasure."""
        return (Erasure.at(self.target_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Erasure]:
        """Done, or waiting; nothing where that is so already."""
        erasure = seen.need(Erasure.at(self.target_id))
        if erasure.state == "done":
            return Change(answer=erasure)
        if self.kept:
            concluded = replace(
                erasure, state="waiting", due_at=self.due_at, kept=self.kept[:KEPT_SHOWN]
            )
        else:
            concluded = replace(erasure, state="done", due_at=None, kept=(), done_at=context.now)
        action = Action.ERASURE_WAIT if self.kept else Action.ERASURE_COMPLETE
        reason = f"erase:{self.kept[0].why}" if self.kept else f"erase:{erasure.target}"
        act = Act(erasure.ref, action, SYSTEM, via=Via.JOB, reason=reason)
        return Change(answer=concluded, puts=(concluded,), acts=(act,), reference=erasure.ref)

    def recall(self, reference: Ref[Erasure], seen: Seen) -> Erasure | More:
        """The erasure as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForHold:
    """Have an erasure go on once the last hold on a subject is released."""

    subject: str
    target_id: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The mark."""
        return (HoldMark.on(subject_ref(self.subject)),)

    def decide(self, seen: Seen, context: Context) -> Change[None]:  # noqa: ARG002
        """Name the erasure on the mark; a mark that is gone needs none."""
        mark = seen.get(HoldMark.on(subject_ref(self.subject)))
        if mark is None or self.target_id in mark.waiting:
            return Change(answer=None)
        return Change(answer=None, puts=(replace(mark, waiting=(*mark.waiting, self.target_id)),))

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""
