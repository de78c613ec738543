"""Claiming a case: a lease with a visible end, so that nobody works against somebody else."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case, CaseState, Claim
from moderation.cases.eligibility import check_impartial
from moderation.cases.history import noted
from moderation.cases.house_rules import HouseRules
from moderation.cases.urgency import urgent
from moderation.change import Act, Change, Context, More, Seen
from moderation.errors import Conflict, Fault, Invalid
from moderation.ids import CaseId
from moderation.records import Ref

ESCALATED_QUEUE = "escalation"


def claim_at(case: Case, now: datetime) -> Claim | None:
    """The claim in force, None where there is none or its end has come."""
    return case.claim if case.claim is not None and now < case.claim.until else None


def check_open(case: Case) -> None:
    """Refuse with Conflict to work on a case that is not open."""
    if case.state is not CaseState.OPEN:
        raise Conflict(
            "The case is not open.", code="case-not-open", data={"state": case.state.value}
        )


def check_unclaimed(case: Case, actor: Actor, now: datetime) -> Claim | None:
    """The actor's own claim, if he has one; Conflict with who and until where another has it."""
    claim = claim_at(case, now)
    if claim is not None and claim.by != actor.id:
        until = claim.until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        raise Conflict(
            "Somebody else works on this case.",
            code="claimed",
            data={"by": claim.by, "until": until},
        )
    return claim


def check_claimed(case: Case, actor: Actor, now: datetime) -> None:
    """Refuse with Conflict whoever does not hold the claim."""
    if check_unclaimed(case, actor, now) is None:
        raise Conflict("Claim the case first.", code="not-claimed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCase:
    """A moderator takes a case, or renews the claim he has. Answers the case.

    Whoever claims has looked at the content, so from then on the operator knows (DSA Art. 6).
    """

    case_id: CaseId
    actor: Actor
    rules: HouseRules

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case carries its post; nothing else is needed."""
        return (Case.at(self.case_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Case]:
        """Conflict where the case is not open, held by another, or not for this moderator."""
        case = seen.need(Case.at(self.case_id))
        check_open(case)
        own = check_unclaimed(case, self.actor, context.now)
        check_impartial(case, self.actor)
        until = context.now + timedelta(minutes=self.rules.claim_minutes)
        claimed = replace(
            case,
            claim=Claim(by=self.actor.id, until=until),
            knowledge_at=case.knowledge_at or context.now,
        )
        if own is None:
            claimed = noted(claimed, context.now, Action.CASE_CLAIM, self.actor)
        reason = "claim:new" if own is None else "claim:renew"
        return _changed(claimed, Act(case.ref, Action.CASE_CLAIM, self.actor, reason=reason))

    def recall(self, reference: Ref[Case], seen: Seen) -> Case | More:
        """The case as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCase:
    """A moderator gives up his claim. Answers the case."""

    case_id: CaseId
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case."""
        return (Case.at(self.case_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Case]:
        """Conflict for whoever does not hold the claim."""
        case = seen.need(Case.at(self.case_id))
        check_open(case)
        check_claimed(case, self.actor, context.now)
        free = noted(replace(case, claim=None), context.now, Action.CASE_RELEASE, self.actor)
        act = Act(case.ref, Action.CASE_RELEASE, self.actor, reason="claim:release")
        return _changed(free, act)

    def recall(self, reference: Ref[Case], seen: Seen) -> Case | More:
        """The case as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateCase:
    """A moderator passes a case to the higher queue, which wakes somebody. Answers the case."""

    case_id: CaseId
    actor: Actor
    reason: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case."""
        return (Case.at(self.case_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Case]:
        """Conflict where another holds the case or it is escalated already; Invalid without why."""
        case = seen.need(Case.at(self.case_id))
        check_open(case)
        check_unclaimed(case, self.actor, context.now)
        if case.escalated:
            raise Conflict("The case has been escalated already.", code="escalated")
        if not self.reason.strip():
            raise Invalid("A reason is missing.", faults=(Fault("/reason", "Say why."),))
        higher = replace(case, escalated=True, queue=ESCALATED_QUEUE, claim=None)
        higher = noted(higher, context.now, Action.CASE_ESCALATE, self.actor, self.reason)
        act = Act(case.ref, Action.CASE_ESCALATE, self.actor, reason="escalate:moderator")
        return replace(_changed(higher, act), puts=(higher, urgent(higher, context)))

    def recall(self, reference: Ref[Case], seen: Seen) -> Case | More:
        """The case as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


def _changed(case: Case, act: Act) -> Change[Case]:
    return Change(answer=case, puts=(case,), acts=(act,), reference=case.ref)
