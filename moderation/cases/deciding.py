"""Deciding a case: one who holds the claim judges one revision, on a ground out of the list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.admissibility import Proposal, check_proposal, check_warned
from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.claiming import check_claimed, check_open
from moderation.cases.decision import (
    Decision,
    DecisionState,
    MemberMeasure,
    Outcome,
    PostBefore,
)
from moderation.cases.effect import Bench, decision_act, take_effect
from moderation.cases.eligibility import check_impartial, concerns_operator
from moderation.cases.history import noted
from moderation.cases.house_rules import HouseRules
from moderation.cases.wording import of_decision
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.member import Member
from moderation.errors import Conflict
from moderation.ids import CaseId, DecisionId
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCase:
    """A moderator decides. Answers the decision, effective or awaiting a second person.

    Conflict: the case is not open, the claim is not his, he is not impartial, or the content has
    moved on from the revision he judged (`content-changed`). Invalid: the decision could not be
    explained to its author; faults say where.
    """

    case_id: CaseId
    actor: Actor
    proposal: Proposal
    rules: HouseRules
    render: Callable[[str], str]

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case, which carries its post."""
        return (Case.at(self.case_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Decision] | More:
        """Nothing changes but the case where a second person must agree."""
        case = seen.need(Case.at(self.case_id))
        check_open(case)
        check_claimed(case, self.actor, context.now)
        check_impartial(case, self.actor, about_operator=self.proposal.about_operator)
        check_revision(case, self.proposal.revision)
        check_proposal(self.proposal, case.post, context.now, self.rules)
        more = More.unless_seen(seen, what_changes(case, self.proposal.member_measure))
        if more is not None:
            return more
        case = replace(case, post=seen.need(case.post.ref))
        member = author_of(case, self.proposal.member_measure, seen)
        if member is not None:
            check_warned(self.proposal, member)
        decision = self._decision(case, context)
        if decision.about_operator and decision.outcome is not Outcome.KEEP:
            return self._proposed(case, decision, context)
        case = noted(case, context.now, Action.CASE_DECIDE, self.actor, self.proposal.outcome.value)
        bench = Bench(actor=self.actor, context=context, rules=self.rules, render=self.render)
        return take_effect(case, decision, member, Action.CASE_DECIDE, bench)

    def recall(self, reference: Ref[Decision], seen: Seen) -> Decision | More:
        """The decision, on its case or, once a second person rejected it, in its own record."""
        return recalled(self.case_id, reference, seen)

    def _decision(self, case: Case, context: Context) -> Decision:
        proposal = self.proposal
        return Decision(
            id=DecisionId(context.new_id()),
            case_id=case.id,
            revision=proposal.revision,
            outcome=proposal.outcome,
            category=proposal.category,
            facts=proposal.facts,
            decided_by=self.actor.id,
            decided_at=context.now,
            before=PostBefore(
                state=case.post.state,
                restrictions=case.post.restrictions,
                statement_id=case.post.statement_id,
            ),
            about_operator=proposal.about_operator or concerns_operator(case),
            unit=self.actor.unit,
            ground=proposal.ground,
            measure=proposal.measure,
            member_measure=self._with_end(context),
            referral=proposal.referral,
        )

    def _with_end(self, context: Context) -> MemberMeasure | None:
        """A suspension ends, after a reasonable period where none is named (DSA Art. 23(1))."""
        measure = self.proposal.member_measure
        if measure is None or measure.kind == "warn" or measure.until is not None:
            return measure
        return replace(measure, until=context.now + timedelta(days=self.rules.suspension_days))

    def _proposed(self, case: Case, decision: Decision, context: Context) -> Change[Decision]:
        decision = replace(decision, state=DecisionState.AWAITING_APPROVAL)
        waiting = replace(
            case,
            decision=decision,
            state=CaseState.AWAITING_APPROVAL,
            claim=None,
            about_operator=True,
        )
        waiting = noted(
            waiting, context.now, Action.CASE_PROPOSE, self.actor, decision.outcome.value
        )
        proposed = Act(case.ref, Action.CASE_PROPOSE, self.actor, payload=of_decision(decision))
        act = decision_act(proposed, decision)
        return Change(answer=decision, puts=(waiting,), acts=(act,), reference=decision.ref)


def check_revision(case: Case, revision: int) -> None:
    """Refuse with Conflict to judge words that are not there any more, or not yet seen."""
    if revision != case.post.revision:
        raise Conflict(
            "The content has changed; the case shows both texts.",
            code="content-changed",
            data={"judged": revision, "current": case.post.revision},
        )


def what_changes(case: Case, measure: MemberMeasure | None) -> tuple[Ref[Any], ...]:
    """The records a decision writes beside the case, which must be known to be written.

    Post and guard are known with their open case; only a measure against the author reads more.
    """
    author = () if measure is None else (Member.at(case.post.author.id),)
    return (case.post.ref, Guard.at(case.post.id), *author)


def author_of(case: Case, measure: MemberMeasure | None, seen: Seen) -> Member | None:
    """The author's record, where a measure is to be taken against him."""
    return None if measure is None else seen.need(Member.at(case.post.author.id))


def recalled(case_id: CaseId, reference: Ref[Decision], seen: Seen) -> Decision | More:
    """A decision made before: in its own record where it was rejected, else on its case."""
    case_ref = Case.at(case_id)
    more = More.unless_seen(seen, (case_ref, reference))
    if more is not None:
        return more
    rejected = seen.get(reference)
    return rejected or seen.need(case_ref).decision or seen.need(reference)
