"""Rule sets over HTTP: proposed with a back-test, published by a second person, taken back."""

from typing import Any

import pytest

from moderation.detection.rule import Status
from moderation.detection.ruleset import shipped
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import (
    case_about,
    decide,
    keep,
    notice_about,
    open_board,
    start,
)
from tests.support.own_packs import CATCHES, CONTENT, FILE, PACK, RULE, SHIPPED_RULE, content
from tests.support.rule_walk import CORPUS, proposal, propose, publish, retire, screening_api

INSULT = "Du bist ein dreckiger Hurensohn, @nachbar."


@pytest.fixture
def api() -> ForumApi:
    """An empty forum that screens by the rules in force."""
    api = screening_api()
    open_board(api)
    return api


def rules_of(api: ForumApi, post: dict[str, Any]) -> list[str]:
    """The rules behind the case about a post; none where there is no case."""
    cases = api.get("/v1/cases?limit=100", "moderator").expect(200)["items"]
    found = [case for case in cases if case["subject"]["id"] == post["id"]]
    return [signal["rule"] for case in found for signal in case["signals"]]


def rule(api: ForumApi, rule_id: str) -> dict[str, Any]:
    """One rule out of the list."""
    path = "/v1/rules?limit=100"
    page = api.get(path, "moderator").expect(200)
    while True:
        for each in page["items"]:
            if each["id"] == rule_id:
                found: dict[str, Any] = each
                return found
        page = api.get(f"{path}&cursor={page['next']}", "moderator").expect(200)


def actions_on(api: ForumApi, subject: str) -> list[tuple[str, str]]:
    """What the log says was done to a subject, with the reason."""
    entries = (entry for entry in api.stack.entries() if entry["subject"] == subject)
    return [(entry["action"], entry["reason"]) for entry in entries]


def test_a_proposal_changes_nothing(api: ForumApi) -> None:
    """It is kept with its back-test and its packs, and posts are screened as before."""
    made = propose(api, content(PACK, **{SHIPPED_RULE.replace(".", "__"): Status.OFF}))
    api.stack.clock.forward(seconds=60)

    assert "proposed" == made["state"]
    read = api.get(f"/v1/rulesets/{made['id']}", "admin").expect(200)
    assert made == read
    assert [{"file": FILE, "text": PACK}] == read["packs"]
    assert [{"rule": SHIPPED_RULE, "state": "off"}] == read["states"]
    assert [] == rules_of(api, start(api, CATCHES))
    page = api.get("/v1/rulesets", "admin").expect(200)
    assert [made["id"]] == [each["id"] for each in page["items"]]
    assert "packs" not in page["items"][0]


def test_whoever_proposed_does_not_approve(api: ForumApi) -> None:
    """Four eyes; a second person then puts it in force, and both acts are in the log."""
    made = propose(api)
    path, body = f"/v1/rulesets/{made['id']}/approval", {"approve": True, "reason": "Gut."}

    assert "conflict-of-interest" == api.post(path, body, "compliance").problem
    assert "published" == api.post(path, body, "admin").expect(200)["state"]
    named = f"rules@{made['version']}"
    assert [("ruleset:propose", named), ("ruleset:publish", named)] == actions_on(
        api, f"ruleset:{made['id']}"
    )
    assert "ruleset-not-proposed" == api.post(path, body, "admin").problem


def test_what_is_published_screens_posts_within_a_minute(api: ForumApi) -> None:
    """A post that only the new rule catches is flagged, by that rule of that rule set."""
    made = publish(api)
    post = start(api, CATCHES)

    (signal,) = case_about(api, post["id"])["signals"]
    assert (f"{RULE}@1", made["version"]) == (signal["rule"], signal["version"])
    opened = next(e for e in api.stack.entries() if e["action"] == "case:open")
    assert f"rules@{made['version']}#{RULE}-1" == opened["rule"]
    page = api.get("/v1/rules?limit=1", "moderator").expect(200)
    assert (made["id"], made["version"], True) == (
        page["ruleset"],
        page["version"],
        page["complete"],
    )


