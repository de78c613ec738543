"""The main job, end to end, over HTTP on the packaged stack."""

import time
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import Client
from tests.e2e.stack import Stack
from tests.e2e.tampering import TAMPERINGS, verify

pytestmark = pytest.mark.e2e

THREAT = "Morgen früh um acht stehe ich mit dem Messer vor deiner Haustür und steche dich ab."
REVIEW = "Überteuerter Schrott, der schlechteste Kundendienst aller Zeiten. Nie wieder!"
INSULT = "Du bist ein dreckiger Hurensohn und ein Stück Scheiße, @nachbar."


def eventually[T](look: Callable[[], T | None], seconds: float = 60) -> T:
    """Ask until there is an answer; fails when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = look()
        if answer:
            return answer
        time.sleep(0.3)
    raise AssertionError("nothing came in time")


@pytest.fixture
def board(stack: Stack) -> dict[str, Any]:
    """A board of its own, so that runs on kept state do not meet."""
    slug = f"walk-{uuid.uuid4().hex[:12]}"
    body = {"slug": slug, "title": "Wärmepumpen", "unit": "product"}
    created: dict[str, Any] = stack.as_("admin").post("/v1/boards", body).expect(201)
    return created


def start_thread(customer: Client, board: dict[str, Any], title: str, body: str) -> dict[str, Any]:
    """Open a thread and give its opening post."""
    path = f"/v1/boards/{board['slug']}/threads"
    answer = customer.post(path, {"title": title, "body": body, "language": "de"}).expect(201)
    post: dict[str, Any] = answer["post"]
    return post


def case_about(moderator: Client, post_id: str, state: str = "open") -> dict[str, Any]:
    """The case about a post, by the moderators' list."""

    def look() -> dict[str, Any] | None:
        cursor: str | None = ""
        while cursor is not None:
            path = f"/v1/cases?state={state}&limit=100" + (f"&cursor={cursor}" if cursor else "")
            page = moderator.get(path).expect(200)
            for case in page["items"]:
                if case["subject"]["id"] == post_id:
                    found: dict[str, Any] = case
                    return found
            cursor = page["next"]
        return None

    return eventually(look)


def decide(moderator: Client, case: dict[str, Any], **body: Any) -> dict[str, Any]:
    """Claim a case and decide it."""
    moderator.post(f"/v1/cases/{case['id']}/claim", {}).expect(200)
    path = f"/v1/cases/{case['id']}/decision"
    full = {"revision": case["subject"]["revision"], "about_operator": False, **body}
    decision: dict[str, Any] = moderator.post(path, full).expect(201)
    return decision


def norm_for(stack: Stack, category: str) -> str:
    """A norm that `/v1/grounds` allows for the category."""
    grounds = stack.as_(None).get("/v1/grounds").expect(200)
    norm: str = next(g for g in grounds["categories"] if g["category"] == category and g["norms"])[
        "norms"
    ][0]
    return norm


def test_a_removal_gives_reasons_and_an_appeal_restores(
    stack: Stack, board: dict[str, Any]
) -> None:
    """An unlawful post is flagged, removed with reasons, appealed, and restored by a second."""
    author, moderator, second = (stack.as_(n) for n in ("customer", "moderator", "moderator2"))
    post = start_thread(author, board, "Streit", INSULT)

    case = case_about(moderator, post["id"])
    assert [] != case["signals"]
    decision = decide(
        moderator,
        case,
        outcome="remove",
        category="INSULT",
        facts="Der Beitrag beschimpft eine andere Person, ohne Bezug zur Sache.",
        ground={
            "kind": "illegal",
            "norm": norm_for(stack, "INSULT"),
            "explanation": "Formalbeleidigung ohne Sachbezug.",
        },
    )
    assert "effective" == decision["state"]

    stack.as_("customer2").get(f"/v1/posts/{post['id']}").expect(404)
    own = author.get(f"/v1/posts/{post['id']}").expect(200)
    assert "removed" == own["state"]
    statement = eventually(
        lambda: next(
            (s for s in author.get("/v1/me/statements").expect(200)["items"]
             if s["post_id"] == post["id"]),
            None,
        )
    )  # fmt: skip
    assert decision["statement_id"] == statement["id"] == own["statement_id"]
    assert (True, False) == (statement["automated_detection"], statement["automated_decision"])
    assert "" != statement["text"]
    assert [] != statement["redress"]

    stack.as_("customer2").post(
        f"/v1/statements/{statement['id']}/appeal", {"reasons": "Nicht meiner."}
    ).expect(404)
    appeal = author.post(
        f"/v1/statements/{statement['id']}/appeal",
        {"reasons": "Das war ein Zitat aus seinem Beitrag."},
    ).expect(201)
    verdict = {"outcome": "reversed", "reasons": "Es ist ein Zitat."}
    path = f"/v1/appeals/{appeal['id']}/decision"
    moderator.post(path, verdict).expect(409)
    second.post(path, verdict).expect(201)

    restored = stack.as_("customer2").get(f"/v1/posts/{post['id']}").expect(200)
    assert ("published", INSULT) == (restored["state"], restored["body"])


