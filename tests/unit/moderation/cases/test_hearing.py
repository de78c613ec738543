"""An appeal is heard by somebody new; what succeeds is given back in the same change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.appeal import Appeal
from moderation.cases.appealing import AppealNotice, AppealStatement
from moderation.cases.case import Case, CaseState, Guard, NoticeLink, Opener
from moderation.cases.decision import DecisionState, Measure, MemberMeasure, Outcome
from moderation.cases.hearing import DecideAppeal
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.community.markup import render
from moderation.community.member import WarningIssued
from moderation.community.post import Post, PostState, RestrictionKind
from moderation.detection import verdict
from moderation.detection.signal import Span
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
    case_on,
    claimed,
    detected,
    noticed,
    office,
    proposal,
    settled,
)
from tests.support.community import ALEX, FLAGGED, HELD, KIM, MEMBER, NOW, RULES, found


def _hear(
    at: Office,
    appeal: Appeal,
    outcome: str = "reversed",
    actor: Actor = NOA,
    reasons: str = "Geprüft.",
) -> Appeal:
    return at.run(
        DecideAppeal(
            appeal_id=appeal.id,
            actor=actor,
            outcome="upheld" if outcome == "upheld" else "reversed",
            reasons=reasons,
            rules=RULES,
            render=render,
        )
    )


def _objected(at: Office, statement: Statement) -> Appeal:
    at.acts.clear()
    return at.run(
        AppealStatement(statement_id=statement.id, actor=KIM, reasons="Zitat.", rules=RULES)
    )


def _insisted(at: Office, notice: Notice, actor: Actor | None = None) -> Appeal:
    return at.run(AppealNotice(notice_id=notice.id, reasons="Doch.", rules=RULES, actor=actor))


def _removed(post: Post = POST) -> tuple[Office, Case, Appeal]:
    at = office(post)
    case = detected(at, FLAGGED, post)
    settled(at, case)
    appeal = _objected(at, at.all(Statement)[0])
    at.acts.clear()
    return at, at.get(case.ref), appeal


def _kept() -> tuple[Office, Case, Notice, Appeal]:
    at = office()
    notice = noticed(at, category=Category.INSULT, actor=ALEX)
    case = case_on(at)
    settled(at, case, proposal(Outcome.KEEP, Category.REVIEW_OPINION))
    appeal = _insisted(at, notice, ALEX)
    at.acts.clear()
    return at, at.get(case.ref), notice, appeal


def test_a_reversal_gives_back_what_was_taken() -> None:
    """Post, case and appeal change together; the author is told; three reads at most."""
    at, case, appeal = _removed()
    at.later(hours=2)

    heard = _hear(at, appeal)

    assert POST == at.get(POST.ref)
    decision = at.get(case.ref).decision
    assert decision is not None
    assert DecisionState.REVERSED is decision.state
    assert ("decided", "reversed", "Geprüft.", NOA.id, at.now) == (
        heard.state,
        heard.outcome,
        heard.outcome_reasons,
        heard.decided_by,
        heard.decided_at,
    )
    assert [
        (Action.APPEAL_REVERSE, appeal.ref),
        (Action.APPEAL_REVERSE, case.ref),
        (Action.POST_RESTORE, POST.ref),
    ] == [(act.action, act.subject) for act in at.acts]
    told = at.all(Message)[-1]
    assert (MessageKind.APPEAL_DECIDED, appeal.id, KIM.id) == (told.kind, told.about, told.to)
    assert 3 >= at.reads


def test_an_appeal_that_is_upheld_changes_nothing_else() -> None:
    """The decision stands, and the author is told why."""
    at, case, appeal = _removed()
    before = at.get(POST.ref)
    heard = _hear(at, appeal, "upheld")
    assert (before, case) == (at.get(POST.ref), at.get(case.ref))
    assert ("upheld", [Action.APPEAL_UPHOLD]) == (heard.outcome, [a.action for a in at.acts])
    assert MessageKind.APPEAL_DECIDED is at.all(Message)[-1].kind


@pytest.mark.parametrize("actor", [MO, KIM])
def test_nobody_hears_an_appeal_he_had_a_part_in(actor: Actor) -> None:
    """Neither the decider nor the appellant."""
    at, _, appeal = _removed()
    with pytest.raises(Conflict) as refused:
        _hear(at, appeal, actor=actor)
    assert "conflict-of-interest" == refused.value.code


def test_who_only_approved_does_not_hear_it_either_nor_does_the_unit() -> None:
    """On content about the operator, the criticised unit stays outside here too."""
    at = office()
    case = detected(at, FLAGGED)
    settled(at, case, proposal(about_operator=True))
    approved(at, case)
    appeal = _objected(at, at.all(Statement)[0])
    for actor in (MO, APP, INSIDER):
        with pytest.raises(Conflict) as refused:
            _hear(at, appeal, actor=actor)
        assert "conflict-of-interest" == refused.value.code
    assert "reversed" == _hear(at, appeal).outcome


def test_an_appeal_is_heard_once_and_with_reasons() -> None:
    """No second hearing, and none without a word."""
    at, _, appeal = _removed()
    with pytest.raises(Invalid):
        _hear(at, appeal, reasons=" ")
    _hear(at, appeal)
    with pytest.raises(Conflict) as refused:
        _hear(at, appeal, actor=APP)
    assert "appeal-decided" == refused.value.code


def test_a_reversed_redaction_shows_the_words_again() -> None:
    """What readers are served is rendered anew from the author's words."""
    post = replace(POST, html=render(POST.body))
    at = office(post)
    case = detected(at, FLAGGED, post)
    measure = Measure(kind=RestrictionKind.REDACTION, spans=(Span(0, 5),))
    settled(at, case, proposal(Outcome.REDACT, Category.DOX, measure=measure))
    _hear(at, _objected(at, at.all(Statement)[0]))
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
        _hear(at, _objected(at, at.all(Statement)[0]))
        assert replace(MEMBER, warnings=(earlier,)) == at.get(MEMBER.ref)
        assert (Action.MEMBER_LIFT, MEMBER.ref) == (at.acts[-1].action, at.acts[-1].subject)


