"""Legal holds and erasures over HTTP."""

import pytest

from moderation.compliance.erasure import Erasure, Kept
from moderation.compliance.erasure_request import ConcludeErasure
from moderation.ids import HoldId
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, removed, start

REVIEW = "2027-01-01T00:00:00.000Z"
ABSENT = "01M83T4CM0RJYAWWPY7WSA2MFG"


def hold_on(subject: str) -> dict[str, str]:
    """The body of a hold."""
    return {"subject": subject, "matter": "Az. 1", "basis": "order", "review_at": REVIEW}


def test_a_hold_is_placed_listed_read_and_released(api: ForumApi) -> None:
    """A case keeps its post, too; releasing it again is nothing."""
    post, _ = removed(api)
    entries = api.get("/v1/audit/entries?action=case:open", "compliance").expect(200)["items"]
    hold = api.post("/v1/holds", hold_on(entries[0]["subject"]), "compliance").expect(201)
    path = f"/v1/holds/{hold['id']}"

    assert [entries[0]["subject"], f"post:{post['id']}"] == hold["covers"]
    assert [hold] == api.get("/v1/holds", "compliance").expect(200)["items"]
    assert hold == api.get(path, "compliance").expect(200)
    for _ in range(2):
        assert 204 == api.call("DELETE", path, who="compliance").status
    assert [] == api.get("/v1/holds", "compliance").expect(200)["items"]
    released = api.get(path, "compliance").expect(200)
    assert api.actor("compliance").id == released["released_by"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": f"board:{ABSENT}"},
        {"subject": "post:x"},
        {"review_at": "2020-01-01T00:00:00.000Z"},
        {"basis": "whim"},
        {"matter": ""},
    ],
)
def test_a_hold_that_is_none_is_refused(api: ForumApi, wrong: dict[str, str]) -> None:
    """Kinds that are held, a review to come, a basis that the law knows, a matter."""
    open_board(api)
    post = start(api, "Hallo")
    body = {**hold_on(f"post:{post['id']}"), **wrong}

    assert 422 == api.post("/v1/holds", body, "compliance").status


def test_a_member_asks_to_be_erased(api: ForumApi) -> None:
    """204; asking again changes nothing, and compliance sees how far it is."""
    open_board(api)
    start(api, "Hallo")
    for _ in range(2):
        assert 204 == api.call("DELETE", "/v1/me", who="customer").status
    member = api.actor("customer").id
    shown = api.get(f"/v1/erasures/{member}", "compliance").expect(200)

    assert ("member", "running", []) == (shown["target"], shown["state"], shown["kept"])
    asked = [e for e in api.stack.entries() if e["action"] == "erasure:request"]
    assert [f"erasure:{member}"] == [entry["subject"] for entry in asked]


def test_compliance_orders_an_erasure(api: ForumApi) -> None:
    """Of a member or of a notice, one of the two, and one that is there."""
    removed(api)
    entries = api.get("/v1/audit/entries?action=notice:receive", "compliance").expect(200)["items"]
    notice = entries[0]["subject"].removeprefix("notice:")
    ordered = api.post("/v1/erasures", {"notice_id": notice}, "compliance").expect(202)

    assert ("notice", notice) == (ordered["target"], ordered["id"])
    assert "running" == api.stack.get(Erasure.at(notice)).state
    member = api.actor("customer").id
    assert 202 == api.post("/v1/erasures", {"member_id": member}, "compliance").status
    assert 404 == api.post("/v1/erasures", {"member_id": ABSENT}, "compliance").status
    for wrong in ({}, {"member_id": member, "notice_id": notice}):
        assert 422 == api.post("/v1/erasures", wrong, "compliance").status


def test_the_person_reads_what_is_kept_and_why(api: ForumApi) -> None:
    """The ground, and the day on which it is looked at again (GDPR Art. 12(4), 17(3))."""
    open_board(api)
    post = start(api, "Hallo")
    held = api.post("/v1/holds", hold_on(f"post:{post['id']}"), "compliance").expect(201)
    assert 404 == api.get("/v1/me/erasure", "customer").status
    api.call("DELETE", "/v1/me", who="customer")
    kept = (
        Kept(subject=f"post:{post['id']}", why="hold", holds=(HoldId(held["id"]),)),
        Kept(subject="case:x", why="open-case"),
    )
    due_at = api.stack.clock.now
    member = api.actor("customer").id
    api.stack.unit_of_work.run(ConcludeErasure(target_id=member, kept=kept, due_at=due_at))
    shown = api.get("/v1/me/erasure", "customer").expect(200)

    assert ["GDPR Art. 17(3)(b)"] * 2 == [each["ground"] for each in shown["kept"]]
    assert [REVIEW, shown["due_at"]] == [each["review_at"] for each in shown["kept"]]
    claim = {**hold_on(f"post:{post['id']}"), "basis": "claims"}
    other = api.post("/v1/holds", claim, "compliance").expect(201)
    claims = (Kept(subject="post:x", why="hold", holds=(HoldId(other["id"]),)),)
    api.stack.unit_of_work.run(ConcludeErasure(target_id=member, kept=claims, due_at=due_at))
    shown = api.get("/v1/me/erasure", "customer").expect(200)
    assert ["GDPR Art. 17(3)(e)"] == [each["ground"] for each in shown["kept"]]
