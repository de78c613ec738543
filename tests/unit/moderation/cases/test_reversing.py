"""What an author's appeal wins back is given back in the same change."""

from dataclasses import replace
from datetime import timedelta

from moderation.audit.actions import Action
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, CaseState
from moderation.cases.decision import DecisionState, Measure, MemberMeasure, Outcome
from moderation.cases.effect import Bench
from moderation.cases.message import Message, MessageKind
from moderation.cases.reversing import undone
from moderation.cases.statement import Statement
from moderation.change import Change
from moderation.community.markup import render
from moderation.community.member import WarningIssued
from moderation.community.post import Post, PostState, RestrictionKind
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category
from tests.support.apply_change import Office
from tests.support.casework import (
    NOA,
    POST,
    detected,
    heard,
    objected,
    office,
    proposal,
    settled,
)
from tests.support.community import FLAGGED, HELD, KIM, MEMBER, NOW, RULES, context


def _removed(post: Post = POST) -> tuple[Office, Case, Appeal]:
    at = office(post)
    case = detected(at, FLAGGED, post)
    settled(at, case)
    appeal = objected(at, at.all(Statement)[0])
    at.acts.clear()
    return at, at.get(case.ref), appeal


def test_a_reversal_gives_back_what_was_taken() -> None:
    """Post, case and appeal change together; the author is told; three reads at most."""
    at, case, appeal = _removed()
    at.later(hours=2)

    answer = heard(at, appeal)

    assert POST == at.get(POST.ref)
    decision = at.get(case.ref).decision
    assert decision is not None
    assert DecisionState.REVERSED is decision.state
    assert ("decided", "reversed", "Wir haben es nochmals gelesen.", NOA.id, at.now) == (
        answer.state,
        answer.outcome,
        answer.outcome_reasons,
        answer.decided_by,
        answer.decided_at,
    )
    assert [
        (Action.APPEAL_REVERSE, appeal.ref),
        (Action.APPEAL_REVERSE, case.ref),
        (Action.POST_RESTORE, POST.ref),
    ] == [(act.action, act.subject) for act in at.acts]
    told = at.all(Message)[-1]
    assert (MessageKind.APPEAL_DECIDED, appeal.id, KIM.id) == (told.kind, told.about, told.to)
    assert 3 >= at.reads


def test_a_reversed_redaction_shows_the_words_again() -> None:
    """What readers are served is rendered anew from the author's words."""
    post = replace(POST, html=render(POST.body))
    at = office(post)
    case = detected(at, FLAGGED, post)
    measure = Measure(kind=RestrictionKind.REDACTION, spans=(Span(0, 5),))
    settled(at, case, proposal(Outcome.REDACT, Category.DOX, measure=measure))
    heard(at, objected(at, at.all(Statement)[0]))
    assert post == at.get(POST.ref)


def test_a_reversal_lifts_a_suspension_and_takes_back_a_warning() -> None:
    """The measure against the author goes with the decision it came with, others stay."""
    earlier = WarningIssued(at=NOW, case_id="earlier", category="INSULT")
    for kind in ("warn", "suspend"):
        at = office()
        at.put(replace(MEMBER, warnings=(earlier,)))
        case = detected(at, FLAGGED)
        measure = MemberMeasure(kind="warn" if kind == "warn" else "suspend")
        settled(at, case, proposal(member_measure=measure))
        assert replace(MEMBER, warnings=(earlier,)) != at.get(MEMBER.ref)
        heard(at, objected(at, at.all(Statement)[0]))
        assert replace(MEMBER, warnings=(earlier,)) == at.get(MEMBER.ref)
        assert (Action.MEMBER_LIFT, MEMBER.ref) == (at.acts[-1].action, at.acts[-1].subject)


def test_a_suspension_by_another_decision_stays() -> None:
    """Only the end that this decision set is lifted."""
    at = office()
    at.put(replace(MEMBER, warnings=(WarningIssued(at=NOW, case_id="x", category="INSULT"),)))
    settled(at, detected(at, FLAGGED), proposal(member_measure=MemberMeasure(kind="suspend")))
    longer = replace(at.get(MEMBER.ref), suspended_until=NOW + timedelta(days=90))
    at.put(longer)
    heard(at, objected(at, at.all(Statement)[0]))
    assert longer == at.get(MEMBER.ref)


