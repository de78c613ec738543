"""Objecting: once, within the window, by whom the decision concerns."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.appeal import Appeal
from moderation.cases.appealing import AppealNotice, AppealStatement
from moderation.cases.case import Case
from moderation.cases.decision import Outcome
from moderation.cases.notice import Notice
from moderation.cases.noticing import PUBLIC
from moderation.cases.statement import Statement
from moderation.cases.statements import complaint_end
from moderation.detection.taxonomy import Category
from moderation.errors import Conflict, Invalid, NotFound
from moderation.ids import PostId
from tests.support.apply_change import Office
from tests.support.casework import (
    APP,
    MO,
    NOA,
    POST,
    approved,
    case_on,
    detected,
    noticed,
    office,
    proposal,
    settled,
)
from tests.support.community import ALEX, FLAGGED, HELD, KIM, NOW, RULES, ulid

OTHER = replace(POST, id=PostId(ulid(3002)))


def _object(
    at: Office, statement: Statement, actor: Actor = KIM, reasons: str = "Ein Zitat."
) -> Appeal:
    return at.run(
        AppealStatement(statement_id=statement.id, actor=actor, reasons=reasons, rules=RULES)
    )


def _insist(
    at: Office, notice: Notice, actor: Actor | None = None, reasons: str = "Doch."
) -> Appeal:
    return at.run(AppealNotice(notice_id=notice.id, reasons=reasons, rules=RULES, actor=actor))


def _removed() -> tuple[Office, Statement]:
    at = office()
    settled(at, detected(at, FLAGGED))
    at.acts.clear()
    return at, at.all(Statement)[0]


def _kept() -> tuple[Office, Notice]:
    at = office(POST, OTHER)
    notice = noticed(at, POST, OTHER)
    settled(at, case_on(at), proposal(Outcome.KEEP))
    at.acts.clear()
    return at, notice


def test_an_author_objects_to_a_statement() -> None:
    """The appeal excludes who decided; the statement names it, which makes it the only one."""
    at, statement = _removed()
    appeal = _object(at, statement)
    assert (statement.case_id, POST.id, statement.id, None, KIM.id, (MO.id,)) == (
        appeal.case_id,
        appeal.post_id,
        appeal.statement_id,
        appeal.notice_id,
        appeal.appellant,
        appeal.excluded,
    )
    assert appeal.id == at.get(statement.ref).appeal_id
    assert [(Action.APPEAL_FILE, appeal.ref), (Action.APPEAL_FILE, statement.ref)] == [
        (act.action, act.subject) for act in at.acts
    ]
    with pytest.raises(Conflict) as refused:
        _object(at, statement)
    assert "already-appealed" == refused.value.code


def test_who_approved_is_excluded_too() -> None:
    """Both people of a decision that took two are no judges of it."""
    at = office()
    case = detected(at, FLAGGED)
    settled(at, case, proposal(about_operator=True))
    approved(at, case)
    assert (MO.id, APP.id) == _object(at, at.all(Statement)[0]).excluded


def test_a_statement_is_its_addressees_alone() -> None:
    """To anybody else it is not there."""
    at, statement = _removed()
    with pytest.raises(NotFound):
        _object(at, statement, ALEX)


def test_the_window_is_six_months_at_least() -> None:
    """On the last moment an appeal is taken, after it not."""
    at, statement = _removed()
    end = complaint_end(NOW, RULES)
    assert end >= NOW.replace(year=2027, month=5)
    at.now = end
    late = Office(now=end + timedelta(milliseconds=1), records=dict(at.records))
    with pytest.raises(Conflict) as refused:
        _object(late, statement)
    assert "window-closed" == refused.value.code
    assert end == _object(at, statement).created_at


def test_an_automatic_hold_may_be_objected_to() -> None:
    """Nobody decided it, so nobody is excluded; grave matters are heard sooner."""
    at = office()
    detected(at, HELD)
    appeal = _object(at, at.all(Statement)[0])
    assert ((), NOW + timedelta(days=3)) == (appeal.excluded, appeal.due_at)


def test_other_matters_are_heard_within_a_week() -> None:
    """The operator's own limit; the law says "timely"."""
    at, statement = _removed()
    assert NOW + timedelta(days=7) == _object(at, statement).due_at


def test_reasons_are_needed() -> None:
    """On both sides."""
    at, statement = _removed()
    with pytest.raises(Invalid):
        _object(at, statement, reasons="\n")
    kept, notice = _kept()
    with pytest.raises(Invalid):
        _insist(kept, notice, reasons="")


def test_a_notifier_objects_to_what_was_kept() -> None:
    """Only the place that was decided and kept; the appeal excludes who decided."""
    at, notice = _kept()
    appeal = _insist(at, notice)
    assert (POST.id, notice.id, None, None, (MO.id,)) == (
        appeal.post_id,
        appeal.notice_id,
        appeal.statement_id,
        appeal.appellant,
        appeal.excluded,
    )
    assert (appeal.id,) == at.get(notice.ref).appeals
    assert [(appeal.ref, PUBLIC), (notice.ref, PUBLIC)] == [
        (act.subject, act.actor) for act in at.acts
    ]


def test_each_place_is_objected_to_once() -> None:
    """A second objection takes the place decided since; a third finds nothing left."""
    at, notice = _kept()
    first = _insist(at, notice, ALEX)
    with pytest.raises(Conflict) as refused:
        _insist(at, notice)
    assert "already-appealed" == refused.value.code
    settled(at, case_on(at, OTHER), proposal(Outcome.KEEP), NOA)
    second = _insist(at, notice)
    assert (POST.id, OTHER.id) == (first.post_id, second.post_id)
    assert (first.id, second.id) == at.get(notice.ref).appeals


def test_several_kept_places_make_several_appeals() -> None:
    """All in one change; the first is the answer."""
    at, notice = _kept()
    settled(at, case_on(at, OTHER), proposal(Outcome.KEEP))
    answer = _insist(at, notice)
    assert [answer, at.all(Appeal)[1]] == at.all(Appeal)
    assert {POST.id, OTHER.id} == {appeal.post_id for appeal in at.all(Appeal)}


def test_before_the_decision_there_is_nothing_to_object_to() -> None:
    """Open cases and proposals that await approval are not decided."""
    at = office()
    notice = noticed(at)
    with pytest.raises(Conflict) as refused:
        _insist(at, notice)
    assert "not-decided" == refused.value.code


def test_who_was_heard_has_nothing_to_object_to() -> None:
    """The content was removed, as the notice asked."""
    at = office()
    notice = noticed(at)
    settled(at, case_on(at))
    with pytest.raises(Conflict) as refused:
        _insist(at, notice)
    assert "acted-upon" == refused.value.code


def test_a_notifier_has_six_months_as_well() -> None:
    """Counted from the decision."""
    at, notice = _kept()
    at.now = complaint_end(NOW, RULES) + timedelta(milliseconds=1)
    with pytest.raises(Conflict) as refused:
        _insist(at, notice)
    assert "window-closed" == refused.value.code


def test_a_place_that_is_none_of_ours_is_passed_over() -> None:
    """A notice of one known and one unknown place makes one appeal."""
    at = office()
    notice = noticed(at, POST, OTHER, category=Category.INSULT)
    assert [None] == [item.case_id for item in notice.items if item.post_id == OTHER.id]
    settled(at, case_on(at), proposal(Outcome.KEEP))
    _insist(at, notice)
    assert 1 == len(at.all(Appeal))
    assert 1 == len(at.all(Case))
