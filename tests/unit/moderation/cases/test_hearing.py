"""An appeal is heard by somebody who had no part in what is contested, once, with reasons."""

import pytest

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, Guard
from moderation.cases.decision import Outcome
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.community.post import Post
from moderation.detection.taxonomy import Category
from moderation.errors import Conflict, Invalid
from tests.support.apply_change import Office
from tests.support.casework import (
    APP,
    INSIDER,
    MO,
    POST,
    approved,
    case_on,
    detected,
    heard,
    insisted,
    noticed,
    objected,
    office,
    proposal,
    settled,
)
from tests.support.community import ALEX, FLAGGED, KIM


def _removed(post: Post = POST) -> tuple[Office, Case, Appeal]:
    at = office(post)
    case = detected(at, FLAGGED, post)
    settled(at, case)
    appeal = objected(at, at.all(Statement)[0])
    at.acts.clear()
    return at, at.get(case.ref), appeal


def _kept() -> tuple[Office, Case, Notice, Appeal]:
    at = office()
    notice = noticed(at, category=Category.INSULT, actor=ALEX)
    case = case_on(at)
    settled(at, case, proposal(Outcome.KEEP, Category.REVIEW_OPINION))
    appeal = insisted(at, notice, ALEX)
    at.acts.clear()
    return at, at.get(case.ref), notice, appeal


def test_an_appeal_that_is_upheld_changes_nothing_else() -> None:
    """The decision stands, and the author is told why."""
    at, case, appeal = _removed()
    before = at.get(POST.ref)
    answer = heard(at, appeal, "upheld")
    assert (before, case) == (at.get(POST.ref), at.get(case.ref))
    assert ("upheld", [Action.APPEAL_UPHOLD]) == (answer.outcome, [a.action for a in at.acts])
    assert MessageKind.APPEAL_DECIDED is at.all(Message)[-1].kind


@pytest.mark.parametrize("actor", [MO, KIM])
def test_nobody_hears_an_appeal_he_had_a_part_in(actor: Actor) -> None:
    """Neither the decider nor the appellant."""
    at, _, appeal = _removed()
    with pytest.raises(Conflict) as refused:
        heard(at, appeal, actor=actor)
    assert "conflict-of-interest" == refused.value.code


def test_who_only_approved_does_not_hear_it_either_nor_does_the_unit() -> None:
    """On content about the operator, the criticised unit stays outside here too."""
    at = office()
    case = detected(at, FLAGGED)
    settled(at, case, proposal(about_operator=True))
    approved(at, case)
    appeal = objected(at, at.all(Statement)[0])
    for actor in (MO, APP, INSIDER):
        with pytest.raises(Conflict) as refused:
            heard(at, appeal, actor=actor)
        assert "conflict-of-interest" == refused.value.code
    assert "reversed" == heard(at, appeal).outcome


def test_an_appeal_is_heard_once_and_with_reasons() -> None:
    """No second hearing, and none without a word."""
    at, _, appeal = _removed()
    with pytest.raises(Invalid):
        heard(at, appeal, reasons=" ")
    heard(at, appeal)
    with pytest.raises(Conflict) as refused:
        heard(at, appeal, actor=APP)
    assert "appeal-decided" == refused.value.code


def test_a_notifiers_appeal_may_be_upheld() -> None:
    """The post stays, and the notifier is told; the author never hears of it."""
    at, old, _, appeal = _kept()
    heard(at, appeal, "upheld")
    assert (old, []) == (at.get(old.ref), at.all(Guard))
    assert ALEX.id == at.all(Message)[-1].to
