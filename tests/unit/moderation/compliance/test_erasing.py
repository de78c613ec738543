"""Erasing record by record: refused where something forbids it, and nothing where it is done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.cases.appeal import Appeal
from moderation.cases.decision import Decision
from moderation.cases.notice import Notice
from moderation.change import Seen
from moderation.compliance.erasing import (
    EraseParts,
    EraseSubject,
    ForgetExcerpt,
    MustBeKept,
)
from moderation.compliance.erasure import Kept
from moderation.compliance.erasure_request import ConcludeErasure, RequestErasure, WaitForHold
from moderation.compliance.holding_back import PlaceHold, ReleaseHold
from moderation.compliance.legal_hold import HoldMark
from tests.support.apply_change import Office
from tests.support.casework import MO, POST, noticed, office
from tests.support.samples import APPEAL, DECISION, HOLD, NOTICE

MARK = HoldMark.on(POST.ref)


def test_an_open_case_and_an_open_appeal_are_kept() -> None:
    """Whatever the walk had seen before."""
    at = office(POST)
    noticed(at, POST)
    appeal: Appeal = replace(APPEAL, state="open")
    at.put(appeal)
    case = next(ref for ref in at.records if ref.kind == "CASE" and ref.part == "META")
    for subject in (case, appeal.ref):
        with pytest.raises(MustBeKept):
            at.run(EraseSubject(subject=subject, absent=(), actor=MO))


def test_what_has_come_to_forbid_it_stops_each_step() -> None:
    """A mark that was not there when the walk looked."""
    at = office(POST)
    notice: Notice = replace(
        NOTICE, items=(replace(NOTICE.items[0], post_id=POST.id, excerpt="Zitat"),)
    )
    at.put(HoldMark(subject=POST.ref.subject, holds=(HOLD.id,)), notice)
    forget = ForgetExcerpt(notice_id=notice.id, post_id=POST.id, absent=(MARK,), actor=MO)
    parts = EraseParts(parts=(POST.ref,), absent=(MARK,))
    subject = EraseSubject(subject=POST.ref, absent=(MARK,), actor=MO)
    for command in (forget, parts, subject):
        with pytest.raises(MustBeKept):
            at.run(command)


def test_what_is_not_there_is_erased_already() -> None:
    """Nothing is written."""
    at = Office()

    assert not at.run(EraseSubject(subject=POST.ref, absent=(), actor=MO))
    assert 0 == at.run(EraseParts(parts=(Decision.at("x", "y"),), absent=()))
    forget = ForgetExcerpt(notice_id=NOTICE.id, post_id=POST.id, absent=(), actor=MO)
    assert not at.run(forget)
    assert [] == at.acts


def test_a_rejected_decision_keeps_saying_that_it_was_made() -> None:
    """Without its words; blanked once, there is nothing left to do."""
    at = Office()
    at.put(DECISION)
    erase = EraseParts(parts=(DECISION.ref,), absent=())

    assert (1, 0) == (at.run(erase), at.run(erase))
    kept = at.get(DECISION.ref)
    assert (DECISION.outcome, "", None) == (kept.outcome, kept.facts, kept.approval_reason)


def test_nothing_is_told_of_a_step_again() -> None:
    """Steps are no requests: they have no key to be repeated by."""
    seen = Seen({})

    assert not EraseSubject(subject=POST.ref, absent=(), actor=MO).recall(POST.ref, seen)
    assert 0 == EraseParts(parts=(), absent=()).recall(POST.ref, seen)
    forget = ForgetExcerpt(notice_id=NOTICE.id, post_id=POST.id, absent=(), actor=MO)
    assert not forget.recall(POST.ref, seen)
    WaitForHold(subject=POST.ref.subject, target_id=MO.id).recall(POST.ref, seen)


def test_requests_are_answered_from_what_there_is() -> None:
    """Asking, concluding, placing and releasing; an erasure that is done stays done."""
    at = office(POST)
    ask = RequestErasure(target="member", target_id=MO.id, actor=MO)
    asked = at.run(ask)
    conclude = ConcludeErasure(target_id=MO.id, kept=(), due_at=at.now)
    done = at.run(conclude)
    kept = (Kept(subject="post:x", why="hold"),)
    assert done == at.run(replace(conclude, kept=kept)) == at.get(asked.ref)
    assert done == conclude.recall(asked.ref, Seen({asked.ref: done}))
    place = PlaceHold(
        subject=POST.ref.subject,
        matter="Az. 1",
        basis="order",
        review_at=at.now + timedelta(days=1),
        actor=MO,
    )
    hold = at.run(place)
    at.run(WaitForHold(subject=POST.ref.subject, target_id=MO.id))
    release = ReleaseHold(hold_id=hold.id, actor=MO)
    released = at.run(release)

    assert "done" == at.get(asked.ref).state
    for command in (place, release):
        assert released == command.recall(hold.ref, Seen({hold.ref: released}))
