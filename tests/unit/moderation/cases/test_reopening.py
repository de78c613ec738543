"""A notifier who is right has the kept content judged anew, by others."""

from dataclasses import replace

import pytest

from moderation.audit.actions import Action
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, Guard, NoticeLink, Opener
from moderation.cases.decision import DecisionState, Outcome
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.detection import verdict
from moderation.detection.taxonomy import Category
from moderation.errors import Conflict
from tests.support.apply_change import Office
from tests.support.casework import (
    APP,
    MO,
    POST,
    case_on,
    claimed,
    detected,
    heard,
    insisted,
    noticed,
    office,
    proposal,
    settled,
)
from tests.support.community import ALEX, NOW, found


def _kept() -> tuple[Office, Case, Notice, Appeal]:
    at = office()
    notice = noticed(at, category=Category.INSULT, actor=ALEX)
    case = case_on(at)
    settled(at, case, proposal(Outcome.KEEP, Category.REVIEW_OPINION))
    appeal = insisted(at, notice, ALEX)
    at.acts.clear()
    return at, at.get(case.ref), notice, appeal


def test_a_notifier_who_is_right_has_it_judged_anew_by_others() -> None:
    """A fresh case opens under the notice's category; who kept the post is excluded."""
    at, old, notice, appeal = _kept()
    at.later(days=1)

    heard(at, appeal)

    case = case_on(at)
    assert old.id != case.id
    assert (Opener.APPEAL, Category.INSULT, (MO.id,), NOW, POST) == (
        case.opened_by,
        case.category,
        case.excluded,
        case.knowledge_at,
        case.post,
    )
    assert [case.id] == [item.case_id for item in at.get(notice.ref).items]
    link = NoticeLink(
        case_id=case.id, notice_id=notice.id, received_at=NOW, category=Category.INSULT
    )
    assert ((link,), 1) == (case.notices, case.notice_count)
    decision = at.get(old.ref).decision
    assert decision is not None
    assert DecisionState.REVERSED is decision.state
    assert [
        (Action.APPEAL_REVERSE, appeal.ref),
        (Action.APPEAL_REVERSE, old.ref),
        (Action.CASE_OPEN, case.ref),
        (Action.APPEAL_REVERSE, notice.ref),
    ] == [(act.action, act.subject) for act in at.acts]
    with pytest.raises(Conflict) as refused:
        claimed(at, case, MO)
    assert "conflict-of-interest" == refused.value.code
    settled(at, case, actor=APP)
    statement = at.all(Statement)[0]
    assert ("notice", False) == (statement.source, statement.automated_detection)


def test_a_case_opened_since_is_joined() -> None:
    """There is one open case on a post, whatever opened it; it learns who may not decide."""
    at, _, notice, appeal = _kept()
    newer = detected(at, found(Category.SPAM, verdict.Action.FLAG))
    heard(at, appeal)
    case = at.get(newer.ref)
    assert ([Guard(post_id=POST.id, case_id=newer.id)], (MO.id,), NOW) == (
        at.all(Guard),
        case.excluded,
        case.knowledge_at,
    )
    assert (Category.INSULT, 1) == (case.category, case.notice_count)
    assert [newer.id] == [item.case_id for item in at.get(notice.ref).items]


def test_other_places_of_the_notice_stay_where_they_are() -> None:
    """Only the place that was kept points at the new case."""
    at = office()
    notice = noticed(at, category=Category.INSULT)
    unknown = replace(notice.items[0], post_id=None, case_id=None)
    at.put(replace(notice, items=(*notice.items, unknown)))
    settled(at, case_on(at), proposal(Outcome.KEEP))
    heard(at, insisted(at, notice))
    assert (case_on(at).id, None) == tuple(item.case_id for item in at.get(notice.ref).items)
