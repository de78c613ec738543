"""Placing legal holds and releasing them; what an erasure must not touch meanwhile stays."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case
from moderation.change import Act, Change, Context, More, Seen
from moderation.compliance.erasure import Erasure
from moderation.compliance.legal_hold import HOLDABLE, Basis, HoldMark, LegalHold, subject_ref
from moderation.errors import Fault, Invalid
from moderation.ids import HoldId
from moderation.records import Record, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """Compliance has a subject kept. Answers the hold.

    A case keeps its post, too; a member keeps everything of theirs. NotFound where there is no such
    subject; Invalid where it is of a kind that cannot be held, or the review is not to come.
    """

    subject: str
    matter: str
    basis: Basis
    review_at: datetime
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """The subject and its mark."""
        ref = self._ref()
        return (ref, HoldMark.on(ref))

    def decide(self, seen: Seen, context: Context) -> Change[LegalHold] | More:
        """The hold, and its id on every subject that it covers."""
        if self.review_at <= context.now:
            fault = Fault("/review_at", "A hold is reviewed at a time to come.")
            raise Invalid("The hold needs a review to come.", faults=(fault,))
        ref = self._ref()
        record = seen.need(ref)
        covers = [ref, record.post.ref] if isinstance(record, Case) else [ref]
        more = More.unless_seen(seen, map(HoldMark.on, covers))
        if more is not None:
            return more
        hold = LegalHold(
            id=HoldId(context.new_id()),
            subject=self.subject,
            covers=tuple(each.subject for each in covers),
            matter=self.matter,
            basis=self.basis,
            review_at=self.review_at,
            placed_by=self.actor.id,
            placed_at=context.now,
        )
        marks = (_marked(each, hold.id, seen) for each in covers)
        act = Act(hold.ref, Action.HOLD_PLACE, self.actor, reason=f"hold:{self.basis}")
        return Change(answer=hold, puts=(hold, *marks), acts=(act,), reference=hold.ref)

    def recall(self, reference: Ref[LegalHold], seen: Seen) -> LegalHold | More:
        """The hold."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)

    def _ref(self) -> Ref[Any]:
        try:
            ref = subject_ref(self.subject)
        except ValueError:
            ref = None
        if ref is None or ref.kind not in HOLDABLE:
            fault = Fault("/subject", "A member, a post, a case or a notice can be held.")
            raise Invalid("This cannot be held.", faults=(fault,))
        return ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """Compliance releases a hold; erasures that waited for it go on. Answers the hold.

    Releasing it again changes nothing.
    """

    hold_id: HoldId
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """The hold."""
        return (LegalHold.at(self.hold_id),)

    def decide(self, seen: Seen, context: Context) -> Change[LegalHold] | More:
        """Take its id off the marks; a mark without holds goes, and sets free what waited."""
        hold = seen.need(LegalHold.at(self.hold_id))
        if hold.released_at is not None:
            return Change(answer=hold)
        marks = [HoldMark.on(subject_ref(each)) for each in hold.covers]
        more = More.unless_seen(seen, marks)
        if more is not None:
            return more
        left = [_without(seen.need(mark), hold.id) for mark in marks]
        free = [mark for mark in left if not mark.holds]
        waiting = [Erasure.at(each) for mark in free for each in mark.waiting]
        more = More.unless_seen(seen, waiting)
        if more is not None:
            return more
        released = replace(hold, released_by=self.actor.id, released_at=context.now)
        erasures = [seen.need(each) for each in dict.fromkeys(waiting)]
        due = [_due(each, context.now) for each in erasures if each.state != "done"]
        act = Act(hold.ref, Action.HOLD_RELEASE, self.actor, reason=f"hold:{hold.basis}")
        acts = [Act(each.ref, Action.ERASURE_REQUEST, self.actor, reason=_again(each))
                for each in due]  # fmt: skip
        return Change(
            answer=released,
            puts=(released, *(mark for mark in left if mark.holds), *due),
            deletes=tuple(mark.ref for mark in free),
            acts=(act, *acts),
            reference=hold.ref,
        )

    def recall(self, reference: Ref[LegalHold], seen: Seen) -> LegalHold | More:
        """The hold."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


def _marked(subject: Ref[Any], hold_id: HoldId, seen: Seen) -> Record:
    mark = seen.get(HoldMark.on(subject))
    if mark is None:
        return HoldMark(subject=subject.subject, holds=(hold_id,))
    return replace(mark, holds=(*mark.holds, hold_id))


def _without(mark: HoldMark, hold_id: HoldId) -> HoldMark:
    return replace(mark, holds=tuple(each for each in mark.holds if each != hold_id))


def _due(erasure: Erasure, now: datetime) -> Erasure:
    return replace(erasure, state="running", due_at=now)


def _again(erasure: Erasure) -> str:
    return f"erase:{erasure.target}"
