"""A rule set's life on the packaged stack: proposed, refused, published, in force, retired."""

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from moderation.detection.ruleset import shipped
from moderation.rulesets.content import version_of
from moderation.rulesets.folder import read_folder
from tests.e2e.client import Client
from tests.e2e.stack import Stack
from tests.e2e.test_main_job import board, decide, eventually, start_thread
from tests.support.own_packs import PACK, RULE, write

pytestmark = pytest.mark.e2e

IN_FORCE_S = 60
"""Within this time what was published must screen every post."""

POST_EVERY_S = 4
"""A member may write 30 times a minute."""

__all__ = ["board"]


@pytest.fixture
def word() -> str:
    """A word that no other run has used, so that only the rule of this one catches it."""
    return "schnursenkel" + "".join(chr(ord("a") + byte % 26) for byte in uuid.uuid4().bytes[:8])


@pytest.fixture
def folder(tmp_path: Path, word: str) -> Path:
    """Own packs with one rule about the word, in force, and one in shadow."""
    text = PACK.replace("schnürsenkel~", word).replace("Schnürsenkel", word.capitalize())
    return write(tmp_path / "own", text)


@pytest.fixture
def corpus(tmp_path: Path, word: str) -> Path:
    """Two labelled texts."""
    path = tmp_path / "corpus.jsonl"
    rows = [{"text": f"{word} hier", "label": "spam"}, {"text": "Guten Tag!", "label": "ok"}]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def shipped_alone(stack: Stack) -> None:
    """Begin with the shipped packs alone, whatever an earlier run has left in force."""
    admin = stack.as_("admin")
    for edition in admin.get("/v1/rulesets?limit=100").expect(200)["items"]:
        if edition["state"] == "published":
            retire(admin, edition["id"])


def retire(who: Client, ruleset_id: str) -> None:
    """Take a rule set out of force, and wait until every function knows."""
    path = f"/v1/rulesets/{ruleset_id}/retirement"
    who.post(path, {"reason": "Ende der Prüfung."}).expect(200)
    eventually(lambda: who.get("/v1/rules?limit=1").expect(200)["ruleset"] is None, IN_FORCE_S)


def publishing(stack: Stack, folder: Path, corpus: Path) -> "subprocess.Popen[str]":
    """`hausrecht rules publish`, by the compliance officer."""
    command = [sys.executable, "-m", "functions.cli", "rules", "publish", str(folder)]
    options = ["--corpus", str(corpus), "--reason", "Neue Masche.", "--api", stack.api]
    token = {"HAUSRECHT_TOKEN": stack.tokens["compliance"]}
    return subprocess.Popen(
        [*command, *options], env={**os.environ, **token}, stdout=subprocess.PIPE, text=True
    )


def proposed(stack: Stack, digest: str) -> dict[str, Any]:
    """The proposal of a content, once it is there."""

    def look() -> dict[str, Any] | None:
        items = stack.as_("admin").get("/v1/rulesets?limit=10").expect(200)["items"]
        found = (e for e in items if e["backtest"]["content"] == digest)
        return next(found, None)

    return eventually(look)


def case_by(stack: Stack, post: dict[str, Any]) -> dict[str, Any] | None:
    """The open case about a post, None where there is none in the whole list."""
    moderator, path = stack.as_("moderator"), "/v1/cases?limit=100"
    page = moderator.get(path).expect(200)
    items: list[dict[str, Any]] = page["items"]
    while page["next"]:
        page = moderator.get(f"{path}&cursor={page['next']}").expect(200)
        items += page["items"]
    return next((case for case in items if case["subject"]["id"] == post["id"]), None)


def test_a_rule_lives_and_dies(
    stack: Stack,
    board: dict[str, Any],
    folder: Path,
    corpus: Path,
    word: str,
) -> None:
    """Nobody publishes alone; then a post that only the rule catches is flagged, until it ends."""
    customer, text = stack.as_("customer"), f"{word.capitalize()} hier, jetzt zugreifen!"
    content = read_folder(folder)
    assert case_by(stack, start_thread(customer, board, "Vorher", text)) is None

    running = publishing(stack, folder, corpus)
    edition = proposed(stack, content.digest)
    path, body = f"/v1/rulesets/{edition['id']}/approval", {"approve": True, "reason": "Gut."}
    refused = stack.as_("compliance").post(path, body)
    assert (409, "conflict-of-interest") == (refused.status, refused.body["type"].split(":")[-1])
    stack.as_("admin").post(path, body).expect(200)
    published_at = time.monotonic()
    said, _ = running.communicate(timeout=60)
    assert (0, True) == (running.returncode, said.endswith("published\n"))

    def flagged() -> dict[str, Any] | None:
        time.sleep(POST_EVERY_S)
        return case_by(stack, start_thread(customer, board, "Danach", text))

    case = eventually(flagged, IN_FORCE_S)
    print(f"in force after {time.monotonic() - published_at:.1f} s")
    version = version_of(shipped().version, content.digest)
    assert (f"{RULE}@1", version) == (case["signals"][0]["rule"], case["signals"][0]["version"])
    health = stack.as_(None).get("/health").expect(200)
    assert f"rules@{version}" == health["rules"]
    log = stack.as_("compliance")
    entries = log.get(f"/v1/audit/entries?subject=case:{case['id']}").expect(200)["items"]
    assert f"rules@{version}#{RULE}-1" == entries[-1]["rule"]

    decide(
        stack.as_("moderator"), case, outcome="keep", category="SPAM", facts="Harmlos.", ground=None
    )

    def counted() -> bool:
        path = "/v1/rules?limit=100"
        page = log.get(path).expect(200)
        while page["next"]:
            page = log.get(f"{path}&cursor={page['next']}").expect(200)
        found = next((rule for rule in page["items"] if rule["id"] == RULE), {"kept": 0})
        return bool(found["kept"] >= 1 and found["hits"] >= 1)

    eventually(counted)
    retire(stack.as_("admin"), edition["id"])

    def left_alone() -> bool:
        time.sleep(POST_EVERY_S)
        return case_by(stack, start_thread(customer, board, "Zuletzt", text)) is None

    eventually(left_alone, IN_FORCE_S)
    subject = f"/v1/audit/entries?subject=ruleset:{edition['id']}"
    actions = [entry["action"] for entry in log.get(subject).expect(200)["items"]]
    assert ["ruleset:retire", "ruleset:publish", "ruleset:propose"] == actions