def test_a_suspension_by_another_decision_stays() -> None:
    """Only the end that this decision set is lifted."""
    at = office()
    at.put(replace(MEMBER, warnings=(WarningIssued(at=NOW, case_id="x", category="INSULT"),)))
    settled(at, detected(at, FLAGGED), proposal(member_measure=MemberMeasure(kind="suspend")))
    longer = replace(at.get(MEMBER.ref), suspended_until=NOW + timedelta(days=90))
    at.put(longer)
    _hear(at, _objected(at, at.all(Statement)[0]))
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
    appeal = _objected(at, first)
    at.acts.clear()

    _hear(at, appeal)

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
    _hear(at, _objected(at, at.all(Statement)[1]))
    assert labelled == at.get(POST.ref)


def test_a_reversed_label_under_a_removal_leaves_the_removal() -> None:
    """The reasons that stand on the post are those of what still restricts it."""
    at = office()
    label = Measure(kind=RestrictionKind.LABEL)
    settled(at, detected(at, FLAGGED), proposal(Outcome.RESTRICT, measure=label))
    at.later(hours=1)
    settled(at, detected(at, FLAGGED, at.get(POST.ref)))
    removal = at.all(Statement)[1]
    _hear(at, _objected(at, at.all(Statement)[0]))
    post = at.get(POST.ref)
    assert (PostState.REMOVED, removal.id) == (post.state, post.statement_id)


def test_a_hold_that_is_reversed_publishes_the_post_and_leaves_the_case_open() -> None:
    """The question is still to be decided, without the restriction."""
    at = office()
    case = detected(at, HELD)
    appeal = _objected(at, at.all(Statement)[0])
    at.acts.clear()
    _hear(at, appeal)
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
    _hear(at, _objected(at, at.all(Statement)[1]))
    assert labelled == at.get(POST.ref)


def test_a_hold_that_is_gone_leaves_nothing_to_give_back() -> None:
    """The appeal succeeds on record; the decision that came since stands."""
    at = office()
    case = detected(at, HELD)
    appeal = _objected(at, at.all(Statement)[0])
    at.later(minutes=1)
    settled(at, case, proposal(category=Category.THREAT))
    before, decided = at.get(POST.ref), at.get(case.ref)
    at.acts.clear()
    _hear(at, appeal)
    assert (before, decided) == (at.get(POST.ref), at.get(case.ref))
    assert [Action.APPEAL_REVERSE] == [act.action for act in at.acts]


def test_a_post_deleted_since_stays_deleted() -> None:
    """The restriction is taken back, the author's own will is not."""
    at, _, appeal = _removed()
    at.put(replace(at.get(POST.ref), state=PostState.DELETED))
    _hear(at, appeal)
    post = at.get(POST.ref)
    assert (PostState.DELETED, (), None) == (post.state, post.restrictions, post.statement_id)


def test_a_notifier_who_is_right_has_it_judged_anew_by_others() -> None:
    """A fresh case opens under the notice's category; who kept the post is excluded."""
    at, old, notice, appeal = _kept()
    at.later(days=1)

    _hear(at, appeal)

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
    _hear(at, appeal)
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
    _hear(at, _insisted(at, notice))
    assert (case_on(at).id, None) == tuple(item.case_id for item in at.get(notice.ref).items)


def test_a_notifiers_appeal_may_be_upheld() -> None:
    """The post stays, and the notifier is told; the author never hears of it."""
    at, old, _, appeal = _kept()
    _hear(at, appeal, "upheld")
    assert (old, []) == (at.get(old.ref), at.all(Guard))
    assert ALEX.id == at.all(Message)[-1].to