def test_a_newer_open_case_is_kept_in_step_and_its_hold_stays() -> None:
    """The old restriction goes; what a newer finding holds is held until that is decided."""
    at = office()
    case = detected(at, FLAGGED)
    label = Measure(kind=RestrictionKind.LABEL)
    settled(at, case, proposal(Outcome.RESTRICT, measure=label))
    first = at.all(Statement)[0]
    at.later(hours=1)
    labelled = at.get(POST.ref)
    newer = detected(at, HELD, labelled)
    appeal = objected(at, first)
    at.acts.clear()

    heard(at, appeal)

    post = at.get(POST.ref)
    assert (PostState.HELD, [RestrictionKind.HOLD]) == (
        post.state,
        [r.kind for r in post.restrictions],
    )
    assert newer.post.statement_id == post.statement_id
    after = at.get(newer.ref)
    assert (CaseState.OPEN, post, newer.hold) == (after.state, after.post, after.hold)
    assert (Action.CASE_UPDATE, "post:appeal") == (at.acts[2].action, at.acts[2].reason)


def test_of_two_restrictions_the_other_stays_with_its_reasons() -> None:
    """A label from before is all that is left after a reversed removal."""
    at = office()
    label = Measure(kind=RestrictionKind.LABEL)
    settled(at, detected(at, FLAGGED), proposal(Outcome.RESTRICT, measure=label))
    labelled = at.get(POST.ref)
    at.later(hours=1)
    settled(at, detected(at, FLAGGED, labelled))
    heard(at, objected(at, at.all(Statement)[1]))
    assert labelled == at.get(POST.ref)


def test_a_reversed_label_under_a_removal_leaves_the_removal() -> None:
    """The reasons that stand on the post are those of what still restricts it."""
    at = office()
    label = Measure(kind=RestrictionKind.LABEL)
    settled(at, detected(at, FLAGGED), proposal(Outcome.RESTRICT, measure=label))
    at.later(hours=1)
    settled(at, detected(at, FLAGGED, at.get(POST.ref)))
    removal = at.all(Statement)[1]
    heard(at, objected(at, at.all(Statement)[0]))
    post = at.get(POST.ref)
    assert (PostState.REMOVED, removal.id) == (post.state, post.statement_id)


def test_a_hold_that_is_reversed_publishes_the_post_and_leaves_the_case_open() -> None:
    """The question is still to be decided, without the restriction."""
    at = office()
    case = detected(at, HELD)
    appeal = objected(at, at.all(Statement)[0])
    at.acts.clear()
    heard(at, appeal)
    after = at.get(case.ref)
    assert POST == at.get(POST.ref)
    assert (CaseState.OPEN, None, POST) == (after.state, after.hold, after.post)
    assert [Action.APPEAL_REVERSE, Action.CASE_UPDATE, Action.POST_RESTORE] == [
        act.action for act in at.acts
    ]


def test_a_hold_under_a_label_gives_the_labels_reasons_back() -> None:
    """The statement that the hold replaced stands on the post again."""
    at = office()
    label = Measure(kind=RestrictionKind.LABEL)
    settled(at, detected(at, FLAGGED), proposal(Outcome.RESTRICT, measure=label))
    labelled = at.get(POST.ref)
    at.later(hours=1)
    detected(at, HELD, labelled)
    heard(at, objected(at, at.all(Statement)[1]))
    assert labelled == at.get(POST.ref)


def test_a_hold_that_is_gone_leaves_nothing_to_give_back() -> None:
    """The appeal succeeds on record; the decision that came since stands."""
    at = office()
    case = detected(at, HELD)
    appeal = objected(at, at.all(Statement)[0])
    at.later(minutes=1)
    settled(at, case, proposal(category=Category.THREAT))
    before, decided = at.get(POST.ref), at.get(case.ref)
    at.acts.clear()
    heard(at, appeal)
    assert (before, decided) == (at.get(POST.ref), at.get(case.ref))
    assert [Action.APPEAL_REVERSE] == [act.action for act in at.acts]


def test_a_post_deleted_since_stays_deleted() -> None:
    """The restriction is taken back, the author's own will is not."""
    at, _, appeal = _removed()
    at.put(replace(at.get(POST.ref), state=PostState.DELETED))
    heard(at, appeal)
    post = at.get(POST.ref)
    assert (PostState.DELETED, (), None) == (post.state, post.restrictions, post.statement_id)


def test_a_case_without_a_decision_has_nothing_to_undo() -> None:
    """Nothing is written, and nothing logged."""
    bench = Bench(actor=NOA, context=context(), rules=RULES, render=render)
    assert Change(answer=None) == undone(detected(office(), FLAGGED), "x", bench)
