"""Cases over HTTP: found, claimed, decided, approved; with what a moderator must see."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.forum_api import OPERATOR, ForumApi
from tests.support.forum_walk import (
    GROUND,
    case_about,
    decide,
    decision,
    keep,
    notice_about,
    open_board,
    removed,
    start,
)

REFERRAL = {"made": True, "authority": "BKA", "at": "2026-11-23T10:00:00.000Z", "reference": "1"}
LIFE = {
    "category": "LIFE_THREAT",
    "ground": {"kind": "illegal", "norm": "§ 241 Abs. 2 StGB", "explanation": "Drohung."},
}


def claimed(api: ForumApi, post_id: str, who: str = "moderator") -> str:
    """The path of a case about a post that somebody holds."""
    path = f"/v1/cases/{case_about(api, post_id)['id']}"
    api.post(f"{path}/claim", {}, who).expect(200)
    return path


def test_a_case_shows_what_was_found_and_what_is_due(api: ForumApi) -> None:
    """Signals with their spans, clocks that say law or product, and what reads posts."""
    open_board(api)
    post = start(api, "Du MARK-INSULT!")
    case = case_about(api, post["id"])

    assert ("INSULT", "S2", "rule") == (case["category"], case["severity"], case["opened_by"])
    assert {"kind": "post", "id": post["id"], "revision": 1} == case["subject"]
    assert {"start": 3, "end": 14} == case["signals"][0]["span"]
    assert "MARK-INSULT" == case["signals"][0]["excerpt"]
    assert "rules only: no model weights" == case["scoring"]
    assert {"product"} == {clock["kind"] for clock in case["clocks"]}
    assert (None, None, None) == (case["knowledge_at"], case["legal_due_at"], case["claim"])
    assert case["due_at"] == min(clock["due_at"] for clock in case["clocks"])


def test_a_held_post_says_so_to_its_author(api: ForumApi) -> None:
    """Held at once, with a statement of its own and the hour it ends; the case shows both."""
    open_board(api)
    post = start(api, "MARK-DOX")
    case = case_about(api, post["id"])

    assert ("held", "hold") == (post["state"], post["restrictions"][0]["kind"])
    assert post["statement_id"] == case["hold"]["statement_id"]
    statement = api.get("/v1/me/statements", "customer").expect(200)["items"][0]
    assert (None, True, True) == (
        statement["decision_id"], statement["automated_detection"], statement["automated_decision"]
    )  # fmt: skip
    assert post["statement_id"] == statement["id"]


def test_the_gravest_is_first(api: ForumApi) -> None:
    """Thirty-nine overdue insults stand behind one fresh threat to life."""
    open_board(api)
    for _ in range(39):
        start(api, "MARK-INSULT")
    api.stack.clock.forward(days=30)
    threat = start(api, "MARK-THREAT", "customer2")

    first = api.get("/v1/cases?limit=1", "moderator").expect(200)["items"][0]
    assert (threat["id"], "S4") == (first["subject"]["id"], first["severity"])
    queued = api.get("/v1/cases?queue=life", "moderator").expect(200)["items"]
    assert [threat["id"]] == [case["subject"]["id"] for case in queued]


def test_ten_notices_are_one_case(api: ForumApi) -> None:
    """Notices join the case, which tells their words to whoever opens it."""
    open_board(api)
    post = start(api)
    receipts = [notice_about(api, post["id"], language="de") for _ in range(10)]
    listed = case_about(api, post["id"])
    case = api.get(f"/v1/cases/{listed['id']}", "moderator").expect(200)

    assert 10 == case["notice_count"]
    assert [receipt["id"] for receipt in receipts] == [notice["id"] for notice in case["notices"]]
    assert "reasons" not in listed["notices"][0]
    first = case["notices"][0]
    assert ("Beleidigung.", True, "de") == (first["reasons"], first["anonymous"], first["language"])
    assert case["knowledge_at"] == receipts[0]["received_at"]


def test_a_notifier_is_not_named_to_moderators(api: ForumApi) -> None:
    """Who filed a notice decides nothing; that it was one of the company's own does count."""
    open_board(api)
    post = start(api)
    notifier = {"name": "Anna Muster", "email": "anna@kunde.example"}
    notice_about(api, post["id"], notifier=notifier)
    body = {"items": [{"post_id": post["id"], "excerpt": "Filter"}], "reasons": "x",
            "good_faith": True}  # fmt: skip
    api.post("/v1/notices", body, "staff").expect(201)
    answer = api.get(f"/v1/cases/{case_about(api, post['id'])['id']}", "moderator")

    assert "Anna" not in answer.text
    assert "anna@" not in answer.text
    notices = answer.expect(200)["notices"]
    assert [False, True] == [notice["self_interested"] for notice in notices]
    assert [[], ["Filter"]] == [notice["excerpts"] for notice in notices]


