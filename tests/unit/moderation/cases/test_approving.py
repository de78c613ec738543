"""Content about the operator is restricted only if a second person, from elsewhere, agrees."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.approving import ApproveDecision
from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.decision import Decision, DecisionState, MemberMeasure, Outcome
from moderation.cases.opening import revise
from moderation.cases.statement import Statement
from moderation.community.markup import render
from moderation.community.post import PostState
from moderation.detection.taxonomy import Category
from moderation.errors import Conflict, Invalid
from tests.support.apply_change import Office
from tests.support.casework import (
    APP,
    INSIDER,
    MO,
    NOA,
    POST,
    approved,
    detected,
    office,
    proposal,
    settled,
)
from tests.support.community import FLAGGED, KIM, MEMBER, NOTHING, NOW, RULES, context


def _proposed(**fields: Any) -> tuple[Office, Case]:
    at = office()
    case = detected(at, FLAGGED)
    settled(at, case, proposal(about_operator=True, **fields))
    at.acts.clear()
    return at, at.get(case.ref)


def test_agreement_lets_the_decision_take_effect() -> None:
    """Now the post is removed and its author gets reasons that name both people to the house."""
    at, case = _proposed()
    at.later(hours=1)

    decision = approved(at, case)

    statement = at.all(Statement)[0]
    assert (DecisionState.EFFECTIVE, APP.id, "Geprüft.", at.now) == (
        decision.state,
        decision.approved_by,
        decision.approval_reason,
        decision.approved_at,
    )
    assert (MO.id, APP.id) == (statement.decided_by, statement.approved_by)
    assert (PostState.REMOVED, at.now) == (
        at.get(POST.ref).state,
        at.get(POST.ref).restrictions[0].since,
    )
    assert ([], CaseState.DECIDED) == (at.all(Guard), at.get(case.ref).state)
    assert [Action.CASE_APPROVE, Action.POST_REMOVE, Action.STATEMENT_ISSUE] == [
        act.action for act in at.acts
    ]
    assert 1 == at.reads


def test_disagreement_opens_the_case_again_and_loses_nothing() -> None:
    """The proposal becomes a record of its own; the post was never touched."""
    at, case = _proposed()

    rejected = approved(at, case, approve=False)

    after = at.get(case.ref)
    assert (CaseState.OPEN, None, None) == (after.state, after.decision, after.claim)
    assert [rejected] == at.all(Decision)
    assert DecisionState.REJECTED is rejected.state
    assert (POST, [Action.CASE_REJECT]) == (at.get(POST.ref), [a.action for a in at.acts])
    assert Outcome.KEEP is settled(at, after, proposal(Outcome.KEEP)).outcome


def test_a_measure_against_the_author_waits_with_the_rest() -> None:
    """The warning is given when the decision takes effect, not when it is proposed."""
    at, case = _proposed(member_measure=MemberMeasure(kind="warn"))
    assert () == at.get(MEMBER.ref).warnings
    approved(at, case)
    assert 1 == len(at.get(MEMBER.ref).warnings)


@pytest.mark.parametrize("actor", [MO, INSIDER, KIM])
def test_not_everybody_is_a_second_person(actor: Actor) -> None:
    """Neither the decider, nor the criticised unit, nor the author; not even to say no."""
    at, case = _proposed()
    for approve in (True, False):
        with pytest.raises(Conflict) as refused:
            approved(at, case, approve=approve, actor=actor)
        assert "conflict-of-interest" == refused.value.code


def test_another_moderator_will_do() -> None:
    """The second person need not be an approver by role."""
    at, case = _proposed()
    assert DecisionState.EFFECTIVE is approved(at, case, actor=NOA).state


def test_a_board_of_no_unit_excludes_no_unit() -> None:
    """Where the board is about the company as a whole, any other person may agree."""
    post = replace(POST, unit=None)
    at = office(post)
    case = detected(at, FLAGGED, post)
    settled(at, case, proposal(about_operator=True))
    assert DecisionState.EFFECTIVE is approved(at, case, actor=INSIDER).state


def test_what_moved_on_can_only_be_refused() -> None:
    """The author has edited meanwhile: agreeing would restrict words that nobody judged."""
    at, case = _proposed()
    edited = replace(POST, body="Neu.", revision=2)
    revised = revise(case, edited, NOTHING, KIM, context=context(), rules=RULES)
    at.put(revised.post, revised.case)
    with pytest.raises(Conflict) as refused:
        approved(at, case)
    assert "content-changed" == refused.value.code
    assert DecisionState.REJECTED is approved(at, case, approve=False).state


def test_a_word_needs_a_reason() -> None:
    """Silence is neither agreement nor disagreement."""
    at, case = _proposed()
    with pytest.raises(Invalid):
        at.run(
            ApproveDecision(
                case_id=case.id, actor=APP, approve=True, reason=" ", rules=RULES, render=render
            )
        )


def test_there_must_be_something_to_approve() -> None:
    """An open case and a decided one await nobody."""
    at = office()
    case = detected(at, FLAGGED)
    for state in ("open", "decided"):
        with pytest.raises(Conflict) as refused:
            approved(at, case)
        assert ("case-not-awaiting-approval", {"state": state}) == (
            refused.value.code,
            refused.value.data,
        )
        if state == "open":
            settled(at, case)


def test_the_category_decided_on_is_the_cases_only_once_it_takes_effect() -> None:
    """A proposal must not move a grave case down the list."""
    at, case = _proposed(category=Category.TC)
    assert Category.INSULT is case.category
    approved(at, case)
    assert (Category.TC, NOW) == (at.get(case.ref).category, case.created_at)
