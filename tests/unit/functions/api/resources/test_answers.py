"""By when customers are to be answered, who waits, and what answers a thread, over HTTP."""

from typing import Any

import pytest

from moderation.community.folding import FoldThread, Touch
from moderation.community.post import Post
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, reply, start

TARGET: dict[str, Any] = {
    "minutes": 60,
    "zone": "Europe/Vienna",
    "shifts": [
        {"day": "mon", "from": "08:00", "until": "12:00"},
        {"day": "mon", "from": "12:30", "until": "24:00"},
    ],
    "holidays": "none",
    "closed": ["2026-12-24"],
}
PLAIN = {"slug", "title", "description", "unit", "visibility", "created_at"}


def fold(api: ForumApi, *posts: dict[str, Any], was_listed: bool = False) -> None:
    """Do what the stream's consumer does for posts of one thread."""
    touched = tuple(Touch(Post.at(post["id"]), was_listed) for post in posts)
    api.stack.unit_of_work.run(FoldThread(posts[0]["thread_id"], touched))


def edit(api: ForumApi, target: Any, tag: str | None = '"1"', slug: str = "hilfe") -> Any:
    """The admin sets a board's target."""
    headers = {} if tag is None else {"If-Match": tag}
    return api.call(
        "PATCH", f"/v1/boards/{slug}", {"answer_target": target}, who="admin", headers=headers
    )


def targeted(api: ForumApi, minutes: int = 60) -> None:
    """A board with a target."""
    open_board(api)
    edit(api, {"minutes": minutes}).expect(200)


def test_a_target_is_set_seen_by_staff_and_taken_away(api: ForumApi) -> None:
    """It comes back as it was sent; readers see nothing of it."""
    open_board(api)
    made = edit(api, TARGET)

    assert TARGET == made.expect(200)["answer_target"]
    assert '"2"' == made.headers["etag"] == api.get("/v1/boards/hilfe").headers["etag"]
    assert TARGET == api.get("/v1/boards/hilfe", "staff").expect(200)["answer_target"]
    for who in (None, "customer", "nobody"):
        assert PLAIN == set(api.get("/v1/boards/hilfe", who).expect(200))
        assert PLAIN == set(api.get("/v1/boards", who).expect(200)["items"][0])
    assert PLAIN == set(edit(api, None, '"2"').expect(200))
    again = edit(api, TARGET)
    assert (412, "stale", 3) == (again.status, again.problem, again.body["data"]["revision"])
    assert 428 == edit(api, TARGET, None).status
    assert 404 == edit(api, TARGET, slug="nichts").status


def test_a_board_is_opened_with_a_target(api: ForumApi) -> None:
    """Without further words, nine to five in Germany."""
    body = {"slug": "hilfe", "title": "Hilfe", "answer_target": {"minutes": 240}}
    target = api.post("/v1/boards", body, "admin").expect(201)["answer_target"]

    assert (240, "Europe/Berlin", "de", [], 5) == (
        target["minutes"],
        target["zone"],
        target["holidays"],
        target["closed"],
        len(target["shifts"]),
    )
    assert {"day": "fri", "from": "09:00", "until": "17:00"} == target["shifts"][-1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"minutes": 14_401},
        {"minutes": 1.5},
        {"zone": "Europe/Nirgendwo"},
        {"zone": "../x"},
        {"shifts": []},
        {"shifts": [{"day": "mon", "from": "09:00", "until": "09:00"}]},
        {"shifts": [{"day": "mon", "from": "9:00", "until": "17:00"}]},
        {"shifts": [{"day": "mon", "from": "09:00", "until": "24:01"}]},
        {"shifts": [{"day": "montag", "from": "09:00", "until": "17:00"}]},
        {"shifts": [TARGET["shifts"][1], TARGET["shifts"][0]]},
        {"holidays": "fr"},
        {"closed": ["24.12.2026"]},
        {"closed": ["2026-12-24"] * 61},
    ],
)
def test_a_target_that_cannot_be_is_refused(api: ForumApi, wrong: dict[str, Any]) -> None:
    """422, and the board stays as it is."""
    open_board(api)

    assert 422 == edit(api, {**TARGET, **wrong}).status
    assert '"1"' == api.get("/v1/boards/hilfe").headers["etag"]