def test_a_claim_needs_no_key_since_it_creates_nothing(api: ForumApi) -> None:
    """The key is asked for where something is made: of the decision, not of the claim."""
    open_board(api)
    path = claimed(api, start(api, "MARK-INSULT")["id"])
    api.call("POST", f"{path}/claim", {}, who="moderator", key=None).expect(200)
    refused = api.call("POST", f"{path}/decision", decision(), who="moderator", key=None)
    assert (400, "idempotency-key-missing") == (refused.status, refused.problem)


def test_an_escalated_case_is_in_the_higher_queue(api: ForumApi) -> None:
    """Once; whoever holds another's claim may not."""
    open_board(api)
    path = claimed(api, start(api, "MARK-INSULT")["id"])
    why = {"reason": "Das übersteigt mein Mandat."}
    assert 409 == api.post(f"{path}/escalate", why, "moderator2").status
    escalated = api.post(f"{path}/escalate", why, "moderator").expect(200)
    assert (True, None) == (escalated["escalated"], escalated["claim"])
    refused = api.post(f"{path}/escalate", why, "moderator2")
    assert (409, "escalated") == (refused.status, refused.problem)


def test_a_claim_keeps_others_away_for_ten_minutes(api: ForumApi) -> None:
    """409 with who holds it and until when; afterwards, or once released, it is free."""
    open_board(api)
    path = claimed(api, start(api, "MARK-INSULT")["id"])
    held = api.get(path, "moderator").expect(200)["claim"]
    assert api.actor("moderator").id == held["by"]

    refused = api.post(f"{path}/claim", {}, "moderator2")
    assert (409, "claimed") == (refused.status, refused.problem)
    assert held == refused.body["data"]
    assert 409 == api.post(f"{path}/release", {}, "moderator2").status
    assert api.post(f"{path}/release", {}, "moderator").expect(200)["claim"] is None
    api.post(f"{path}/claim", {}, "moderator2").expect(200)
    api.stack.clock.forward(minutes=10)
    assert api.get(path, "moderator").expect(200)["claim"] is None
    api.post(f"{path}/claim", {}, "moderator").expect(200)


def test_nobody_decides_without_the_claim(api: ForumApi) -> None:
    """409 for who never claimed and for who claimed too long ago."""
    open_board(api)
    post = start(api, "MARK-INSULT")
    path = f"/v1/cases/{case_about(api, post['id'])['id']}/decision"
    first = api.post(path, decision(), "moderator")
    claimed(api, post["id"])
    api.stack.clock.forward(minutes=11)
    second = api.post(path, decision(), "moderator")

    assert [(409, "not-claimed")] * 2 == [(a.status, a.problem) for a in (first, second)]


def test_words_that_moved_on_are_not_judged(api: ForumApi) -> None:
    """409 `content-changed`, and the case shows both texts."""
    open_board(api)
    post = start(api, "Du MARK-INSULT!")
    path = claimed(api, post["id"])
    body, headers = {"body": "Entschuldigung."}, {"If-Match": '"1"'}
    edit = api.call("PATCH", f"/v1/posts/{post['id']}", body, who="customer", headers=headers)
    assert 200 == edit.status

    refused = api.post(f"{path}/decision", decision(), "moderator")
    assert (409, "content-changed") == (refused.status, refused.problem)
    case = api.get(path, "moderator").expect(200)
    content = case["content"]
    assert ("Du MARK-INSULT!", 1) == (content["frozen"]["body"], content["frozen"]["revision"])
    assert ("Entschuldigung.", 2) == (content["current"]["body"], case["subject"]["revision"])
    body = decision(revision=2, **keep())
    assert "effective" == api.post(f"{path}/decision", body, "moderator").expect(201)["state"]


