"""A decision names one revision and one ground, and takes effect in one change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.deciding import DecideCase
from moderation.cases.decision import (
    Decision,
    DecisionState,
    Measure,
    MemberMeasure,
    Outcome,
    PostBefore,
)
from moderation.cases.message import Message, MessageKind
from moderation.cases.opening import revise
from moderation.cases.statement import Statement
from moderation.change import Seen
from moderation.community.markup import render
from moderation.community.member import Member, WarningIssued
from moderation.community.post import PostState, Restriction, RestrictionKind
from moderation.detection import verdict
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category, Severity
from moderation.errors import Conflict, Invalid
from tests.support.apply_change import Office
from tests.support.casework import (
    INSIDER,
    MO,
    NOA,
    POST,
    REPORTED,
    case_on,
    claimed,
    decide,
    detected,
    noticed,
    office,
    proposal,
    refusal,
    settled,
)
from tests.support.community import FLAGGED, HELD, KIM, MEMBER, NOTHING, NOW, RULES, context, found

KEEP = proposal(Outcome.KEEP)
WARNING = WarningIssued(at=NOW, case_id="earlier", category="INSULT")


def _flagged() -> tuple[Office, Case]:
    at = office()
    return at, claimed(at, detected(at, FLAGGED))


def _held() -> tuple[Office, Case]:
    at = office()
    return at, claimed(at, detected(at, HELD))


def test_a_removal_takes_effect_with_everything_it_owes() -> None:
    """Case, post, statement and one message are written, the guard is gone, by one read."""
    at, case = _flagged()
    at.acts.clear()

    decision = decide(at, case)

    post, statement = at.get(POST.ref), at.all(Statement)[0]
    removal = Restriction(kind=RestrictionKind.REMOVAL, since=NOW)
    assert (PostState.REMOVED, (removal,)) == (post.state, post.restrictions)
    assert statement.id == decision.statement_id == post.statement_id
    assert decision.id == statement.decision_id
    assert (True, False) == (statement.automated_detection, statement.automated_decision)
    assert (MO.id, None) == (statement.decided_by, statement.approved_by)
    after = at.get(case.ref)
    assert (CaseState.DECIDED, decision, None, post) == (
        after.state,
        after.decision,
        after.claim,
        after.post,
    )
    assert [] == at.all(Guard)
    assert PostBefore(state=PostState.PUBLISHED) == decision.before
    assert [(MessageKind.DECISION, case.id, KIM.id)] == [
        (m.kind, m.about, m.to) for m in at.all(Message)
    ]
    assert 1 == at.reads


def test_the_log_says_what_was_decided_on_which_ground() -> None:
    """Each act carries outcome, category, ground and the revision judged."""
    at, case = _flagged()
    at.acts.clear()
    decide(at, case)
    assert [
        Action.CASE_DECIDE,
        Action.POST_REMOVE,
        Action.STATEMENT_ISSUE,
    ] == [act.action for act in at.acts]
    assert {("remove:INSULT", "norms@2026-11-23#185-StGB", 1)} == {
        (act.reason, act.rule, act.content) for act in at.acts
    }


def test_the_writes_of_a_decision_come_in_a_fixed_order() -> None:
    """Case, post, statement, message; then the guard is deleted."""
    at, case = _flagged()
    command = DecideCase(case_id=case.id, actor=MO, proposal=proposal(), rules=RULES, render=render)
    change = at.begin(command).change
    assert ["Case", "Post", "Statement", "Message"] == [type(p).__name__ for p in change.puts]
    assert (Guard.at(POST.id),) == change.deletes


def test_keeping_a_flagged_post_changes_nothing_about_it() -> None:
    """The case is decided, the post is not written, and nobody has to be told."""
    at, case = _flagged()
    at.acts.clear()
    decision = decide(at, case, KEEP)
    assert (POST, None) == (at.get(POST.ref), decision.statement_id)
    assert ([Action.CASE_DECIDE], []) == ([act.action for act in at.acts], at.all(Message))


def test_keeping_a_held_post_publishes_it_and_tells_the_author() -> None:
    """The hold ends, its statement no longer stands on the post, and its author hears of it."""
    at, case = _held()
    at.acts.clear()
    at.records = {r: v for r, v in at.records.items() if not isinstance(v, Message)}

    decide(at, case, proposal(Outcome.KEEP, Category.THREAT))

    assert POST == at.get(POST.ref)
    assert [Action.CASE_DECIDE, Action.POST_PUBLISH] == [act.action for act in at.acts]
    assert [KIM.id] == [m.to for m in at.all(Message)]
    assert None is at.get(case.ref).hold


def test_whoever_filed_a_notice_is_told_of_a_post_that_is_kept() -> None:
    """One message for the case; the author is not told, since nothing happened to him."""
    at = office()
    noticed(at, notifier=None)
    settled(at, case_on(at), KEEP)
    assert [(MessageKind.DECISION, None)] == [(m.kind, m.to) for m in at.all(Message)]


def test_a_removal_of_a_held_post_ends_the_hold() -> None:
    """One restriction replaces the other; a reversal will give back the post unheld."""
    at, case = _held()
    decision = decide(at, case, proposal(category=Category.THREAT))
    post = at.get(POST.ref)
    assert [RestrictionKind.REMOVAL] == [r.kind for r in post.restrictions]
    assert decision.statement_id == post.statement_id
    assert PostBefore(state=PostState.PUBLISHED) == decision.before


def test_a_redaction_hides_the_passage_and_nothing_else() -> None:
    """What readers are served has the passage blacked out; the author's words stay as they are."""
    at, case = _flagged()
    spans = (Span(POST.body.index("0123"), POST.body.index("0123") + 4),)
    measure = Measure(kind=RestrictionKind.REDACTION, spans=spans)
    decide(at, case, proposal(Outcome.REDACT, Category.DOX, measure=measure))

    post = at.get(POST.ref)
    assert (PostState.PUBLISHED, POST.body) == (post.state, post.body)
    assert "0123" not in post.html
    assert "████" in post.html
    assert (Action.POST_REDACT, RestrictionKind.REDACTION) == (
        at.acts[-2].action,
        at.all(Statement)[0].restriction,
    )


