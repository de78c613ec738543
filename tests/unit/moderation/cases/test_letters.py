"""Each message becomes a letter in its reader's language, made from records at delivery."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from moderation.cases.decision import Measure, Outcome
from moderation.cases.lapsing import LapseHold
from moderation.cases.letters import Letter, render_message
from moderation.cases.message import Message, MessageKind
from moderation.cases.statement import Statement
from moderation.cases.texts.template import Language, text
from moderation.change import NO_RECORDS, More, Seen
from moderation.community.post import Post, RestrictionKind
from moderation.compliance.export_request import (
    CompleteExport,
    FailExport,
    RequestExport,
)
from moderation.detection import verdict
from moderation.detection.taxonomy import Category
from moderation.errors import NotFound
from moderation.ids import ExportId
from tests.support.apply_change import Office
from tests.support.casework import (
    MO,
    POST,
    case_on,
    detected,
    golden,
    golden_letter,
    heard,
    insisted,
    last_message,
    letter_of,
    noticed,
    objected,
    office,
    proposal,
    settled,
)
from tests.support.community import FLAGGED, HELD, NOW, RULES, found, ulid
from tests.support.samples import ANSWER_STATE

ENGLISH = replace(POST, language="en")
Outcomes = Literal["upheld", "reversed"]


def test_a_statement_is_delivered_as_it_was_issued() -> None:
    """Not a word is made anew."""
    at = office()
    detected(at, HELD)
    letter = letter_of(at, last_message(at, MessageKind.STATEMENT))
    assert ("Begründung zu Ihrem Beitrag", at.all(Statement)[0].text, "de") == (
        letter.subject,
        letter.text,
        letter.language,
    )


@pytest.mark.parametrize("post", [POST, ENGLISH])
def test_an_alarm_names_the_case_and_leaves_the_words_out(
    request: pytest.FixtureRequest, post: Post
) -> None:
    """It passes through many hands; it is in the language of the staff."""
    at = office(post)
    detected(at, found(Category.LIFE_THREAT, verdict.Action.HOLD), post)
    letter = golden_letter(request, "urgent-de", at, last_message(at, MessageKind.URGENT))
    assert post.body not in letter.text


@pytest.mark.parametrize(("post", "language"), [(POST, "de"), (ENGLISH, "en")])
def test_help_is_offered_in_the_language_of_the_post(
    request: pytest.FixtureRequest, post: Post, language: str
) -> None:
    """With the numbers of the dated file."""
    at = office(post)
    detected(at, found(Category.SELF_HARM, verdict.Action.HOLD, help_offered=True), post)
    golden_letter(request, f"help-{language}", at, last_message(at, MessageKind.HELP))


def test_the_author_of_a_removed_post_gets_its_reasons() -> None:
    """The decision's message is the statement."""
    at = office()
    settled(at, detected(at, FLAGGED))
    letter = letter_of(at, last_message(at, MessageKind.DECISION))
    assert at.all(Statement)[0].text == letter.text


@pytest.mark.parametrize(("post", "language"), [(POST, "de"), (ENGLISH, "en")])
def test_the_author_of_a_post_let_through_is_told(
    request: pytest.FixtureRequest, post: Post, language: str
) -> None:
    """A human has read it, and it is public."""
    at = office(post)
    settled(at, detected(at, HELD, post), proposal(Outcome.KEEP, Category.THREAT))
    golden_letter(request, f"published-{language}", at, last_message(at, MessageKind.DECISION))


@pytest.mark.parametrize(("post", "language"), [(POST, "de"), (ENGLISH, "en")])
def test_the_author_of_a_lapsed_hold_is_told(
    request: pytest.FixtureRequest, post: Post, language: str
) -> None:
    """And that the review is still to come."""
    at = office(post)
    case = detected(at, found(Category.FRAUD, verdict.Action.HOLD), post)
    at.later(days=1)
    at.run(LapseHold(case_id=case.id))
    golden_letter(request, f"lapsed-{language}", at, last_message(at, MessageKind.RESTORED))