def test_a_removal_hides_and_gives_reasons(api: ForumApi) -> None:
    """The post is gone for readers, the author has the statement, the case its decision."""
    post, made = removed(api)

    assert ("effective", "remove") == (made["state"], made["outcome"])
    assert 404 == api.get(f"/v1/posts/{post['id']}").status
    own = api.get(f"/v1/posts/{post['id']}", "customer").expect(200)
    assert ("removed", made["statement_id"]) == (own["state"], own["statement_id"])
    case = case_about(api, post["id"], "decided")
    assert made["id"] == case["decision"]["id"]
    assert GROUND == case["decision"]["ground"]
    assert api.actor("moderator").id == case["decision"]["decided_by"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"ground": None}, "/ground"),
        ({"ground": {**GROUND, "norm": "§ 1 BGB"}}, "/ground/norm"),
        ({"ground": {"kind": "terms", "clause": "respect", "version": "1999-01-01",
                     "explanation": "x"}}, "/ground/version"),
        ({"measure": {"kind": "label"}}, "/measure"),
        ({"outcome": "restrict"}, "/measure"),
        ({"outcome": "redact", "measure": {"kind": "redaction",
          "spans": [{"start": 0, "end": 9999}]}}, "/measure/spans"),
        ({"category": "REVIEW_OPINION"}, "/category"),
        ({"member_measure": {"kind": "suspend"}}, "/member_measure/kind"),
        (LIFE, "/referral"),
        ({**keep(), "ground": GROUND}, "/ground"),
    ],
)  # fmt: skip
def test_a_decision_that_could_not_be_explained_is_refused(
    api: ForumApi, fields: dict[str, Any], pointer: str
) -> None:
    """422 with a pointer to what is wrong, and nothing is decided."""
    open_board(api)
    post = start(api, "MARK-INSULT")
    path = claimed(api, post["id"])
    answer = api.post(f"{path}/decision", decision(**fields), "moderator")

    assert [pointer] == [error["pointer"] for error in answer.expect(422)["errors"]]
    assert "open" == api.get(path, "moderator").expect(200)["state"]


@pytest.mark.parametrize("referral", [REFERRAL, {"made": False, "why": "Ein Liedtext."}])
def test_a_threat_to_life_says_whether_it_was_reported(
    api: ForumApi, referral: dict[str, Any]
) -> None:
    """To whom, or why not; the case keeps it."""
    open_board(api)
    post = start(api, "MARK-THREAT")
    decide(api, post["id"], **LIFE, referral=referral)

    kept = case_about(api, post["id"], "decided")["decision"]["referral"]
    assert referral["made"] == kept["made"]
    assert referral.get("why") == kept["why"]


def test_redacted_passages_are_black_for_readers(api: ForumApi) -> None:
    """Same length for everybody else, the author's own words for the author and reviewers."""
    open_board(api)
    post = start(api, "Ruf **0151** an")
    notice_about(api, post["id"])
    measure = {"kind": "redaction", "spans": [{"start": 6, "end": 10}]}
    decide(api, post["id"], outcome="redact", category="DOX", measure=measure,
           ground={"kind": "illegal", "norm": "§ 126a StGB", "explanation": "Nummer."})  # fmt: skip
    path = f"/v1/posts/{post['id']}"

    kept = case_about(api, post["id"], "decided")["decision"]
    assert measure["spans"] == kept["measure"]["spans"]
    for who in (None, "customer2"):
        read = api.get(path, who).expect(200)
        assert ("Ruf **████** an", "redaction") == (read["body"], read["restrictions"][0]["kind"])
        assert "0151" not in read["body_html"]
    for who in ("customer", "moderator"):
        read = api.get(path, who).expect(200)
        assert "Ruf **0151** an" == read["body"]
        assert "<strong>0151</strong>" in read["body_html"]


@pytest.mark.parametrize(
    ("kind", "territory", "public", "member"),
    [
        ("label", [], "Text", "Text"),
        ("age_gate", [], "", "Text"),
        ("disabling", ["DE"], "", ""),
    ],
)
def test_restricted_words_are_withheld_from_whom_they_must(
    api: ForumApi, kind: str, territory: list[str], public: str, member: str
) -> None:
    """A label hides nothing, an age gate strangers, a disabling in a territory every reader."""
    open_board(api)
    post = start(api, "Text")
    notice_about(api, post["id"])
    until = api.stack.clock.now + timedelta(days=1)
    measure = {"kind": kind, "territory": territory, "until": until.isoformat()}
    decide(api, post["id"], outcome="restrict", measure=measure)
    path = f"/v1/posts/{post['id']}"

    def words() -> list[str]:
        return [api.get(path, w).expect(200)["body"] for w in (None, "customer2", "customer")]

    assert [public, member, "Text"] == words()
    api.stack.clock.forward(days=2)
    assert ["Text"] * 3 == words()


