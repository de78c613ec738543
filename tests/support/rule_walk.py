"""The steps of publishing rules over the in-process API."""

from typing import Any

from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.detection.ruleset import shipped
from moderation.rulesets.content import Content, version_of
from tests.support.forum_api import ForumApi, book_of, parts_of
from tests.support.own_packs import CONTENT
from tests.support.stack import Stack

CORPUS = "cd" * 32


def screening_api(stack: Stack | None = None) -> ForumApi:
    """An empty forum that screens by the rules in force, packs and all; here unless said where."""
    stack = stack or Stack.fresh()
    book = book_of(stack)
    intake = Intake(render=render, screen=book.screen, policy=book.policy)
    return ForumApi.over(stack, parts_of(stack, rule_book=book, intake=intake))


def proposal(content: Content = CONTENT, before: str | None = None, **fields: Any) -> Any:
    """The body of a proposal, tried on a corpus of four texts."""
    base = shipped().version
    counts = {
        "label": "ok",
        "n": 4,
        "flagged_before": 1,
        "flagged_after": 2,
        "held_before": 0,
        "held_after": 0,
    }
    return {
        "reason": "Neue Masche.",
        "packs": [{"file": pack.file, "text": pack.text} for pack in content.packs],
        "states": [{"rule": each.rule, "state": each.state.value} for each in content.states],
        "backtest": {
            "content": content.digest,
            "base": base,
            "before": before or base,
            "corpus": CORPUS,
            "counts": [counts],
        },
        **fields,
    }


def propose(api: ForumApi, content: Content = CONTENT, who: str = "compliance") -> dict[str, Any]:
    """A proposal against the rules in force."""
    before = api.get("/v1/rules?limit=1", who).expect(200)["version"]
    made: dict[str, Any] = api.post("/v1/rulesets", proposal(content, before), who).expect(201)
    return made


def publish(api: ForumApi, content: Content = CONTENT) -> dict[str, Any]:
    """A rule set that two people have put in force, looked up by everybody."""
    made = propose(api, content)
    body = {"approve": True, "reason": "Einleuchtend."}
    path = f"/v1/rulesets/{made['id']}/approval"
    published: dict[str, Any] = api.post(path, body, "admin").expect(200)
    assert version_of(shipped().version, content.digest) == published["version"]
    api.stack.clock.forward(seconds=60)
    return published


def retire(api: ForumApi, ruleset_id: str, back_to: str | None = None) -> dict[str, Any]:
    """A rule set taken out of force, by everybody."""
    body = {"reason": "Zu viele Fehlalarme.", "back_to": back_to}
    path = f"/v1/rulesets/{ruleset_id}/retirement"
    retired: dict[str, Any] = api.post(path, body, "admin").expect(200)
    api.stack.clock.forward(seconds=60)
    return retired
