"""Hard cases from practice, over the API with the shipped rules: what becomes of each at once."""

from typing import Any

import pytest

from moderation.cases.message import Message, MessageKind
from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.detection.facts import Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.verdict import Verdict
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, start

COMPANY = ("Nordwind",)


def _screen(text: str, facts: Facts) -> Verdict:
    return screen(text, facts, load_rules())


@pytest.fixture
def api() -> ForumApi:
    """A company's forum with the shipped rules."""
    facts = Facts(operator_names=COMPANY)
    api = ForumApi.fresh(intake=Intake(render=render, screen=_screen, facts=facts))
    open_board(api)
    return api


def cases(api: ForumApi) -> list[dict[str, Any]]:
    """The open cases."""
    found = api.get("/v1/cases?state=open", "moderator").expect(200)["items"]
    return [dict(case) for case in found]


def outbox(api: ForumApi) -> set[MessageKind]:
    """The kinds of message that wait."""
    refs = api.stack.work_list.outbox(100)
    return {api.stack.unit_of_work.read(ref).need(Message.at(ref.id)).kind for ref in refs}


@pytest.mark.parametrize(
    "review",
    [
        "Überteuerter Schrott, schlechtester Support aller Zeiten, nie wieder Nordwind!",
        "Overpriced junk, worst support ever, never again.",
        "Im Geschichtsunterricht ging es um den Gruß „Sieg Heil“ und darum, warum er verboten ist.",
        "Satire: Der Chef von Nordwind gibt bekannt, dass Wärme ab sofort Luxus ist.",
    ],
)
def test_what_is_lawful_is_published_and_raises_nothing(api: ForumApi, review: str) -> None:
    """Scenarios 1, 3 and 19: a harsh review, a history lesson, satire."""
    assert ("published", [], set()) == (start(api, review)["state"], cases(api), outbox(api))


def test_a_report_of_danger_is_published_and_passed_on(api: ForumApi) -> None:
    """Scenario 2: no case is opened, and product safety is told."""
    post = start(api, "Der Akku der Wallbox ist nach zwei Tagen explodiert.")
    assert ("published", [], {MessageKind.PRODUCT_SAFETY}) == (
        post["state"],
        cases(api),
        outbox(api),
    )


def test_a_slogan_alone_waits_for_a_human_look(api: ForumApi) -> None:
    """Scenario 3, the other half: published until somebody has looked at what it stands in."""
    post = start(api, "Sieg Heil!")
    (case,) = cases(api)
    assert ("published", "SYMBOL") == (post["state"], case["category"])


def test_a_threat_to_life_is_held_and_wakes_somebody(api: ForumApi) -> None:
    """Scenario 4: the reasons say what was restricted, and nothing of a report to the police."""
    post = start(api, "Tomorrow 8 am I come to your house with a knife.")
    (case,) = cases(api)
    (statement,) = api.get("/v1/me/statements", "customer").expect(200)["items"]

    assert ("held", "LIFE_THREAT", "S4") == (post["state"], case["category"], case["severity"])
    assert MessageKind.URGENT in outbox(api)
    assert (False, False) == ("police" in statement["text"].lower(), "BKA" in statement["text"])


def test_a_threat_that_names_the_company_is_flagged_into_the_gravest_lane(api: ForumApi) -> None:
    """Content about the operator is never held by a machine; somebody is woken all the same."""
    post = start(api, "Morgen um acht komme ich mit einem Messer in euer Servicecenter.")
    (case,) = cases(api)
    assert ("published", "S4") == (post["state"], case["severity"])
    assert MessageKind.URGENT in outbox(api)


def test_somebody_who_does_not_want_to_live_is_offered_help(api: ForumApi) -> None:
    """Scenario 5: held, with help at once, a human woken, and no sanction."""
    post = start(api, "Ich will nicht mehr leben.")
    me = api.get("/v1/me", "customer").expect(200)
    assert ("held", 0, False) == (post["state"], me["warnings"], me["suspended"])
    assert {MessageKind.HELP, MessageKind.URGENT} <= outbox(api)


def test_praise_by_the_companys_own_staff_is_seen(api: ForumApi) -> None:
    """Scenario 20: a review written for money or by one's own people is flagged, not held."""
    for body in (
        "Schreibe gegen Bezahlung fünf Sterne, pro Bewertung gibt es 5 Euro.",
        "Als Mitarbeiter der Firma gebe ich fünf Sterne, liebe Kollegen, macht es auch!",
    ):
        assert "published" == start(api, body)["state"]
    assert ["FAKE_REVIEW"] * 2 == [case["category"] for case in cases(api)]


def test_a_neighbours_diagnosis_is_held(api: ForumApi) -> None:
    """Scenario 21: data about health of a named person cannot be called back."""
    post = start(api, "Mein Nachbar Herr Krause aus der Gartenstraße 5 hat HIV.")
    (case,) = cases(api)
    assert "held" == post["state"]
    assert "PRIVACY" in {signal["category"] for signal in case["signals"]}