def test_content_about_the_operator_awaits_a_second_person(api: ForumApi) -> None:
    """Nothing changes until somebody else, of another unit, agrees."""
    open_board(api)
    post = start(api, f"{OPERATOR}: nie wieder!")
    notice_about(api, post["id"])
    made = decide(api, post["id"], about_operator=True)
    path = f"/v1/cases/{made['case_id']}"

    assert "awaiting_approval" == made["state"]
    assert "statement_id" not in made
    assert 200 == api.get(f"/v1/posts/{post['id']}").status
    waiting = api.get("/v1/cases?state=awaiting_approval", "approver").expect(200)["items"]
    assert [made["id"]] == [case["decision"]["id"] for case in waiting]
    verdict = {"approve": True, "reason": "Geprüft."}
    own = api.post(f"{path}/approval", verdict, "moderator")
    assert (409, "conflict-of-interest") == (own.status, own.problem)
    agreed = api.post(f"{path}/approval", verdict, "approver").expect(200)
    assert ("effective", made["id"]) == (agreed["state"], agreed["id"])
    assert 404 == api.get(f"/v1/posts/{post['id']}").status
    again = api.post(f"{path}/approval", verdict, "moderator2")
    assert (409, "case-not-awaiting-approval") == (again.status, again.problem)


def test_a_rejected_proposal_opens_the_case_again(api: ForumApi) -> None:
    """The content stays, and the case can be decided anew."""
    open_board(api)
    post = start(api, f"{OPERATOR}: Schrott")
    notice_about(api, post["id"])
    made = decide(api, post["id"], about_operator=True)
    verdict = {"approve": False, "reason": "Eine Meinung."}
    path = f"/v1/cases/{made['case_id']}/approval"

    assert "rejected" == api.post(path, verdict, "approver").expect(200)["state"]
    assert case_about(api, post["id"])["decision"] is None
    assert "effective" == decide(api, post["id"], **keep())["state"]


def test_nobody_decides_on_a_post_of_their_own(api: ForumApi) -> None:
    """Not even to claim the case."""
    open_board(api)
    token = api.token("customer", roles=["customer", "moderator"])
    body = {"title": "T", "body": "MARK-INSULT"}
    post = api.call("POST", "/v1/boards/hilfe/threads", body, token=token).expect(201)["post"]
    path = f"/v1/cases/{case_about(api, post['id'])['id']}/claim"
    answer = api.call("POST", path, {}, token=token)

    assert (409, "conflict-of-interest") == (answer.status, answer.problem)


def test_a_warning_comes_before_a_suspension_and_a_suspension_bites_at_once(
    api: ForumApi,
) -> None:
    """The store is asked at every write; the token stays good for reading."""
    open_board(api)
    first, second = start(api, "MARK-INSULT 1"), start(api, "MARK-INSULT 2")
    decide(api, first["id"], member_measure={"kind": "warn"})
    assert 1 == api.get("/v1/me", "customer").expect(200)["warnings"]
    kept = case_about(api, first["id"], "decided")["decision"]["member_measure"]
    assert {"kind": "warn", "until": None} == kept
    decide(api, second["id"], member_measure={"kind": "suspend"})

    path = "/v1/boards/hilfe/threads"
    answer = api.post(path, {"title": "T", "body": "B"}, "customer")
    assert (403, "suspended") == (answer.status, answer.problem)
    me = api.get("/v1/me", "customer").expect(200)
    assert me["suspended"]
    assert me["suspended_until"] == answer.body["data"]["until"]
    api.stack.clock.forward(days=31)
    assert 201 == api.post(path, {"title": "T", "body": "B"}, "customer").status
    assert not api.get("/v1/me", "customer").expect(200)["suspended"]


def test_an_open_case_survives_the_deletion_of_its_post(api: ForumApi) -> None:
    """Deleting closes nothing: the words stay for the case."""
    open_board(api)
    post = start(api, "MARK-INSULT")
    api.call("DELETE", f"/v1/posts/{post['id']}", who="customer").expect(204)
    case = case_about(api, post["id"])

    assert ("deleted", "MARK-INSULT") == (
        case["content"]["state"], case["content"]["current"]["body"]
    )  # fmt: skip
    assert 404 == api.get(f"/v1/posts/{post['id']}").status