@pytest.mark.parametrize(
    ("measure", "state"),
    [
        (Measure(kind=RestrictionKind.DISABLING, territory=("DE",)), PostState.PUBLISHED),
        (Measure(kind=RestrictionKind.DISABLING), PostState.REMOVED),
        (Measure(kind=RestrictionKind.LABEL, until=NOW + timedelta(days=1)), PostState.PUBLISHED),
        (Measure(kind=RestrictionKind.AGE_GATE), PostState.PUBLISHED),
    ],
)
def test_a_restriction_is_imposed_as_named(measure: Measure, state: PostState) -> None:
    """Kind, territory and end are those of the decision, in post and statement alike."""
    at, case = _held()
    decide(at, case, proposal(Outcome.RESTRICT, Category.SYMBOL, measure=measure))
    post, statement = at.get(POST.ref), at.all(Statement)[-1]
    assert state is post.state
    assert [(measure.kind, measure.territory, measure.until)] == [
        (r.kind, r.territory, r.until) for r in post.restrictions
    ]
    assert (measure.kind, measure.territory, measure.until) == (
        statement.restriction,
        statement.scope,
        statement.until,
    )


def test_the_category_may_be_corrected() -> None:
    """The decision's category is the case's from then on."""
    at, case = _flagged()
    decide(at, case, proposal(category=Category.HATE))
    after = at.get(case.ref)
    assert (Category.HATE, Severity.S3) == (after.category, after.severity)


def test_deciding_takes_the_claim() -> None:
    """Without one, after one ran out, and with another's."""
    at = office()
    case = detected(at, FLAGGED)
    codes = []
    with pytest.raises(Conflict) as refused:
        decide(at, case)
    codes.append(refused.value.code)
    claimed(at, case, NOA)
    with pytest.raises(Conflict) as refused:
        decide(at, case)
    codes.append(refused.value.code)
    at.later(minutes=10)
    with pytest.raises(Conflict) as refused:
        decide(at, case, actor=NOA)
    codes.append(refused.value.code)
    assert ["not-claimed", "claimed", "not-claimed"] == codes


def test_a_case_is_decided_once() -> None:
    """Whoever comes second is told that it is no longer open."""
    at, case = _flagged()
    decide(at, case)
    with pytest.raises(Conflict) as refused:
        decide(at, case)
    assert "case-not-open" == refused.value.code


def test_nobody_decides_on_words_he_has_not_seen() -> None:
    """An edit after the claim, or a revision made up, is refused with both numbers."""
    at, case = _flagged()
    edited = replace(POST, body="Neu.", revision=2)
    revised = revise(case, edited, NOTHING, KIM, context=context(), rules=RULES)
    at.put(revised.post, revised.case)
    for revision in (1, 3):
        with pytest.raises(Conflict) as refused:
            decide(at, case, proposal(revision=revision))
        assert ("content-changed", {"judged": revision, "current": 2}) == (
            refused.value.code,
            refused.value.data,
        )
    assert DecisionState.EFFECTIVE is decide(at, case, proposal(revision=2)).state


def test_a_deletion_does_not_stand_in_the_way() -> None:
    """The words judged are still those; the finding is on record, the post stays deleted."""
    at, case = _held()
    gone = replace(case.post, state=PostState.DELETED)
    at.put(gone, replace(case, post=gone))
    decision = decide(at, case, proposal(category=Category.THREAT))
    assert (PostState.DELETED, PostState.DELETED) == (
        at.get(POST.ref).state,
        decision.before.state,
    )
    assert decision.statement_id == at.all(Statement)[-1].id


def test_keeping_a_deleted_post_that_was_held_publishes_nothing() -> None:
    """The hold is lifted in the log as a restriction taken back."""
    at, case = _held()
    gone = replace(case.post, state=PostState.DELETED)
    at.put(gone, replace(case, post=gone))
    at.records = {r: v for r, v in at.records.items() if not isinstance(v, Message)}
    decide(at, case, proposal(Outcome.KEEP, Category.THREAT))
    assert (PostState.DELETED, ()) == (at.get(POST.ref).state, at.get(POST.ref).restrictions)
    assert Action.POST_RESTORE == at.acts[-1].action
    assert [] == at.all(Message)


