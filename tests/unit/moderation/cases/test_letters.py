"""Each message becomes a letter in its reader's language, made from records at delivery."""

from dataclasses import replace
from typing import Any, Literal

import pytest

from moderation.cases.case import Case
from moderation.cases.decision import Outcome
from moderation.cases.lapsing import LapseHold
from moderation.cases.letters import Letter, render_message
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice
from moderation.cases.places import Place
from moderation.cases.statement import Statement
from moderation.change import More, Seen
from moderation.community.post import Post
from moderation.compliance.export_request import (
    CompleteExport,
    FailExport,
    RequestExport,
)
from moderation.detection import verdict
from moderation.detection.taxonomy import Category
from moderation.errors import NotFound
from moderation.ids import ExportId, PostId
from tests.support.apply_change import Office
from tests.support.casework import (
    MO,
    POST,
    case_on,
    detected,
    golden,
    heard,
    insisted,
    noticed,
    objected,
    office,
    proposal,
    settled,
)
from tests.support.community import FLAGGED, HELD, KIM, NOW, RULES, found, ulid

ENGLISH = replace(POST, language="en")
OTHER = replace(POST, id=PostId(ulid(3002)))
Outcomes = Literal["upheld", "reversed"]
ELSEWHERE = Place(url="https://elsewhere.example/x")


def _letter(at: Office, message: Message) -> Letter:
    """What the deliver worker does: read on until there is a letter."""
    seen: dict[Any, Any] = {}
    while isinstance(written := render_message(message, Seen(seen), RULES), More):
        seen |= {ref: at.records.get(ref) for ref in written.refs}
    return written


def _last(at: Office, kind: MessageKind) -> Message:
    return [message for message in at.all(Message) if message.kind is kind][-1]


def _golden(request: pytest.FixtureRequest, name: str, at: Office, message: Message) -> Letter:
    letter = _letter(at, message)
    golden(request, name, f"{letter.subject}\n\n{letter.text}")
    assert name.endswith(letter.language)
    return letter


def _to(notice: Notice, case: Case) -> Message:
    return Message(
        id=ulid(6001),
        kind=MessageKind.DECISION,
        about=case.id,
        created_at=NOW,
        notice=notice.id,
    )


def test_a_statement_is_delivered_as_it_was_issued() -> None:
    """Not a word is made anew."""
    at = office()
    detected(at, HELD)
    letter = _letter(at, _last(at, MessageKind.STATEMENT))
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
    letter = _golden(request, "urgent-de", at, _last(at, MessageKind.URGENT))
    assert post.body not in letter.text


@pytest.mark.parametrize(("post", "language"), [(POST, "de"), (ENGLISH, "en")])
def test_help_is_offered_in_the_language_of_the_post(
    request: pytest.FixtureRequest, post: Post, language: str
) -> None:
    """With the numbers of the dated file."""
    at = office(post)
    detected(at, found(Category.SELF_HARM, verdict.Action.HOLD, help_offered=True), post)
    _golden(request, f"help-{language}", at, _last(at, MessageKind.HELP))


def test_the_author_of_a_removed_post_gets_its_reasons() -> None:
    """The decision's message is the statement."""
    at = office()
    settled(at, detected(at, FLAGGED))
    letter = _letter(at, _last(at, MessageKind.DECISION))
    assert at.all(Statement)[0].text == letter.text


@pytest.mark.parametrize(("post", "language"), [(POST, "de"), (ENGLISH, "en")])
def test_the_author_of_a_post_let_through_is_told(
    request: pytest.FixtureRequest, post: Post, language: str
) -> None:
    """A human has read it, and it is public."""
    at = office(post)
    settled(at, detected(at, HELD, post), proposal(Outcome.KEEP, Category.THREAT))
    _golden(request, f"published-{language}", at, _last(at, MessageKind.DECISION))


@pytest.mark.parametrize(("post", "language"), [(POST, "de"), (ENGLISH, "en")])
def test_the_author_of_a_lapsed_hold_is_told(
    request: pytest.FixtureRequest, post: Post, language: str
) -> None:
    """And that the review is still to come."""
    at = office(post)
    case = detected(at, found(Category.FRAUD, verdict.Action.HOLD), post)
    at.later(days=1)
    at.run(LapseHold(case_id=case.id))
    _golden(request, f"lapsed-{language}", at, _last(at, MessageKind.RESTORED))


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_receipt_says_what_came_and_what_follows(
    request: pytest.FixtureRequest, language: str
) -> None:
    """Places, handling, contact; how to read the outcome."""
    at = office()
    noticed(at, places=(Place(post_id=POST.id), ELSEWHERE), language=language)
    _golden(request, f"receipt-{language}", at, _last(at, MessageKind.RECEIPT))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("kept", proposal(Outcome.KEEP)),
        ("opinion", proposal(Outcome.KEEP, Category.REVIEW_OPINION)),
        ("removed", proposal(facts="Herr Kim beleidigt.")),
    ],
)
def test_a_notifier_learns_the_outcome_and_nothing_of_the_author(
    request: pytest.FixtureRequest, language: str, name: str, asked: Any
) -> None:
    """Ground without explanation, automation used, and redress where something was kept."""
    at = office()
    notice = noticed(at, language=language)
    case = case_on(at)
    settled(at, case, asked)
    letter = _golden(request, f"notice-{name}-{language}", at, _to(notice, case))
    assert KIM.name not in letter.text


def test_a_notice_of_several_places_says_each_ones_state(request: pytest.FixtureRequest) -> None:
    """Decided, still open, and none of ours; found before by a machine."""
    at = office(POST, OTHER)
    case = detected(at, FLAGGED)
    notice = noticed(
        at, places=(Place(post_id=POST.id), Place(post_id=OTHER.id), ELSEWHERE), language="de"
    )
    settled(at, case)
    _golden(request, "notice-places-de", at, _to(notice, case))


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
    _golden(
        request, f"appeal-author-{outcome}-{language}", at, _last(at, MessageKind.APPEAL_DECIDED)
    )


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
    _golden(
        request, f"appeal-notifier-{outcome}-{language}", at, _last(at, MessageKind.APPEAL_DECIDED)
    )


def test_who_asked_for_an_export_learns_how_it_went(request: pytest.FixtureRequest) -> None:
    """Being built, ready, failed."""
    at = Office()
    texts = []
    for end in (None, "ready", "failed"):
        job = at.run(RequestExport(start=NOW.replace(year=2025), end=NOW, actor=MO))
        if end == "ready":
            at.run(CompleteExport(export_id=ExportId(job.id), object_key="k", record="{}"))
        if end == "failed":
            at.run(FailExport(export_id=ExportId(job.id), failure="disk"))
        texts.append(_letter(at, _last(at, MessageKind.EXPORT)).text.replace(job.id, "E"))
    golden(request, "export-de", "\n".join(texts))


def test_what_a_message_is_about_must_be_there() -> None:
    """A message about nothing is said to be so; the worker drops it."""
    message = Message(id=ulid(1), kind=MessageKind.HELP, about=ulid(2), created_at=NOW)
    with pytest.raises(NotFound):
        _letter(Office(), message)
