"""Approving: a second person agrees to restrict content about the operator, or does not."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case, CaseState
from moderation.cases.deciding import author_of, check_revision, recalled, what_changes
from moderation.cases.decision import Decision, DecisionState
from moderation.cases.effect import Bench, decision_act, take_effect
from moderation.cases.eligibility import CODE, check_impartial, check_outside_unit
from moderation.cases.history import noted
from moderation.cases.house_rules import HouseRules
from moderation.cases.wording import of_approval
from moderation.change import Act, Change, Context, More, Seen
from moderation.errors import Conflict, Fault, Invalid
from moderation.ids import CaseId
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDecision:
    """The second person's word on a proposed decision. Answers the decision.

    Agreed: it takes effect at once. Not agreed: the case is open again and the proposal is kept as
    a record of its own. Conflict: nothing is proposed, he decided himself, he is of the unit
    concerned, or the content has moved on from what was judged (then only a refusal is possible).
    """

    case_id: CaseId
    actor: Actor
    approve: bool
    reason: str
    rules: HouseRules
    render: Callable[[str], str]

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case, which carries its post."""
        return (Case.at(self.case_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Decision] | More:
        """Carry out or give back."""
        case = seen.need(Case.at(self.case_id))
        decision = self._proposed(case)
        if not self.reason.strip():
            raise Invalid("A reason is missing.", faults=(Fault("/reason", "Say why."),))
        decision = replace(
            decision,
            approved_by=self.actor.id,
            approval_reason=self.reason,
            approved_at=context.now,
        )
        if not self.approve:
            return self._rejected(case, decision, context)
        check_revision(case, decision.revision)
        more = More.unless_seen(seen, what_changes(case, decision.member_measure))
        if more is not None:
            return more
        case = replace(case, post=seen.need(case.post.ref))
        case = noted(case, context.now, Action.CASE_APPROVE, self.actor, self.reason)
        member = author_of(case, decision.member_measure, seen)
        bench = Bench(actor=self.actor, context=context, rules=self.rules, render=self.render)
        return take_effect(case, decision, member, Action.CASE_APPROVE, bench)

    def recall(self, reference: Ref[Decision], seen: Seen) -> Decision | More:
        """The decision, in its own record where it was rejected, else on its case."""
        return recalled(self.case_id, reference, seen)

    def _proposed(self, case: Case) -> Decision:
        decision = case.decision
        if case.state is not CaseState.AWAITING_APPROVAL or decision is None:
            raise Conflict(
                "No decision awaits approval.",
                code="case-not-awaiting-approval",
                data={"state": case.state.value},
            )
        if self.actor.id == decision.decided_by:
            raise Conflict("Whoever proposed a decision does not approve it.", code=CODE)
        check_impartial(case, self.actor)
        check_outside_unit(case, self.actor)
        return decision

    def _rejected(self, case: Case, decision: Decision, context: Context) -> Change[Decision]:
        rejected = replace(decision, state=DecisionState.REJECTED)
        reopened = replace(case, state=CaseState.OPEN, decision=None)
        reopened = noted(reopened, context.now, Action.CASE_REJECT, self.actor, self.reason)
        refused = Act(case.ref, Action.CASE_REJECT, self.actor, payload=of_approval(rejected))
        act = decision_act(refused, rejected)
        return Change(
            answer=rejected,
            puts=(reopened, rejected),
            acts=(act,),
            reference=rejected.ref,
        )