def test_a_threat_to_life_is_held_at_once_and_heads_the_list(
    stack: Stack, board: dict[str, Any]
) -> None:
    """A threat to life is hidden at once, with a statement, and stands before everything else."""
    author, moderator = stack.as_("customer2"), stack.as_("moderator")
    post = start_thread(author, board, "An den Nachbarn", THREAT)
    assert "held" == post["state"]
    assert [] != [r for r in post["restrictions"] if r["kind"] == "hold"]
    stack.as_("customer").get(f"/v1/posts/{post['id']}").expect(404)
    told = author.get("/v1/me/statements").expect(200)["items"]
    held = next(statement for statement in told if statement["post_id"] == post["id"])
    assert (True, True) == (held["automated_detection"], held["automated_decision"])

    case = case_about(moderator, post["id"])
    assert ("LIFE_THREAT", "S4") == (case["category"], case["severity"])
    first = moderator.get("/v1/cases?state=open").expect(200)["items"][0]
    assert "S4" == first["severity"]

    body = {
        "outcome": "remove",
        "category": "LIFE_THREAT",
        "facts": "Ankündigung eines Angriffs mit Ort und Zeit.",
        "ground": {
            "kind": "illegal",
            "norm": norm_for(stack, "LIFE_THREAT"),
            "explanation": "Androhung einer Straftat gegen das Leben.",
        },
    }
    moderator.post(f"/v1/cases/{case['id']}/claim", {}).expect(200)
    path = f"/v1/cases/{case['id']}/decision"
    full = {"revision": 1, "about_operator": False, **body}
    moderator.post(path, full).expect(422)
    referral = {"made": True, "authority": "BKA", "at": "2026-11-23T10:00:00.000Z",
                "reference": "ST 123"}  # fmt: skip
    moderator.post(path, {**full, "referral": referral}).expect(201)
    stack.as_("customer").get(f"/v1/posts/{post['id']}").expect(404)


def test_criticism_of_the_operator_stays_without_a_second_person(
    stack: Stack, board: dict[str, Any]
) -> None:
    """A harsh review is not flagged; removing it on a notice awaits somebody of another unit."""
    author, moderator, approver = (stack.as_(n) for n in ("customer", "moderator", "approver"))
    post = start_thread(author, board, "Erfahrung", REVIEW)
    assert "published" == post["state"]

    notice = stack.as_(None).post(
        "/v1/notices",
        {
            "items": [{"post_id": post["id"]}],
            "reasons": "Der Beitrag ist falsch und schadet der Firma.",
            "notifier": {"name": "A. Muster", "email": "muster@kunde.example"},
            "good_faith": True,
            "language": "de",
        },
    ).expect(201)  # fmt: skip
    case = case_about(moderator, post["id"])
    assert [notice["id"]] == [n["id"] for n in case["notices"]]
    grounds = stack.as_(None).get("/v1/grounds").expect(200)
    clause = next(c for c in grounds["terms"]["clauses"])
    decision = decide(
        moderator,
        case,
        outcome="remove",
        category="TC",
        about_operator=True,
        facts="Die Wortwahl ist scharf.",
        ground={
            "kind": "terms",
            "clause": clause["id"],
            "version": grounds["terms"]["version"],
            "explanation": "Ton.",
        },
    )
    assert "awaiting_approval" == decision["state"]
    assert "published" == stack.as_(None).get(f"/v1/posts/{post['id']}").expect(200)["state"]

    path = f"/v1/cases/{case['id']}/approval"
    moderator.post(path, {"approve": True, "reason": "Selbst geprüft."}).expect(409)
    approver.post(path, {"approve": False, "reason": "Eine Meinung; sie bleibt."}).expect(200)
    again = case_about(moderator, post["id"])
    decide(moderator, again, outcome="keep", category="REVIEW_OPINION", facts="Werturteil.")

    told = stack.as_(None).get(
        f"/v1/notices/{notice['id']}", Notice_Secret=notice["secret"]
    ).expect(200)  # fmt: skip
    assert ("decided", "keep") == (told["state"], told["items"][0]["outcome"])
    stack.as_(None).get(f"/v1/notices/{notice['id']}", Notice_Secret="wrong").expect(404)
    assert REVIEW == stack.as_(None).get(f"/v1/posts/{post['id']}").expect(200)["body"]


def test_the_log_is_exported_verified_and_every_alteration_found(
    stack: Stack, board: dict[str, Any], tmp_path: Path
) -> None:
    """An outsider verifies the exported bundle offline; a dozen alterations are each caught."""
    start_thread(stack.as_("customer"), board, "Streit", INSULT)
    compliance = stack.as_("compliance")
    entries = compliance.get("/v1/audit/entries?action=case:open").expect(200)
    assert [] != entries["items"]
    asked = compliance.post(
        "/v1/audit/exports",
        {"from": "2026-01-01T00:00:00.000Z", "to": "2099-01-01T00:00:00.000Z"},
    ).expect(202)

    def ready() -> dict[str, Any] | None:
        export: dict[str, Any] = compliance.get(f"/v1/audit/exports/{asked['id']}").expect(200)
        assert "failed" != export["state"]
        return export if export["state"] == "ready" else None

    export = eventually(ready, seconds=150)
    bundle = tmp_path / "bundle.zip"
    with urllib.request.urlopen(export["url"], timeout=30) as response:  # noqa: S310
        bundle.write_bytes(response.read())

    assert (0, "") == verify(bundle, stack.verify_key)[:2]
    assert 12 <= len(TAMPERINGS)
    for tamper in TAMPERINGS:
        altered = tmp_path / f"{tamper.__name__}.zip"
        tamper(bundle, altered)
        code, _, said = verify(altered, stack.verify_key)
        assert (tamper.__name__, 1) == (tamper.__name__, code), said
