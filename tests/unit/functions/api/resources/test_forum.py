"""Boards, threads and posts over HTTP."""

from dataclasses import dataclass
from typing import Any

from moderation.cases.message import InboxItem, MessageKind
from moderation.change import Change, Context, Seen
from moderation.community.folding import FoldThread, Touch
from moderation.community.post import Post
from moderation.ids import encode
from moderation.records import Ref
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, reply, start


def test_a_board_is_opened_and_read(api: ForumApi) -> None:
    """201 with its address; then it is listed by slug."""
    made = api.post(
        "/v1/boards",
        {"slug": "wallbox", "title": "Wallbox", "description": "Laden", "unit": "product"},
        "admin",
    )
    board = made.expect(201)

    assert "https://forum.example/v1/boards/wallbox" == made.headers["location"]
    assert {"slug", "title", "description", "unit", "visibility", "created_at"} == set(board)
    assert board == api.get("/v1/boards/wallbox").expect(200)
    open_board(api, "app")
    slugs = [item["slug"] for item in api.get("/v1/boards").expect(200)["items"]]
    assert ["app", "wallbox"] == slugs
    again = api.post("/v1/boards", {"slug": "wallbox", "title": "X"}, "admin")
    assert (409, "slug-taken") == (again.status, again.problem)


def test_a_thread_is_started_and_read(api: ForumApi) -> None:
    """Thread and post, complete, before any consumer of the stream has run."""
    open_board(api)
    body = {"title": "Filter", "body": "Wer *kennt* ihn?", "language": "de-AT"}
    made = api.post("/v1/boards/hilfe/threads", body, "customer")
    thread, post = made.expect(201)["thread"], made.body["post"]

    assert ("Filter", "open", 1, "de-AT") == (
        thread["title"], thread["state"], thread["post_count"], thread["language"]
    )  # fmt: skip
    assert ("hilfe", post["thread_id"]) == (thread["board"], thread["id"])
    assert f"https://forum.example/v1/threads/{thread['id']}" == made.headers["location"]
    assert "<p>Wer <em>kennt</em> ihn?</p>" == post["body_html"].strip()
    assert thread == api.get(f"/v1/threads/{thread['id']}").expect(200)
    assert [] == api.get("/v1/boards/hilfe/threads").expect(200)["items"]


def test_a_thread_that_is_held_is_not_there_for_strangers(api: ForumApi) -> None:
    """Its author sees it as hidden."""
    open_board(api)
    body = {"title": "MARK-DOX", "body": "x"}
    thread = api.post("/v1/boards/hilfe/threads", body, "customer").expect(201)["thread"]

    assert "hidden" == thread["state"]
    assert 404 == api.get(f"/v1/threads/{thread['id']}").status
    assert thread == api.get(f"/v1/threads/{thread['id']}", "customer").expect(200)
    posts = api.get(f"/v1/threads/{thread['id']}/posts")
    assert {"items": [], "next": None} == posts.expect(200)


def fold(api: ForumApi, *posts: dict[str, Any], was_listed: bool = False) -> None:
    """Do what the stream's consumer does for posts of one thread."""
    touched = tuple(Touch(Post.at(post["id"]), was_listed) for post in posts)
    api.stack.unit_of_work.run(FoldThread(posts[0]["thread_id"], touched))


def test_a_board_lists_its_threads_by_activity(api: ForumApi) -> None:
    """The row has title, counters and last activity; a members board's are for members."""
    open_board(api)
    open_board(api, "intern", visibility="members")
    older, newer, inside = start(api), start(api), start(api, slug="intern")
    api.stack.clock.forward(minutes=1)
    answer = reply(api, older["thread_id"], "Ich.")
    for posts in ((older, answer), (newer,), (inside,)):
        fold(api, *posts)

    items = api.get("/v1/boards/hilfe/threads").expect(200)["items"]
    assert [older["thread_id"], newer["thread_id"]] == [item["id"] for item in items]
    assert (2, answer["created_at"], "Filter") == (
        items[0]["post_count"], items[0]["last_post_at"], items[0]["title"]
    )  # fmt: skip
    thread = api.get(f"/v1/threads/{older['thread_id']}").expect(200)
    assert items[0] == {name: thread[name] for name in items[0]}
    assert 404 == api.get("/v1/boards/intern/threads").status
    assert 1 == len(api.get("/v1/boards/intern/threads", "nobody").expect(200)["items"])


