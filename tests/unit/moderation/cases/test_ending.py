"""What was restricted for a time is free again at its hour, and nothing else with it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Case, Guard
from moderation.cases.decision import Measure, Outcome
from moderation.cases.ending import end_measure
from moderation.cases.lapsing import LapseHold
from moderation.cases.message import Message, MessageKind
from moderation.cases.statement import Statement
from moderation.change import Change, More, Seen
from moderation.community.markup import render
from moderation.community.post import Post, PostState, RestrictionKind
from moderation.detection import verdict
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category
from moderation.records import Record, Ref
from tests.support.apply_change import Office
from tests.support.casework import (
    POST,
    case_on,
    detected,
    heard,
    objected,
    office,
    proposal,
    settled,
)
from tests.support.community import FLAGGED, KIM, NOW, context, found

END = NOW + timedelta(days=2)
SHOWN = replace(POST, html=render(POST.body))
COVER = Measure(kind=RestrictionKind.REDACTION, spans=(Span(0, 3),), until=END)
LABEL = Measure(kind=RestrictionKind.LABEL)
GUARD = Guard.at(POST.id)


def _restricted(measure: Measure, post: Post = SHOWN) -> tuple[Office, Case]:
    at = office(post)
    case = detected(at, FLAGGED, post)
    redacts = measure.kind is RestrictionKind.REDACTION
    asked = proposal(Outcome.REDACT if redacts else Outcome.RESTRICT, measure=measure)
    settled(at, case, asked)
    at.acts.clear()
    return at, at.get(case.ref)


def _ring(at: Office, case: Case) -> str:
    return at.run(LapseHold(case_id=case.id))


@pytest.mark.parametrize(
    "measure",
    [COVER, replace(LABEL, until=END), Measure(kind=RestrictionKind.DISABLING, until=END)],
)
def test_at_its_hour_a_measure_ends(measure: Measure) -> None:
    """Post as before, author told, one act each; the second ring finds nothing."""
    at, case = _restricted(measure)
    assert END == case.lapses_at
    at.now = END - timedelta(milliseconds=1)
    assert "nothing" == _ring(at, case)

    at.now = END
    assert "ended" == _ring(at, case)

    assert SHOWN == at.get(POST.ref)
    assert None is at.get(case.ref).lapses_at
    assert [(Action.CASE_UPDATE, Via.JOB), (Action.POST_LAPSE, Via.JOB)] == [
        (act.action, act.via) for act in at.acts
    ]
    told = at.all(Message)[-1]
    assert (MessageKind.RESTORED, case.id, KIM.id) == (told.kind, told.about, told.to)
    assert "nothing" == _ring(at, case)


def test_a_measure_without_an_end_has_none() -> None:
    """Nothing for the clock to do."""
    at, case = _restricted(LABEL)
    at.later(days=900)
    assert (None, "nothing") == (case.lapses_at, _ring(at, case))


def test_what_was_reversed_before_its_hour_does_not_end_twice() -> None:
    """The appeal took it back; the clock is off."""
    at, case = _restricted(COVER)
    heard(at, objected(at, at.all(Statement)[0]))
    at.now = END
    assert (None, "nothing") == (at.get(case.ref).lapses_at, _ring(at, case))


def test_a_label_from_before_stays_with_its_reasons() -> None:
    """Only what was decided for a time ends with it."""
    at, _ = _restricted(LABEL)
    labelled = at.get(POST.ref)
    at.later(hours=1)
    second = detected(at, FLAGGED, labelled)
    settled(at, second, proposal(Outcome.REDACT, measure=COVER))
    at.now = END
    assert "ended" == _ring(at, second)
    assert labelled == at.get(POST.ref)


def test_a_case_opened_since_is_kept_in_step_with_its_hold() -> None:
    """The post stays held under a finding of its own, and its reasons are the newer ones."""
    at, case = _restricted(replace(LABEL, until=END))
    at.now = END
    newer = detected(at, found(Category.FRAUD, verdict.Action.HOLD), at.get(POST.ref))
    at.acts.clear()
    assert "ended" == _ring(at, case)
    post = at.get(POST.ref)
    assert (PostState.HELD, newer.post.statement_id) == (post.state, post.statement_id)
    assert (post, newer.hold) == (case_on(at).post, case_on(at).hold)
    assert [Action.CASE_UPDATE, Action.CASE_UPDATE, Action.POST_LAPSE] == [
        act.action for act in at.acts
    ]


def test_what_is_written_has_been_read() -> None:
    """Post and guard first, then the case the guard names."""
    at, case = _restricted(replace(LABEL, until=END))
    newer = detected(at, FLAGGED, at.get(POST.ref))
    seen: dict[Ref[Any], Record | None] = {POST.ref: at.get(POST.ref), GUARD: at.get(GUARD)}
    nothing: dict[Ref[Any], Record | None] = {}
    ended = [
        end_measure(case, END, Seen(known), context(END), render)
        for known in (nothing, seen, {**seen, newer.ref: newer})
    ]
    assert [More((POST.ref, GUARD)), More((newer.ref,))] == ended[:2]
    assert isinstance(ended[2], Change)
