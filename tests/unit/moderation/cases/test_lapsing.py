"""A hold ends at the hour its author was told, by a clock that may ring twice or late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.decision import Measure, Outcome
from moderation.cases.lapsing import LapseHold
from moderation.cases.message import Message, MessageKind
from moderation.cases.statement import Statement
from moderation.change import More, Seen
from moderation.community.post import PostState, RestrictionKind
from moderation.detection import verdict
from moderation.detection.taxonomy import Category
from moderation.errors import NotFound
from moderation.ids import CaseId
from tests.support.apply_change import Office
from tests.support.casework import POST, detected, office, proposal, settled
from tests.support.community import FLAGGED, KIM, context, found, ulid

HOLD = verdict.Action.HOLD


def _held(category: Category) -> tuple[Office, Case]:
    at = office()
    case = detected(at, found(category, HOLD))
    at.records = {r: v for r, v in at.records.items() if not isinstance(v, Message)}
    at.acts.clear()
    return at, case


def _lapse(at: Office, case: Case) -> str:
    return at.run(LapseHold(case_id=case.id))


def test_before_its_hour_nothing_happens() -> None:
    """One millisecond early is early."""
    at, case = _held(Category.FRAUD)
    at.later(days=1)
    at.now -= timedelta(milliseconds=1)
    assert "nothing" == _lapse(at, case)
    assert case == at.get(case.ref)


def test_a_lesser_hold_lapses_into_publication() -> None:
    """The post is public again, its author is told, and the case stays open."""
    at, case = _held(Category.FRAUD)
    at.later(days=1)

    assert "published" == _lapse(at, case)

    after = at.get(case.ref)
    assert POST == at.get(POST.ref) == after.post
    assert (CaseState.OPEN, None, case.queue) == (after.state, after.hold, after.queue)
    assert [
        (Action.CASE_UPDATE, Via.JOB, SYSTEM, "post:lapse"),
        (Action.POST_LAPSE, Via.JOB, SYSTEM, "lapse:published"),
    ] == [(act.action, act.via, act.actor, act.reason) for act in at.acts]
    assert [(MessageKind.RESTORED, case.id, KIM.id)] == [
        (m.kind, m.about, m.to) for m in at.all(Message)
    ]
    assert 1 == at.reads
    assert "nothing" == _lapse(at, case)


def test_a_grave_hold_lapses_into_escalation_and_again() -> None:
    """The post stays held, the higher queue is woken, and once more after the same time."""
    at, case = _held(Category.LIFE_THREAT)
    for times in (1, 2):
        at.later(hours=1)
        assert "escalated" == _lapse(at, case)
        after = at.get(case.ref)
        assert ("escalation", True, at.now + timedelta(hours=1)) == (
            after.queue,
            after.escalated,
            after.hold and after.hold.lapses_at,
        )
        assert [MessageKind.URGENT] * times == [m.kind for m in at.all(Message)]
    assert "nothing" == _lapse(at, case)
    assert PostState.HELD is at.get(POST.ref).state
    assert [(Action.CASE_ESCALATE, Via.JOB)] * 2 == [(act.action, act.via) for act in at.acts]


def test_a_category_without_a_stated_time_is_escalated_by_its_limit() -> None:
    """HATE is never held by automation alone; were it, the next alarm follows its own limit."""
    at, case = _held(Category.HATE)
    at.later(days=1)
    assert "escalated" == _lapse(at, case)
    hold = at.get(case.ref).hold
    assert hold is not None
    assert at.now + timedelta(days=1) == hold.lapses_at


def test_a_decided_case_has_nothing_to_lapse() -> None:
    """Whoever was faster than the clock wins."""
    at, case = _held(Category.FRAUD)
    settled(at, case, proposal(category=Category.FRAUD))
    at.later(days=2)
    assert "nothing" == _lapse(at, case)
    assert PostState.REMOVED is at.get(POST.ref).state


def test_the_hour_holds_while_a_decision_awaits_approval() -> None:
    """What was promised to the author does not depend on a second person's diary."""
    at, case = _held(Category.FRAUD)
    settled(at, case, proposal(category=Category.FRAUD, about_operator=True))
    at.later(days=2)
    assert "published" == _lapse(at, case)
    assert (PostState.PUBLISHED, CaseState.AWAITING_APPROVAL) == (
        at.get(POST.ref).state,
        at.get(case.ref).state,
    )


def test_a_label_from_before_stays_with_its_reasons() -> None:
    """Only the hold ends."""
    at = office()
    label = Measure(kind=RestrictionKind.LABEL)
    settled(at, detected(at, FLAGGED), proposal(Outcome.RESTRICT, measure=label))
    labelled = at.get(POST.ref)
    case = detected(at, found(Category.FRAUD, HOLD), labelled)
    at.later(days=1)
    _lapse(at, case)
    assert labelled == at.get(POST.ref)
    assert labelled.statement_id == at.all(Statement)[0].id


def test_a_post_deleted_meanwhile_is_not_published() -> None:
    """The hold ends, the deletion does not."""
    at, case = _held(Category.FRAUD)
    gone = replace(case.post, state=PostState.DELETED)
    at.put(gone, replace(case, post=gone))
    at.later(days=1)
    assert "published" == _lapse(at, case)
    assert (PostState.DELETED, ()) == (at.get(POST.ref).state, at.get(POST.ref).restrictions)


def test_an_unknown_case_is_not_found() -> None:
    """A stale index entry names a case that is not there."""
    with pytest.raises(NotFound):
        office().run(LapseHold(case_id=CaseId(ulid(5))))


def test_a_repeated_ring_has_nothing_to_say() -> None:
    """The command has no key, and answers what a second ring would find."""
    command = LapseHold(case_id=CaseId(ulid(5)))
    at, case = _held(Category.FRAUD)
    seen = at.begin(LapseHold(case_id=case.id))
    assert "nothing" == seen.change.answer
    assert "nothing" == command.recall(case.ref, Seen({case.ref: case}))


def test_post_and_guard_are_read_where_the_case_does_not_carry_them() -> None:
    """What is to be written must have been seen."""
    at, case = _held(Category.FRAUD)
    command = LapseHold(case_id=case.id)
    later = context(at.now + timedelta(days=1))
    assert More((POST.ref, Guard.at(POST.id))) == command.decide(Seen({case.ref: case}), later)