def test_a_thread_whose_opening_post_is_gone_keeps_its_replies(api: ForumApi) -> None:
    """Off its board's list, without a title; once nothing in it is public, it is not there."""
    open_board(api)
    post = start(api)
    thread = post["thread_id"]
    answer = reply(api, thread, "Ich.")
    fold(api, post, answer)
    api.call("DELETE", f"/v1/posts/{post['id']}", who="customer").expect(204)
    fold(api, post, was_listed=True)

    assert [] == api.get("/v1/boards/hilfe/threads").expect(200)["items"]
    row = api.get(f"/v1/threads/{thread}").expect(200)
    assert ("", "hidden", 1) == (row["title"], row["state"], row["post_count"])
    posts = api.get(f"/v1/threads/{thread}/posts").expect(200)["items"]
    assert [answer["id"]] == [item["id"] for item in posts]
    api.call("DELETE", f"/v1/posts/{answer['id']}", who="customer2").expect(204)
    fold(api, answer, was_listed=True)
    assert 404 == api.get(f"/v1/threads/{thread}").status
    assert 200 == api.get(f"/v1/threads/{thread}", "customer").status


def test_an_empty_list_of_what_is_not_there_is_a_404(api: ForumApi) -> None:
    """An empty board is a list; no board, and no thread, are not."""
    open_board(api)
    absent = "01M83T4CM0RJYAWWPY7WSA2MFG"

    assert {"items": [], "next": None} == api.get("/v1/boards/hilfe/threads").expect(200)
    assert 404 == api.get("/v1/boards/nichts/threads").status
    assert 404 == api.get(f"/v1/threads/{absent}/posts").status
    assert 404 == api.get(f"/v1/threads/{absent}").status


def test_replies_are_listed_oldest_first_and_only_what_is_visible(api: ForumApi) -> None:
    """Held and deleted posts are not in a thread's list, for their author neither."""
    open_board(api)
    post = start(api)
    thread = post["thread_id"]
    shown = reply(api, thread, "Ich.")
    reply(api, thread, "MARK-DOX")
    gone = reply(api, thread, "Ups.")
    api.call("DELETE", f"/v1/posts/{gone['id']}", who="customer2").expect(204)

    for who in (None, "customer2", "moderator"):
        items = api.get(f"/v1/threads/{thread}/posts", who).expect(200)["items"]
        assert [post["id"], shown["id"]] == [item["id"] for item in items]
    states = {item["state"] for item in api.get("/v1/me/posts", "customer2").body["items"]}
    assert {"published", "held", "deleted"} == states


def test_staff_is_shown_as_staff(api: ForumApi) -> None:
    """From the token's claim, on the post and on its thread."""
    open_board(api)
    official, private = start(api, who="staff"), start(api, who="customer")

    assert {"id", "name", "staff"} == set(official["author"])
    assert (True, False) == (official["author"]["staff"], private["author"]["staff"])


def test_an_edit_keeps_what_was_said(api: ForumApi) -> None:
    """A new revision with a new tag; the old words for author and moderators."""
    open_board(api)
    path = f"/v1/posts/{start(api, 'Erste Fassung')['id']}"
    read = api.get(path)
    headers = {"If-Match": read.headers["etag"]}
    edited = api.call("PATCH", path, {"body": "Zweite"}, who="customer", headers=headers)

    assert ('"1"', '"2"') == (read.headers["etag"], edited.headers["etag"])
    assert ("Zweite", 2) == (edited.body["body"], edited.body["revision"])
    assert edited.body["edited_at"]
    assert edited.headers["etag"] == api.get(path).headers["etag"]
    bare = api.call("PATCH", path, {"body": "x"}, who="customer")
    assert (428, "precondition-required") == (bare.status, bare.problem)
    stale = api.call("PATCH", path, {"body": "x"}, who="customer", headers=headers)
    assert (412, "stale") == (stale.status, stale.problem)
    old = api.get(f"{path}/revisions", "moderator").expect(200)["items"]
    assert ["Zweite", "Erste Fassung"] == [item["body"] for item in old]


def test_an_edit_is_screened_as_well(api: ForumApi) -> None:
    """What was published can be held for its new words."""
    open_board(api)
    path = f"/v1/posts/{start(api)['id']}"
    headers = {"If-Match": '"1"'}
    edited = api.call("PATCH", path, {"body": "MARK-DOX"}, who="customer", headers=headers)

    assert "held" == edited.expect(200)["state"]
    assert 404 == api.get(path).status


