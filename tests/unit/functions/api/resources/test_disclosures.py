"""Linking people and the log over HTTP: a reason, two officers, a day, an entry for each step."""

from typing import Any

import pytest
from pydantic import BaseModel

from functions.api.catalogue import endpoints
from moderation.audit.pseudonym import pseudonym, year_key
from tests.support.forum_api import Answer, ForumApi
from tests.support.forum_walk import open_board, removed
from tests.support.stack import ROOT_SECRET

REASON = "Beschwerde 4711: wurde immer von derselben Person entschieden?"
PATH = "/v1/audit/disclosures"


def name_of(api: ForumApi, who: str) -> str:
    """How this year's entries name somebody."""
    return pseudonym(year_key(ROOT_SECRET, 2026), api.actor(who).id)


def asked(api: ForumApi, **about: str) -> dict[str, Any]:
    """An officer asks."""
    body = {"reason": REASON, **about}
    found: dict[str, Any] = api.post(PATH, body, "compliance").expect(201)
    return found


def decided(api: ForumApi, disclosure_id: str, who: str, *, approve: bool = True) -> Answer:
    """Somebody agrees or refuses."""
    return api.post(f"{PATH}/{disclosure_id}/approval", {"approve": approve}, who)


def test_a_persons_acts_are_found_by_two(api: ForumApi) -> None:
    """The names by which a moderator is in the log lead to his entries, by the search as it is."""
    removed(api)
    disclosure = asked(api, member_id=api.actor("moderator").id)
    path = f"{PATH}/{disclosure['id']}"
    assert (disclosure["state"], disclosure["kind"], disclosure["result"]) == (
        "asked",
        "person",
        None,
    )
    assert api.get(path, "compliance").expect(200)["result"] is None
    assert decided(api, disclosure["id"], "compliance").problem == "conflict-of-interest"
    decided(api, disclosure["id"], "compliance2").expect(200)
    names = api.get(path, "compliance").expect(200)["result"]["pseudonyms"]

    assert names == [{"year": 2026, "pseudonym": name_of(api, "moderator")}]
    query = f"/v1/audit/entries?actor={names[0]['pseudonym']}"
    found = {e["action"] for e in api.get(query, "compliance").expect(200)["items"]}
    assert {"case:claim", "case:decide"} <= found


@pytest.mark.parametrize("who", ["moderator", "customer", "compliance", "nobody"])
def test_a_pseudonym_is_opened_by_two(api: ForumApi, who: str) -> None:
    """The records of what a name acted on say whose it is; for a name of nobody there is nobody."""
    post, _ = removed(api)
    statement = api.get("/v1/me/statements", "customer").expect(200)["items"][0]
    api.post(f"/v1/statements/{statement['id']}/appeal", {"reasons": "Nein."}, "customer")
    asked(api, pseudonym="0" * 32)
    disclosure = asked(api, pseudonym=name_of(api, who))
    decided(api, disclosure["id"], "compliance2").expect(200)
    result = api.get(f"{PATH}/{disclosure['id']}", "compliance2").expect(200)["result"]

    nobody = who == "nobody"
    assert result["member_id"] == (None if nobody else api.actor(who).id)
    assert result["member_name"] == (post["author"]["name"] if who == "customer" else None)
    assert result["pseudonyms"] == []


def test_every_step_and_every_look_is_an_entry(api: ForumApi) -> None:
    """A look once for each who looks; what is refused is seen by nobody."""
    open_board(api)
    disclosure = asked(api, member_id=api.actor("moderator").id)
    decided(api, disclosure["id"], "compliance2").expect(200)
    for who in ("compliance", "compliance2", "compliance"):
        assert api.get(f"{PATH}/{disclosure['id']}", who).expect(200)["result"] is not None
    refused = asked(api, pseudonym="0" * 32)
    decided(api, refused["id"], "compliance2", approve=False).expect(200)
    assert decided(api, refused["id"], "compliance2").problem == "already-decided"
    assert api.get(f"{PATH}/{refused['id']}", "compliance").expect(200)["result"] is None

    steps = [e["action"] for e in api.stack.entries() if e["subject"].startswith("disclosure:")]
    assert steps == [
        "disclosure:request",
        "disclosure:approve",
        "disclosure:read",
        "disclosure:read",
        "disclosure:request",
        "disclosure:refuse",
    ]


def test_a_disclosure_is_open_for_a_day_and_for_two(api: ForumApi) -> None:
    """Whom it is about does not decide on it; after a day it takes another one."""
    mine = asked(api, member_id=api.actor("compliance2").id)
    assert decided(api, mine["id"], "compliance2").problem == "conflict-of-interest"
    disclosure = asked(api, member_id=api.actor("moderator").id)
    decided(api, disclosure["id"], "compliance2").expect(200)
    api.stack.clock.forward(days=1)

    assert api.get(f"{PATH}/{disclosure['id']}", "compliance").expect(200)["result"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"reason": REASON},
        {"reason": REASON, "member_id": "0" * 26, "pseudonym": "0" * 32},
        {"member_id": "0" * 26},
        {"member_id": "0" * 26, "reason": " "},
        {"pseudonym": "Tom", "reason": REASON},
    ],
)
def test_without_a_reason_or_a_name_nothing_is_asked(api: ForumApi, body: dict[str, str]) -> None:
    """One of the two names, and why."""
    assert 422 == api.post(PATH, body, "compliance").status
    assert [] == api.stack.entries()


SPEEDS = ("minutes", "median", "per_hour", "per_day", "speed", "duration", "handled", "average")


def fields(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[tuple[str, str]]:
    """Model and name of every field of an answer, also inside others."""
    if model in seen:
        return set()
    seen.add(model)
    found = {(model.__name__, name) for name in model.model_fields}
    for field in model.model_fields.values():
        for inner in nested(field.annotation):
            found |= fields(inner, seen)
    return found


def nested(annotation: Any) -> list[type[BaseModel]]:
    """The models in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [each for part in getattr(annotation, "__args__", ()) for each in nested(part)]


def test_no_answer_has_a_figure_of_one_moderators_speed() -> None:
    """What is measured in minutes is a board's or a target, and names no person."""
    seen: set[type[BaseModel]] = set()
    models = [each.gives for each in endpoints() if each.gives is not None]
    found = {pair for model in models for pair in fields(model, seen)}
    timed = {model for model, name in found if any(word in name for word in SPEEDS)}
    people = {"by", "decided_by", "actor", "moderator", "member_id", "claim"}

    assert len(found) > 100
    assert {(m, n) for m, n in found if m in timed and n in people} == set()