def test_what_is_retired_screens_no_more(api: ForumApi) -> None:
    """The shipped packs alone are in force again; the edition is kept and says why."""
    made = publish(api)

    assert "retired" == retire(api, made["id"])["state"]
    assert [] == rules_of(api, start(api, CATCHES))
    read = api.get(f"/v1/rulesets/{made['id']}", "admin").expect(200)
    assert ["ruleset:propose", "ruleset:publish", "ruleset:retire"] == [
        event["action"] for event in read["history"]
    ]
    path, body = f"/v1/rulesets/{made['id']}/retirement", {"reason": "Noch einmal."}
    assert "ruleset-not-published" == api.post(path, body, "admin").problem


def test_the_next_edition_retires_the_one_before_and_can_be_gone_back_from(api: ForumApi) -> None:
    """Exactly one is in force; an earlier one is restored by one person, with its version."""
    first = publish(api)
    second = publish(api, content(PACK, **{RULE.replace(".", "__"): Status.OFF}))
    assert "retired" == api.get(f"/v1/rulesets/{first['id']}", "admin").expect(200)["state"]
    assert [] == rules_of(api, start(api, CATCHES))

    restored = retire(api, second["id"], back_to=first["id"])

    assert (first["id"], "published") == (restored["id"], restored["state"])
    assert [f"{RULE}@1"] == rules_of(api, start(api, CATCHES))
    assert "ruleset:restore" == actions_on(api, f"ruleset:{first['id']}")[-1][0]
    assert "ruleset:retire" == actions_on(api, f"ruleset:{second['id']}")[-1][0]


def test_only_what_was_in_force_can_be_gone_back_to(api: ForumApi) -> None:
    """What nobody ever approved does not come into force that way."""
    proposed, live = propose(api), publish(api)
    path = f"/v1/rulesets/{live['id']}/retirement"
    body = {"reason": "Zurück.", "back_to": proposed["id"]}

    assert "ruleset-not-published" == api.post(path, body, "admin").problem


def test_a_rejected_rule_set_never_goes_live(api: ForumApi) -> None:
    """The second person says why; whoever proposed may take it back, too."""
    for who in ("admin", "compliance"):
        made = propose(api)
        path, body = f"/v1/rulesets/{made['id']}/approval", {"approve": False, "reason": "Nein."}
        assert "rejected" == api.post(path, body, who).expect(200)["state"]
        assert "ruleset:reject" == actions_on(api, f"ruleset:{made['id']}")[-1][0]
        assert "ruleset-not-proposed" == api.post(path, {**body, "approve": True}, "admin").problem


def test_nothing_goes_live_without_its_own_back_test(api: ForumApi) -> None:
    """Refused: of another content, over other packs, against other rules, or of no text."""
    right = proposal()["backtest"]
    for field, wrong in (("content", "ab" * 32), ("base", "ab" * 6), ("before", "ab" * 6)):
        body = proposal(backtest={**right, field: wrong})
        assert "backtest-outdated" == api.post("/v1/rulesets", body, "admin").problem, field
    nothing = {**right, "counts": [{**right["counts"][0], "n": 0}]}
    answer = api.post("/v1/rulesets", proposal(backtest=nothing), "admin")
    assert (422, "/backtest/counts") == (answer.status, answer.body["errors"][0]["pointer"])


def test_a_back_test_against_rules_that_have_changed_since_is_not_approved(api: ForumApi) -> None:
    """What the second person sees must be what would change."""
    waiting = propose(api, content(PACK.replace("600_000", "700_000")))
    waiting_path = f"/v1/rulesets/{waiting['id']}/approval"
    publish(api)

    answer = api.post(waiting_path, {"approve": True, "reason": "Gut."}, "admin")

    assert "backtest-outdated" == answer.problem


def test_mistakes_in_the_rules_are_shown_where_they_are(api: ForumApi) -> None:
    """A pointer to the pack, and in its words line, column and hint; failing examples, too."""
    broken = content(PACK.replace("600_000", "0"))
    answer = api.post("/v1/rulesets", proposal(broken), "admin")
    assert (422, "/packs/0/text") == (answer.status, answer.body["errors"][0]["pointer"])
    assert answer.body["errors"][0]["detail"].startswith(f"{FILE}:10:13: `score_ppm` cannot be")

    failing = content(PACK.replace("Schnürsenkel hier!", "Schuhe hier!"))
    answer = api.post("/v1/rulesets", proposal(failing), "admin")
    assert f"{RULE}@1 does not match: Schuhe hier!" == answer.body["errors"][0]["detail"]

    unknown = content(PACK, nothing=Status.OFF)
    answer = api.post("/v1/rulesets", proposal(unknown), "admin")
    assert "/states" == answer.body["errors"][0]["pointer"]

    empty = api.post("/v1/rulesets", {**proposal(), "packs": []}, "admin")
    assert 422 == empty.status


