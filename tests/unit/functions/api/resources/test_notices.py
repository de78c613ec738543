"""Notices over HTTP: taken from anybody, telling nothing but what was decided."""

from typing import Any

import pytest

from tests.support.forum_api import ForumApi
from tests.support.forum_walk import case_about, decide, keep, notice_about, open_board, start

ABSENT = "01M83T4CM0RJYAWWPY7WSA2MFG"


def followed(api: ForumApi, receipt: dict[str, Any]) -> dict[str, Any]:
    """The notice as its notifier sees it."""
    path = f"/v1/notices/{receipt['id']}"
    told: dict[str, Any] = api.get(path, Notice_Secret=receipt["secret"]).expect(200)
    return told


def test_a_receipt_says_what_was_received_and_what_follows(api: ForumApi) -> None:
    """Id, secret, time, places as sent, and whether an answer can be sent."""
    open_board(api)
    post = start(api)
    items = [{"post_id": post["id"], "excerpt": "Filter"}, {"url": "https://x.example/#post-1"}]
    named = notice_about(
        api, post["id"], items=items, language="de",
        notifier={"name": "A", "email": "a@b.example", "on_behalf_of": "C"},
    )  # fmt: skip
    nameless = notice_about(api, post["id"], notifier=None, language="fr")

    assert [
        {"post_id": post["id"], "url": None, "excerpt": "Filter"},
        {"post_id": None, "url": "https://x.example/#post-1", "excerpt": None},
    ] == named["items"]
    assert "Sie erhalten das Ergebnis" in named["follows"]
    assert "we cannot write to you" in nameless["follows"]
    assert "a@b.example" not in str(named)


@pytest.mark.parametrize("state", ["shown", "held", "deleted", "absent"])
def test_a_notice_reveals_nothing(api: ForumApi, state: str) -> None:
    """What is hidden, gone or was never there is taken like what is visible."""
    open_board(api)
    post_id = start(api, "MARK-DOX" if state == "held" else "Text")["id"]
    if state == "deleted":
        api.call("DELETE", f"/v1/posts/{post_id}", who="customer").expect(204)
    if state == "absent":
        post_id = ABSENT
    receipt = notice_about(api, post_id)

    assert [{"post_id": post_id, "url": None, "excerpt": None}] == receipt["items"]
    told = followed(api, receipt)
    assert ("received", "received", None) == (
        told["state"], told["items"][0]["state"], told["items"][0]["outcome"]
    )  # fmt: skip


def test_an_address_of_ours_opens_a_case(api: ForumApi) -> None:
    """A notifier may paste what the browser shows; the receipt repeats it and adds nothing."""
    open_board(api)
    post = start(api)
    url = f"https://forum.example/v1/posts/{post['id']}"
    receipt = notice_about(api, post["id"], items=[{"url": url}])

    assert receipt["id"] == case_about(api, post["id"])["notices"][0]["id"]
    assert [{"post_id": None, "url": url, "excerpt": None}] == receipt["items"]


def test_the_outcome_is_told_for_each_place(api: ForumApi) -> None:
    """Decided once all that is ours is decided."""
    open_board(api)
    first, second = start(api, "Eins"), start(api, "Zwei")
    items = [{"post_id": first["id"]}, {"post_id": second["id"]}, {"post_id": ABSENT}]
    receipt = notice_about(api, first["id"], items=items)
    decide(api, first["id"])
    half = followed(api, receipt)
    decide(api, second["id"], **keep())
    whole = followed(api, receipt)

    assert ("received", "decided") == (half["state"], whole["state"])
    assert ["remove", None, None] == [item["outcome"] for item in half["items"]]
    assert ["remove", "keep", None] == [item["outcome"] for item in whole["items"]]


def test_a_proposal_is_no_outcome(api: ForumApi) -> None:
    """While a second person is awaited, the notifier is told nothing."""
    open_board(api)
    post = start(api)
    receipt = notice_about(api, post["id"])
    decide(api, post["id"], about_operator=True)

    assert "received" == followed(api, receipt)["state"]


@pytest.mark.parametrize("secret", ["", "wrong", "ä", "A" * 43])
def test_without_the_secret_there_is_no_notice(api: ForumApi, secret: str) -> None:
    """404, as for an id that names nothing; for reading as for objecting."""
    open_board(api)
    receipt = notice_about(api, start(api)["id"])
    path = f"/v1/notices/{receipt['id']}"

    assert 404 == api.get(path, Notice_Secret=secret).status
    assert 404 == api.get(path, "admin").status
    appeal = api.post(f"{path}/appeal", {"reasons": "x"}, key="fresh", Notice_Secret=secret)
    assert 404 == appeal.status
    assert 404 == api.get(f"/v1/notices/{ABSENT}", Notice_Secret=receipt["secret"]).status


def test_a_notice_about_the_terms_needs_a_login(api: ForumApi) -> None:
    """Forbidden for the public, taken from a member."""
    open_board(api)
    body = {"kind": "terms", "items": [{"post_id": start(api)["id"]}], "reasons": "Werbung."}
    refused = api.post("/v1/notices", body)

    assert (403, "login-required") == (refused.status, refused.problem)
    assert 201 == api.post("/v1/notices", body, "customer2").status


def test_a_notifier_objects_to_what_was_kept(api: ForumApi) -> None:
    """Once, after the decision, and somebody new decides."""
    open_board(api)
    post = start(api)
    receipt = notice_about(api, post["id"])
    path, secret = f"/v1/notices/{receipt['id']}/appeal", {"Notice_Secret": receipt["secret"]}
    early = api.post(path, {"reasons": "Doch."}, **secret)
    assert (409, "not-decided") == (early.status, early.problem)
    decide(api, post["id"], **keep())
    appeal = api.post(path, {"reasons": "Doch."}, **secret).expect(201)
    twice = api.post(path, {"reasons": "Doch."}, **secret)

    assert (receipt["id"], None) == (appeal["notice_id"], appeal["statement_id"])
    assert (409, "already-appealed") == (twice.status, twice.problem)
    assert [appeal["id"]] == followed(api, receipt)["appeals"]
    waiting = api.get("/v1/appeals", "moderator2").expect(200)["items"]
    assert [appeal["id"]] == [item["id"] for item in waiting]


def test_the_public_is_counted_by_address(api: ForumApi) -> None:
    """One address's notices end at the limit, another's do not; members have their own count."""
    api = ForumApi.fresh(notices_per_minute=2)
    open_board(api)
    body = {"items": [{"post_id": start(api)["id"]}], "reasons": "x", "good_faith": True}

    def file(address: str, who: str | None = None) -> int:
        return api.call("POST", "/v1/notices", body, address=address, who=who).status

    assert [201, 201, 429] == [file("192.0.2.1") for _ in range(3)]
    assert [201, 201, 429] == [file("192.0.2.1", "customer") for _ in range(3)]
    assert 201 == file("192.0.2.2")