def test_who_waits_is_listed_longest_first_until_staff_answers(api: ForumApi) -> None:
    """By when it was to be answered is for the company's own people."""
    targeted(api)
    older = start(api)
    api.stack.clock.forward(minutes=5)
    newer = start(api)
    for post in (older, newer):
        fold(api, post)

    items = api.get("/v1/boards/hilfe/waiting", "staff").expect(200)["items"]
    assert [older["thread_id"], newer["thread_id"]] == [item["id"] for item in items]
    assert (older["created_at"], "2026-11-23T10:00:00.000Z", False) == (
        items[0]["waiting_since"],
        items[0]["answer_due_at"],
        items[0]["alarmed"],
    )
    listed = api.get("/v1/boards/hilfe/threads").expect(200)["items"]
    assert [True, True] == [each["waiting"] for each in listed]
    assert {"waiting_since", "answered_at", "answer"}.isdisjoint(listed[0])
    thread = api.get(f"/v1/threads/{older['thread_id']}").expect(200)
    assert thread["waiting"]
    assert (older["created_at"], None, None) == (
        thread["waiting_since"],
        thread["answered_at"],
        thread["answer"],
    )
    assert {"answer_due_at", "alarmed"}.isdisjoint(thread)
    answer = reply(api, older["thread_id"], "F7.", who="staff")
    fold(api, answer)
    items = api.get("/v1/boards/hilfe/waiting", "moderator").expect(200)["items"]
    assert [newer["thread_id"]] == [item["id"] for item in items]
    thread = api.get(f"/v1/threads/{older['thread_id']}").expect(200)
    assert (None, answer["created_at"]) == (thread["waiting_since"], thread["answered_at"])


def test_a_list_of_those_who_wait_is_one_of_a_board(api: ForumApi) -> None:
    """Empty where nobody does, 404 where there is no board; not for customers."""
    open_board(api)

    assert [] == api.get("/v1/boards/hilfe/waiting", "admin").expect(200)["items"]
    for path in ("waiting", "answers"):
        assert 404 == api.get(f"/v1/boards/nichts/{path}", "staff").status
        assert 403 == api.get(f"/v1/boards/hilfe/{path}", "customer").status
    post = start(api)
    fold(api, post)
    other = start(api)
    fold(api, other)
    cursor = api.get("/v1/boards/hilfe/waiting?limit=1", "staff").expect(200)["next"]
    for each in (post, other):
        fold(api, reply(api, each["thread_id"], "F7.", who="staff"))
    last = api.get(f"/v1/boards/hilfe/waiting?limit=1&cursor={cursor}", "staff")
    assert {"items": [], "next": None} == last.expect(200)


def test_the_figures_of_a_board(api: ForumApi) -> None:
    """Who waits and is overdue now, and how long first answers took."""
    targeted(api, minutes=10)
    answered, waiting = start(api), start(api)
    api.stack.clock.forward(minutes=12)
    answer = reply(api, answered["thread_id"], "F7.", who="staff")
    fold(api, answered, answer)
    fold(api, waiting)

    figures = api.get("/v1/boards/hilfe/answers?days=7", "admin").expect(200)
    assert {
        "from": "2026-11-16T09:12:00.000Z",
        "to": "2026-11-23T09:12:00.000Z",
        "waiting": 1,
        "overdue": 1,
        "waiting_since": waiting["created_at"],
        "answered": 1,
        "median_minutes": 12,
        "p90_minutes": 12,
        "complete": True,
    } == figures
    for days in ("0", "91", "x"):
        assert 400 == api.get(f"/v1/boards/hilfe/answers?days={days}", "admin").status


def test_the_asker_marks_the_answer_and_takes_it_back(api: ForumApi) -> None:
    """Nobody else does, but for staff."""
    targeted(api)
    post = start(api)
    peer = reply(api, post["thread_id"], "F7.", who="customer2")
    fold(api, post, peer)
    path, body = f"/v1/threads/{post['thread_id']}/answer", {"post_id": peer["id"]}

    assert 403 == api.post(path, body, "customer2").status
    for who in ("customer", "staff", "moderator"):
        marked = api.post(path, body, who).expect(200)
        assert (peer["id"], None) == (marked["answer"], marked["waiting_since"])
    assert [] == api.get("/v1/boards/hilfe/waiting", "staff").expect(200)["items"]
    assert 403 == api.call("DELETE", path, who="customer2").status
    for _ in range(2):
        api.call("DELETE", path, who="customer").expect(204)
    thread = api.get(f"/v1/threads/{post['thread_id']}").expect(200)
    assert (None, post["created_at"]) == (thread["answer"], thread["waiting_since"])
    assert 422 == api.post(path, {"post_id": post["id"]}, "customer").status
    assert 404 == api.post(path, {"post_id": "01M83T4CM0RJYAWWPY7WSA2MFG"}, "customer").status