def test_content_about_the_operator_awaits_a_second_person() -> None:
    """The moderator says so: nothing changes but the case, which keeps its category till then."""
    at, case = _flagged()
    at.acts.clear()

    decision = decide(at, case, proposal(category=Category.TC, about_operator=True))

    after = at.get(case.ref)
    assert DecisionState.AWAITING_APPROVAL is decision.state
    assert (CaseState.AWAITING_APPROVAL, None, True, Category.INSULT) == (
        after.state,
        after.claim,
        after.about_operator,
        after.category,
    )
    assert POST == at.get(POST.ref)
    assert [Guard(post_id=POST.id, case_id=case.id)] == at.all(Guard)
    assert [(Action.CASE_PROPOSE, "remove:TC", "terms@2026-11-23#respect")] == [
        (act.action, act.reason, act.rule) for act in at.acts
    ]


@pytest.mark.parametrize("by", ["verdict", "post"])
def test_detection_says_so_too(by: str) -> None:
    """Whether the verdict or the post is marked, a restriction waits and keeping does not."""
    post = replace(POST, operator=by == "post")
    for asked, state in (
        (proposal(), DecisionState.AWAITING_APPROVAL),
        (KEEP, DecisionState.EFFECTIVE),
    ):
        at = office(post)
        finding = found(Category.INSULT, verdict.Action.FLAG, about_operator=by == "verdict")
        assert state is settled(at, detected(at, finding, post), asked).state


def test_the_criticised_unit_does_not_say_that_it_is_about_itself_and_decide() -> None:
    """A moderator of the board's unit may work there, but not on content about the operator."""
    at = office()
    case = claimed(at, detected(at, FLAGGED), INSIDER)
    with pytest.raises(Conflict) as refused:
        decide(at, case, proposal(about_operator=True), INSIDER)
    assert "conflict-of-interest" == refused.value.code
    assert DecisionState.EFFECTIVE is decide(at, case, actor=INSIDER).state


def test_a_warning_is_written_beside_the_removal() -> None:
    """The author's record carries it, with an act of its own; it takes one read more."""
    at, case = _flagged()
    decide(at, case, proposal(member_measure=MemberMeasure(kind="warn")))
    warning = WarningIssued(at=NOW, case_id=case.id, category="INSULT")
    assert (warning,) == at.get(MEMBER.ref).warnings
    assert Action.MEMBER_WARN == at.acts[-1].action
    assert 2 == at.reads
    assert "verwarnt" in at.all(Statement)[0].text


def test_a_suspension_takes_a_warning_before() -> None:
    """Refused without one (DSA Art. 23(1))."""
    at, case = _flagged()
    suspend = proposal(member_measure=MemberMeasure(kind="suspend"))
    with pytest.raises(Invalid) as refused:
        decide(at, case, suspend)
    assert ("invalid", ["/member_measure/kind"]) == refusal(refused)


@pytest.mark.parametrize("days", [None, 3])
def test_a_suspension_always_ends(days: int | None) -> None:
    """At the hour named, or after thirty days where none is."""
    at, case = _flagged()
    at.put(replace(MEMBER, warnings=(WARNING,)))
    until = None if days is None else NOW + timedelta(days=days)
    measure = MemberMeasure(kind="suspend", until=until)
    decision = decide(at, case, proposal(member_measure=measure))
    member = at.get(Member.at(KIM.id))
    assert (NOW, NOW + timedelta(days=days or 30)) == (
        member.suspended_at,
        member.suspended_until,
    )
    assert decision.member_measure is not None
    assert member.suspended_until == decision.member_measure.until
    assert Action.MEMBER_SUSPEND == at.acts[-1].action


def test_a_threat_to_life_is_decided_with_its_referral() -> None:
    """The report stays on the case; the author reads neutral words that say nothing of it."""
    at, case = _held()
    asked = proposal(category=Category.LIFE_THREAT, facts="Anzeige beim BKA.", referral=REPORTED)
    decision = decide(at, case, asked)
    statement = at.all(Statement)[-1]
    assert REPORTED == decision.referral
    assert "BKA" not in statement.text + statement.facts
    assert "Ohne Sachbezug" not in statement.text


def test_an_answer_is_given_again_after_everything_else() -> None:
    """A repeated request gets the decision, whatever has become of the case since."""
    at, case = _flagged()
    first = decide(at, case, proposal(about_operator=True))
    command = DecideCase(case_id=case.id, actor=MO, proposal=proposal(), rules=RULES, render=render)
    later: Decision = replace(first, state=DecisionState.REJECTED)
    at.put(later, replace(at.get(case.ref), decision=None, state=CaseState.OPEN))
    seen = Seen({case.ref: at.get(case.ref), first.ref: later})
    assert later == command.recall(first.ref, seen)
