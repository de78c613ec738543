"""A notifier learns that the notice came and what was decided, and nothing of the author."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.cases.case import Case
from moderation.cases.decision import Outcome
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice
from moderation.cases.places import Place
from moderation.detection.taxonomy import Category
from moderation.ids import PostId
from tests.support.casework import (
    POST,
    case_on,
    detected,
    golden_letter,
    last_message,
    noticed,
    office,
    proposal,
    settled,
)
from tests.support.community import FLAGGED, KIM, NOW, ulid

OTHER = replace(POST, id=PostId(ulid(3002)))
ELSEWHERE = Place(url="https://elsewhere.example/x")


def _to(notice: Notice, case: Case) -> Message:
    return Message(
        id=ulid(6001),
        kind=MessageKind.DECISION,
        about=case.id,
        created_at=NOW,
        notice=notice.id,
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_receipt_says_what_came_and_what_follows(
    request: pytest.FixtureRequest, language: str
) -> None:
    """Places, handling, contact; how to read the outcome."""
    at = office()
    noticed(at, places=(Place(post_id=POST.id), ELSEWHERE), language=language)
    golden_letter(request, f"receipt-{language}", at, last_message(at, MessageKind.RECEIPT))


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
    letter = golden_letter(request, f"notice-{name}-{language}", at, _to(notice, case))
    assert KIM.name not in letter.text


def test_a_notice_of_several_places_says_each_ones_state(request: pytest.FixtureRequest) -> None:
    """Decided, still open, and none of ours; found before by a machine."""
    at = office(POST, OTHER)
    case = detected(at, FLAGGED)
    notice = noticed(
        at, places=(Place(post_id=POST.id), Place(post_id=OTHER.id), ELSEWHERE), language="de"
    )
    settled(at, case)
    golden_letter(request, "notice-places-de", at, _to(notice, case))
