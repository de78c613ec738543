"""What a person reads of themselves: everything of theirs, and nothing of anybody else's."""

from typing import Any
from uuid import UUID

from moderation.audit.pseudonym import pseudonym, year_key
from moderation.cases.delivering import PutInInbox
from moderation.cases.message import Message
from tests.support.community import RULES
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import decide, notice_about, open_board, removed, start
from tests.support.stack import ROOT_SECRET

NOTIFIER = {"name": "Nora Nachbarin", "email": "nora@kunde.example"}


def everything(api: ForumApi, who: str, limit: int = 100) -> list[dict[str, Any]]:
    """All pages."""
    found, cursor = [], ""
    while True:
        page = api.get(f"/v1/me/export?limit={limit}{cursor}", who).expect(200)
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def deliver(api: ForumApi) -> None:
    """Everything in the outbox for somebody with an account is in the inbox."""
    for ref in api.stack.work_list.outbox(100):
        message = api.stack.get(Message.at(ref.id))
        if message.to is not None:
            api.stack.unit_of_work.run(PutInInbox(message.id, message.to, RULES))


def test_everything_of_ones_own_is_there(api: ForumApi) -> None:
    """Account, posts with revisions, statements with the appeal, notices, messages."""
    post, _ = removed(api)
    other = start(api, "Erste Worte", who="customer")
    api.call("PATCH", f"/v1/posts/{other['id']}", {"body": "Zweite Worte"}, who="customer",
             headers={"If-Match": '"1"'}).expect(200)  # fmt: skip
    statement = api.get("/v1/me/statements", "customer").expect(200)["items"][0]
    api.post(f"/v1/statements/{statement['id']}/appeal", {"reasons": "Nein."}, "customer")
    body = {
        "items": [{"post_id": other["id"]}],
        "reasons": "Weil.",
        "notifier": NOTIFIER,
        "good_faith": True,
    }
    api.post("/v1/notices", body, "customer").expect(201)
    deliver(api)
    mine = everything(api, "customer")

    kinds = [item["kind"] for item in mine]
    assert sorted(set(kinds)) == ["member", "notice", "notification", "post", "statement"]
    assert kinds == sorted(kinds, key=kinds.index)
    posts = {i["post"]["id"]: i for i in mine if i["kind"] == "post"}
    assert {post["id"], other["id"]} == set(posts)
    assert ["Erste Worte"] == [each["body"] for each in posts[other["id"]]["revisions"]]
    (told,) = [i for i in mine if i["kind"] == "statement"]
    assert ("Nein.", statement["id"]) == (told["appeal"]["reasons"], told["statement"]["id"])
    (notice,) = [i["notice"] for i in mine if i["kind"] == "notice"]
    assert (NOTIFIER["email"], "Weil.") == (notice["email"], notice["reasons"])
    assert everything(api, "customer", limit=1) == mine


def rows(mine: list[dict[str, Any]], kind: str) -> list[list[tuple[str, str]]]:
    """What each thing of a kind has had done to it, and by whom, newest first."""
    return [
        [(entry["action"], entry["by"]) for entry in item["entries"]]
        for item in mine
        if item["kind"] == kind
    ]


def test_neither_the_notifier_nor_the_moderator_is_named(api: ForumApi) -> None:
    """Who acted stands in the log's rows by a number of that thing alone (GDPR Art. 15(4))."""
    open_board(api)
    post = start(api)
    notice_about(api, post["id"], notifier=NOTIFIER)
    decide(api, post["id"])
    statement = api.get("/v1/me/statements", "customer").expect(200)["items"][0]
    api.post(f"/v1/statements/{statement['id']}/appeal", {"reasons": "Nein."}, "customer")
    deliver(api)
    mine = everything(api, "customer")
    text = repr(mine)

    moderator = api.actor("moderator")
    assert [[("post:remove", "1")]] == rows(mine, "post")
    assert [[("appeal:file", "you"), ("statement:issue", "1")]] == rows(mine, "statement")
    name = pseudonym(year_key(ROOT_SECRET, 2026), moderator.id)
    for hidden in (moderator.id, moderator.name, name, *NOTIFIER.values(), "Beleidigung."):
        assert hidden not in text


def test_two_people_in_one_thing_are_told_apart(api: ForumApi) -> None:
    """One who acts again keeps the number."""
    post, _ = removed(api)
    statement = api.get("/v1/me/statements", "customer").expect(200)["items"][0]
    path = f"/v1/statements/{statement['id']}/appeal"
    appeal = api.post(path, {"reasons": "Nein."}, "customer").expect(201)
    body = {"outcome": "reversed", "reasons": "Doch nicht."}
    api.post(f"/v1/appeals/{appeal['id']}/decision", body, "moderator2").expect(201)
    notice_about(api, post["id"])
    decide(api, post["id"])

    acts = [("post:remove", "1"), ("post:restore", "2"), ("post:remove", "1")]
    assert [acts] == rows(everything(api, "customer"), "post")


def test_a_threat_to_life_reads_like_any_other_measure(api: ForumApi) -> None:
    """No row, statement, message or answer tells that there may be a report (DSA Art. 18)."""
    open_board(api)
    post = start(api, "MARK-THREAT")
    referral = {"made": True, "authority": "BKA", "at": "2026-11-23T10:00:00.000Z",
                "reference": "ZMI-7"}  # fmt: skip
    ground = {"kind": "illegal", "norm": "§ 241 Abs. 2 StGB", "explanation": "Ans BKA gegeben."}
    decide(api, post["id"], category="LIFE_THREAT", facts="Dem BKA gemeldet.", ground=ground,
           referral=referral)  # fmt: skip
    statement = api.get("/v1/me/statements", "customer").expect(200)["items"][0]
    path, key = f"/v1/statements/{statement['id']}/appeal", str(UUID(int=7))
    appeal = api.post(path, {"reasons": "Nein."}, "customer", key).expect(201)
    body = {"outcome": "upheld", "reasons": "Das BKA ermittelt."}
    api.post(f"/v1/appeals/{appeal['id']}/decision", body, "moderator2").expect(201)
    deliver(api)
    told: list[Any] = [
        everything(api, "customer"),
        api.post(path, {"reasons": "Nein."}, "customer", key).expect(201),
        *(
            api.get(f"/v1/{what}", "customer").expect(200)
            for what in (
                "me",
                "me/posts",
                "me/statements",
                "me/notifications",
                f"posts/{post['id']}",
                f"posts/{post['id']}/revisions",
                f"statements/{statement['id']}",
            )
        ),
    ]

    assert [[("post:remove", "2"), ("post:hold", "1")]] == rows(told[0], "post")
    for hidden in ("LIFE_THREAT", "BKA", "ZMI-7", "test@1#", "norms@"):
        assert hidden not in repr(told)


def test_nothing_of_others_is_there(api: ForumApi) -> None:
    """Somebody who never wrote has an account and nothing else."""
    open_board(api)
    start(api, "Hallo")

    (alone,) = everything(api, "customer2")
    assert ("member", [], None) == (alone["kind"], alone["entries"], alone["post"])
    assert 401 == api.get("/v1/me/export").status
