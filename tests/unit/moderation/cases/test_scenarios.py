"""Hard cases from practice, each with the outcome the law and our own rules ask for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.cases.case import Guard
from moderation.cases.decision import DecisionState, Measure, MemberMeasure, Outcome, Referral
from moderation.cases.lapsing import LapseHold
from moderation.cases.message import Message, MessageKind
from moderation.cases.statement import Statement
from moderation.community.post import PostState, RestrictionKind
from moderation.detection import verdict
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category
from moderation.errors import Conflict, Invalid
from moderation.ids import PostId
from tests.support.casework import (
    APP,
    INSIDER,
    MO,
    NOA,
    POST,
    REPORTED,
    approved,
    case_on,
    claimed,
    decide,
    detected,
    heard,
    insisted,
    noticed,
    objected,
    office,
    proposal,
    refusal,
    settled,
)
from tests.support.community import MEMBER, SASCHA, found, ulid

FLAG, HOLD = verdict.Action.FLAG, verdict.Action.HOLD
REVIEW = replace(POST, body="Überteuerter Schrott, nie wieder!", operator=True)
KEEP_OPINION = proposal(Outcome.KEEP, Category.REVIEW_OPINION)


def test_a_harsh_review_of_the_operator_stays() -> None:
    """No removal as an opinion, none by the unit concerned, none without a second person."""
    at = office(REVIEW)
    noticed(at, REVIEW)
    case = case_on(at, REVIEW)
    with pytest.raises(Conflict):
        claimed(at, case, INSIDER)
    claimed(at, case)
    with pytest.raises(Invalid) as refused:
        decide(at, case, proposal(category=Category.REVIEW_OPINION))
    assert ("invalid", ["/category"]) == refusal(refused)
    decide(at, case, KEEP_OPINION)
    assert (REVIEW, []) == (at.get(REVIEW.ref), at.all(Statement))


def test_a_report_of_a_dangerous_product_is_never_hidden() -> None:
    """A safety signal cannot be removed, restricted or redacted, whoever asks."""
    at = office(REVIEW)
    notice = noticed(at, REVIEW, actor=SASCHA, category=Category.SAFETY_SIGNAL)
    assert notice.self_interested
    case = case_on(at, REVIEW)
    claimed(at, case)
    label = Measure(kind=RestrictionKind.LABEL)
    cover = Measure(kind=RestrictionKind.REDACTION, spans=(Span(0, 1),))
    for asked in (
        proposal(Outcome.REMOVE, Category.SAFETY_SIGNAL),
        proposal(Outcome.RESTRICT, Category.SAFETY_SIGNAL, measure=label),
        proposal(Outcome.REDACT, Category.SAFETY_SIGNAL, measure=cover),
    ):
        with pytest.raises(Invalid):
            decide(at, case, asked)


def test_a_symbol_in_a_history_lesson_stays_and_as_a_greeting_goes() -> None:
    """A human looks at the context; keeping owes no statement, removing does."""
    lesson, greeting = office(), office()
    for at, asked in (
        (lesson, proposal(Outcome.KEEP, Category.SYMBOL)),
        (greeting, proposal(category=Category.SYMBOL)),
    ):
        settled(at, detected(at, found(Category.SYMBOL, FLAG)), asked)
    assert (POST, []) == (lesson.get(POST.ref), lesson.all(Statement))
    assert PostState.REMOVED is greeting.get(POST.ref).state
    assert "§ 86 StGB" in greeting.all(Statement)[0].text


def test_a_threat_to_life_is_hidden_reported_and_answered_neutrally() -> None:
    """Held at once, a human woken, no decision without the referral, no word of it outside."""
    at = office()
    case = detected(at, found(Category.LIFE_THREAT, HOLD))
    assert PostState.HELD is at.get(POST.ref).state
    assert MessageKind.URGENT in {message.kind for message in at.all(Message)}
    claimed(at, case)
    with pytest.raises(Invalid) as refused:
        decide(at, case, proposal(category=Category.LIFE_THREAT))
    assert ("invalid", ["/referral"]) == refusal(refused)
    decide(at, case, proposal(category=Category.LIFE_THREAT, referral=REPORTED))
    assert not any(
        word in statement.text for statement in at.all(Statement) for word in ("BKA", "Polizei")
    )


def test_a_cry_for_help_is_no_offence() -> None:
    """Help first; no report to the police is on offer, and nobody is warned or suspended."""
    at = office()
    case = detected(at, found(Category.SELF_HARM, HOLD, help_offered=True))
    claimed(at, case)
    for wrong in (
        proposal(category=Category.SELF_HARM, referral=Referral(made=False, why="x")),
        proposal(category=Category.SELF_HARM, member_measure=MemberMeasure(kind="warn")),
    ):
        with pytest.raises(Invalid):
            decide(at, case, wrong)
    decide(at, case, proposal(Outcome.KEEP, Category.SELF_HARM))
    assert (POST, MEMBER) == (at.get(POST.ref), at.get(MEMBER.ref))


def test_each_of_forty_notices_is_answered() -> None:
    """However many there are on one post: one case, and one message that reaches them all."""
    at = office()
    for _ in range(40):
        noticed(at, notifier=None)
    case = case_on(at)
    settled(at, case, proposal(Outcome.KEEP))
    assert 40 == at.get(case.ref).notice_count
    assert [MessageKind.DECISION] == [message.kind for message in at.all(Message)]


def test_an_appeal_never_lands_with_who_decided_or_approved() -> None:
    """Refused for both; where nobody else is there, it waits and is never decided by machine."""
    at = office()
    settled(at, detected(at, found(Category.INSULT, FLAG)), proposal(about_operator=True))
    approved(at, case_on(at))
    appeal = objected(at, at.all(Statement)[0])
    for actor in (MO, APP):
        with pytest.raises(Conflict):
            heard(at, appeal, actor=actor)
    assert "open" == at.get(appeal.ref).state


def test_a_machines_hold_is_judged_by_a_human() -> None:
    """An appeal against an automatic hold is decided by a person, and can give the post back."""
    at = office()
    case = detected(at, found(Category.FRAUD, HOLD))
    heard(at, objected(at, at.all(Statement)[0]))
    assert POST == at.get(POST.ref)
    assert at.get(case.ref).decision is None


def test_a_notice_without_a_name_is_taken_for_any_category() -> None:
    """For the gravest as the law says, for the others as well; no form turns anybody away."""
    for category in (Category.CSAM, Category.DEFAM_FACT, None):
        at = office()
        notice = noticed(at, notifier=None, category=category)
        assert notice.items[0].case_id == case_on(at).id


def test_reasons_cannot_be_rewritten_after_the_appeal_came() -> None:
    """A decided case takes no second decision; the statement stays as it was issued."""
    at = office()
    case = detected(at, found(Category.INSULT, FLAG))
    settled(at, case)
    issued = at.all(Statement)[0]
    objected(at, issued)
    with pytest.raises(Conflict):
        decide(at, case, proposal(facts="Nachgeschoben."))
    assert replace(at.get(issued.ref), appeal_id=None) == issued


def test_a_hold_of_three_hours_is_explained_and_its_end_too() -> None:
    """Reasons at the beginning, a message at the end; nothing happens in silence."""
    at = office()
    case = detected(at, found(Category.FRAUD, HOLD))
    at.later(hours=3)
    settled(at, case, proposal(Outcome.KEEP, Category.FRAUD))
    assert [MessageKind.STATEMENT, MessageKind.DECISION] == [m.kind for m in at.all(Message)]


def test_delete_the_thread_about_the_recall_is_no_ground() -> None:
    """An instruction from above names neither norm nor clause, and is refused."""
    at = office(REVIEW)
    noticed(at, REVIEW)
    case = case_on(at, REVIEW)
    claimed(at, case)
    with pytest.raises(Invalid) as refused:
        decide(at, case, replace(proposal(category=Category.TC), ground=None))
    assert ("invalid", ["/ground"]) == refusal(refused)
    assert DecisionState.AWAITING_APPROVAL is decide(at, case, proposal(category=Category.TC)).state


def test_an_employees_own_praise_can_be_labelled_or_removed() -> None:
    """A fake review by our own people is content about us: a second person agrees."""
    praise = replace(POST, operator=True)
    at = office(praise)
    case = detected(at, found(Category.FAKE_REVIEW, FLAG), praise)
    settled(at, case, proposal(category=Category.FAKE_REVIEW))
    approved(at, case)
    assert "Anhang Nr. 23b UWG" in at.all(Statement)[0].text


def test_a_neighbours_diagnosis_is_held_and_redacted() -> None:
    """The passage goes, the post stays."""
    at = office()
    case = detected(at, found(Category.PRIVACY, HOLD))
    cover = Measure(kind=RestrictionKind.REDACTION, spans=(Span(0, 8),))
    settled(at, case, proposal(Outcome.REDACT, Category.PRIVACY, measure=cover))
    post = at.get(POST.ref)
    assert (PostState.PUBLISHED, True) == (post.state, "Du bist" not in post.html)


def test_two_notices_on_one_post_and_one_on_ten() -> None:
    """Two notices are one case; one notice is ten cases and ten items."""
    at = office()
    noticed(at)
    noticed(at)
    assert [2] == [case_on(at).notice_count]
    posts = tuple(replace(POST, id=PostId(ulid(3200 + number))) for number in range(10))
    many = office(*posts)
    assert 10 == len({item.case_id for item in noticed(many, *posts).items})


def test_what_is_unlawful_in_germany_alone_is_disabled_there() -> None:
    """Not removed: the territory stands in the restriction and in the statement."""
    at = office()
    measure = Measure(kind=RestrictionKind.DISABLING, territory=("DE",))
    settled(
        at,
        detected(at, found(Category.SYMBOL, FLAG)),
        proposal(Outcome.RESTRICT, Category.SYMBOL, measure=measure),
    )
    assert (PostState.PUBLISHED, ("DE",)) == (
        at.get(POST.ref).state,
        at.all(Statement)[0].scope,
    )


def test_a_review_that_a_notifier_insists_on_is_judged_by_others() -> None:
    """The second look is by somebody else, and may keep it again for good reasons."""
    at = office(REVIEW)
    notice = noticed(at, REVIEW)
    settled(at, case_on(at, REVIEW), KEEP_OPINION)
    heard(at, insisted(at, notice))
    fresh = case_on(at, REVIEW)
    with pytest.raises(Conflict):
        claimed(at, fresh)
    settled(at, fresh, KEEP_OPINION, APP)
    assert (REVIEW, []) == (at.get(REVIEW.ref), at.all(Guard))


def test_a_lapsed_hold_can_still_be_decided() -> None:
    """The clock ends the restriction, not the question."""
    at = office()
    case = detected(at, found(Category.SPAM, HOLD))
    at.later(days=1)
    at.run(LapseHold(case_id=case.id))
    assert DecisionState.EFFECTIVE is settled(at, case, proposal(category=Category.SPAM), NOA).state
    assert at.now - timedelta(days=1) == at.all(Statement)[0].issued_at