def test_html_that_grows_too_long_is_refused(api: ForumApi) -> None:
    """A text within its limit whose HTML is not: 422, pointed at."""
    open_board(api)
    body = {"title": "T", "body": "&" * 10_000}
    answer = api.post("/v1/boards/hilfe/threads", body, "customer")

    assert ["/body"] == [error["pointer"] for error in answer.expect(422)["errors"]]


def test_me_is_who_the_token_says(api: ForumApi) -> None:
    """Known before the first post, with roles and unit."""
    me = api.get("/v1/me", "moderator").expect(200)

    assert ("Tom Berger", ["moderator"], "moderation", True) == (
        me["name"], me["roles"], me["unit"], me["staff"]
    )  # fmt: skip
    assert (False, None, 0) == (me["suspended"], me["suspended_until"], me["warnings"])
    assert {"items": [], "next": None} == api.get("/v1/me/notifications", "moderator").body


@dataclass(frozen=True)
class Tell:
    """Puts something into a member's inbox, as the worker that delivers does."""

    item: InboxItem

    def reads(self) -> tuple[Ref[Any], ...]:
        """Nothing."""
        return ()

    def decide(self, seen: Seen, context: Context) -> Change[None]:  # noqa: ARG002
        """Put it."""
        return Change(answer=None, puts=(self.item,))

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing."""


def test_what_a_member_was_told_is_found(api: ForumApi) -> None:
    """Newest first, for the member alone."""
    for number in (1, 2):
        item = InboxItem(
            member_id=api.actor("customer").id,
            id=encode(number),
            kind=MessageKind.STATEMENT,
            about=encode(9),
            text=f"Text {number}",
            created_at=api.stack.clock.now,
        )
        api.stack.unit_of_work.run(Tell(item))

    told = api.get("/v1/me/notifications", "customer").expect(200)["items"]
    assert ["Text 2", "Text 1"] == [item["text"] for item in told]
    assert ("statement", encode(9), "de") == (
        told[0]["kind"], told[0]["about"], told[0]["language"]
    )  # fmt: skip
    assert [] == api.get("/v1/me/notifications", "customer2").expect(200)["items"]


def test_a_list_may_end_on_an_empty_page(api: ForumApi) -> None:
    """A cursor whose rest has gone meanwhile gives an empty last page, not a 404."""
    open_board(api)
    post = start(api)
    answer = reply(api, post["thread_id"], "Ich.")
    path = f"/v1/threads/{post['thread_id']}/posts?limit=1"
    cursor = api.get(path).expect(200)["next"]
    api.call("DELETE", f"/v1/posts/{answer['id']}", who="customer2").expect(204)
    assert {"items": [], "next": None} == api.get(f"{path}&cursor={cursor}").expect(200)

    other = start(api)
    for each in (post, other):
        fold(api, each)
    cursor = api.get("/v1/boards/hilfe/threads?limit=1").expect(200)["next"]
    api.call("DELETE", f"/v1/posts/{post['id']}", who="customer").expect(204)
    fold(api, post, was_listed=True)
    last = api.get(f"/v1/boards/hilfe/threads?limit=1&cursor={cursor}").expect(200)
    assert {"items": [], "next": None} == last


def test_an_admin_has_a_post_read_again(api: ForumApi) -> None:
    """202 and none of its words; it waits for its score, and the log says who asked."""
    open_board(api)
    post = start(api)

    answer = api.post(f"/v1/posts/{post['id']}/redrive", {}, "admin").expect(202)

    assert {"id": post["id"], "revision": 1, "unchecked": True} == answer
    assert (Post.at(post["id"]),) == api.stack.work_list.unchecked(10)
    query = f"subject=post:{post['id']}"
    (entry,) = api.get(f"/v1/audit/entries?{query}", "compliance").expect(200)["items"]
    assert "post:redrive" == entry["action"]


def test_what_its_author_deleted_is_not_read_again(api: ForumApi) -> None:
    """409, as for everything that would touch it."""
    open_board(api)
    post = start(api)
    api.call("DELETE", f"/v1/posts/{post['id']}", who="customer").expect(204)
    refused = api.post(f"/v1/posts/{post['id']}/redrive", {}, "admin")

    assert (409, "post-deleted") == (refused.status, refused.problem)