@pytest.mark.parametrize(("post", "language"), [(POST, "de"), (ENGLISH, "en")])
def test_the_author_of_a_restriction_that_ended_is_told(
    request: pytest.FixtureRequest, post: Post, language: str
) -> None:
    """It was decided for a time, and nothing is still to come."""
    at = office(post)
    case = detected(at, FLAGGED, post)
    label = Measure(kind=RestrictionKind.LABEL, until=NOW + timedelta(days=1))
    settled(at, case, proposal(Outcome.RESTRICT, measure=label))
    at.later(days=1)
    at.run(LapseHold(case_id=case.id))
    golden_letter(request, f"ended-{language}", at, last_message(at, MessageKind.RESTORED))


@pytest.mark.parametrize("outcome", ["upheld", "reversed"])
@pytest.mark.parametrize(("post", "language"), [(POST, "de"), (ENGLISH, "en")])
def test_an_author_learns_what_became_of_his_appeal(
    request: pytest.FixtureRequest, post: Post, language: str, outcome: Outcomes
) -> None:
    """With reasons, and that somebody else decided."""
    at = office(post)
    settled(at, detected(at, FLAGGED, post))
    statement = at.all(Statement)[0]
    heard(at, objected(at, statement), outcome)
    golden_letter(
        request,
        f"appeal-author-{outcome}-{language}",
        at,
        last_message(at, MessageKind.APPEAL_DECIDED),
    )


def test_what_is_said_of_an_appeal_about_a_threat_stays_inside() -> None:
    """Whoever hears it may write of the report; its author reads neutral words (DSA Art. 18)."""
    at = office()
    settled(at, detected(at, FLAGGED))
    statement = replace(at.all(Statement)[0], category=Category.LIFE_THREAT)
    at.put(statement)
    appeal = heard(at, objected(at, statement), "upheld")
    letter = letter_of(at, last_message(at, MessageKind.APPEAL_DECIDED))

    assert str(appeal.outcome_reasons) not in letter.text
    assert text("appeal.neutral", "de") in letter.text


@pytest.mark.parametrize("outcome", ["upheld", "reversed"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_notifier_learns_what_became_of_his_appeal(
    request: pytest.FixtureRequest, language: str, outcome: Outcomes
) -> None:
    """In the language of the notice."""
    at = office()
    notice = noticed(at, language=language)
    settled(at, case_on(at), proposal(Outcome.KEEP))
    heard(at, insisted(at, notice), outcome)
    golden_letter(
        request,
        f"appeal-notifier-{outcome}-{language}",
        at,
        last_message(at, MessageKind.APPEAL_DECIDED),
    )


def test_who_asked_for_an_export_learns_how_it_went(request: pytest.FixtureRequest) -> None:
    """Ready, or failed."""
    at = Office()
    texts = []
    for end in ("ready", "failed"):
        job = at.run(RequestExport(start=NOW.replace(year=2025), end=NOW, actor=MO))
        if end == "ready":
            at.run(CompleteExport(export_id=ExportId(job.id), object_key="k", record="{}"))
        if end == "failed":
            at.run(FailExport(export_id=ExportId(job.id), failure="disk"))
        texts.append(letter_of(at, last_message(at, MessageKind.EXPORT)).text.replace(job.id, "E"))
    golden(request, "export-de", "\n".join(texts))


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_unit_hears_where_somebody_waits_and_not_what_was_asked(
    request: pytest.FixtureRequest, language: Language
) -> None:
    """Board, thread, since when and by when; and that the target is no limit of a law."""
    message = Message(
        id=ulid(1), kind=MessageKind.UNANSWERED, about=ANSWER_STATE.thread_id, created_at=NOW
    )
    seen = Seen({ANSWER_STATE.ref: ANSWER_STATE})
    letter = render_message(message, seen, replace(RULES, language=language))

    assert isinstance(letter, Letter)
    golden(request, f"unanswered-{language}", f"{letter.subject}\n\n{letter.text}")
    late = Seen({ANSWER_STATE.ref: replace(ANSWER_STATE, answer_due_at=None)})
    assert " – " in render_message(message, late, RULES).text.replace("–;", "– ")
    assert render_message(message, NO_RECORDS, RULES) == More((ANSWER_STATE.ref,))


def test_what_a_message_is_about_must_be_there() -> None:
    """A message about nothing is said to be so; the worker drops it."""
    message = Message(id=ulid(1), kind=MessageKind.HELP, about=ulid(2), created_at=NOW)
    with pytest.raises(NotFound):
        letter_of(Office(), message)