def test_a_rule_set_is_tried_on_decided_cases(api: ForumApi) -> None:
    """By outcome: what was flagged before and would be after, and which cases change sides."""
    kept, removed = start(api, CATCHES), start(api, INSULT)
    notice_about(api, kept["id"])
    decide(api, kept["id"], **keep())
    decide(api, removed["id"])
    case = case_about(api, kept["id"], "decided")

    tried = propose(api)["backtest"]

    rows = {row["label"]: row for row in tried["decided"]["counts"]}
    assert (2, [case["id"]], []) == (
        tried["decided"]["cases"],
        tried["decided"]["newly_flagged"],
        tried["decided"]["no_longer_flagged"],
    )
    assert (0, 1) == (rows["kept"]["flagged_before"], rows["kept"]["flagged_after"])
    assert (1, 1) == (rows["restricted"]["flagged_before"], rows["restricted"]["flagged_after"])
    assert CORPUS == tried["corpus"]["digest"]
    assert 2 == tried["corpus"]["counts"][0]["flagged_after"]


def test_a_rule_in_shadow_flags_nothing_and_is_shown(api: ForumApi) -> None:
    """Its hits on posts are kept with the words, and its state is in the list."""
    publish(api, content(PACK, **{RULE.replace(".", "__"): Status.SHADOW}))

    assert [] == rules_of(api, start(api, CATCHES))
    assert ("shadow", True) == (rule(api, RULE)["state"], rule(api, RULE)["own"])


def test_a_rule_that_is_off_stays_in_the_list(api: ForumApi) -> None:
    """It matches nothing, and everybody who keeps rules sees that it is off."""
    assert f"{SHIPPED_RULE}@1" in rules_of(api, start(api, INSULT))
    publish(api, content(PACK, **{SHIPPED_RULE.replace(".", "__"): Status.OFF}))

    assert f"{SHIPPED_RULE}@1" not in rules_of(api, start(api, INSULT))
    assert ("off", False) == (rule(api, SHIPPED_RULE)["state"], rule(api, SHIPPED_RULE)["own"])


def test_every_rule_is_listed_once(api: ForumApi) -> None:
    """Page by page, by id, with what it says to a moderator."""
    page = api.get("/v1/rules?limit=100", "compliance").expect(200)
    items = page["items"]
    while page["next"]:
        page = api.get(f"/v1/rules?limit=100&cursor={page['next']}", "compliance").expect(200)
        items += page["items"]

    expected = sorted(rule.id for pack in shipped().files for rule in pack.rules)
    assert expected == [item["id"] for item in items]
    assert all(item["explanation"] and item["reversal_rate_ppm"] is None for item in items)
    assert (None, shipped().version) == (page["ruleset"], page["version"])


def test_a_repeated_proposal_is_one(api: ForumApi) -> None:
    """The same key gets the same edition, as it is by then."""
    body, key = proposal(), "1d4c8f6e-4a3a-4f0e-9c57-0d6c1f6f2a11"
    first = api.post("/v1/rulesets", body, "admin", key=key).expect(201)
    again = api.post("/v1/rulesets", body, "admin", key=key).expect(201)

    assert first == again
    approval = {"approve": True, "reason": "Gut."}
    api.post(f"/v1/rulesets/{first['id']}/approval", approval, "compliance").expect(200)
    late = api.post("/v1/rulesets", body, "admin", key=key).expect(201)
    assert (first["id"], "published") == (late["id"], late["state"])
    assert 1 == len(api.get("/v1/rulesets", "admin").expect(200)["items"])


def test_the_content_has_the_digest_that_was_approved(api: ForumApi) -> None:
    """The edition in force says of which content it is."""
    made = publish(api)

    assert CONTENT.digest == made["backtest"]["content"]
