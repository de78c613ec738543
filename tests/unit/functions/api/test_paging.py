"""Cursors count for one list, one reader and one day, and nobody else makes them."""

import base64
from datetime import timedelta

import pytest

from functions.api.errors import Malformed
from functions.api.paging import LIFETIME_S, Binding, seal, unseal
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, reply, start
from tests.support.stack import EPOCH

KEY = b"k" * 32
HERE = Binding("posts", "kim")


def test_a_cursor_gives_its_position_back() -> None:
    """Whatever a store uses as a position."""
    for position in ("", "POST#1", '["a","b"]', "ä\0漢"):
        assert position == unseal(KEY, HERE, seal(KEY, HERE, position, EPOCH), EPOCH)


@pytest.mark.parametrize(
    ("key", "binding"),
    [
        (b"q" * 32, HERE),
        (KEY, Binding("threads", "kim")),
        (KEY, Binding("posts", "alex")),
        (KEY, Binding("post", "skim")),
    ],
)
def test_a_cursor_of_another_key_list_or_reader_is_refused(key: bytes, binding: Binding) -> None:
    """What it was made for is part of the signature."""
    cursor = seal(KEY, HERE, "x", EPOCH)

    with pytest.raises(Malformed):
        unseal(key, binding, cursor, EPOCH)


def test_a_cursor_ends_after_a_day() -> None:
    """To the second."""
    cursor = seal(KEY, HERE, "x", EPOCH)
    end = EPOCH + timedelta(seconds=LIFETIME_S)
    assert "x" == unseal(KEY, HERE, cursor, end)
    with pytest.raises(Malformed):
        unseal(KEY, HERE, cursor, end + timedelta(seconds=1))


def test_no_altered_cursor_is_taken() -> None:
    """Each single bit flipped, and each truncation, is refused."""
    cursor = seal(KEY, HERE, "position", EPOCH)
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    altered = [
        raw[:index] + bytes([raw[index] ^ 1 << bit]) + raw[index + 1 :]
        for index in range(len(raw))
        for bit in range(8)
    ]
    altered += [raw[:length] for length in range(len(raw))]
    for forged in altered:
        with pytest.raises(Malformed):
            unseal(KEY, HERE, base64.urlsafe_b64encode(forged).rstrip(b"=").decode(), EPOCH)


def walk(api: ForumApi, path: str, who: str | None, limit: int) -> list[list[str]]:
    """The ids of every page of a list."""
    pages, cursor = [], ""
    while True:
        joint = "&" if "?" in path else "?"
        page = api.get(f"{path}{joint}limit={limit}{cursor}", who).expect(200)
        pages.append([item["id"] for item in page["items"]])
        if page["next"] is None:
            return pages
        cursor = f"&cursor={page['next']}"


@pytest.fixture
def thread(api: ForumApi) -> str:
    """A thread of seven posts."""
    open_board(api)
    thread_id = str(start(api)["thread_id"])
    for number in range(6):
        api.stack.clock.forward(seconds=1)
        reply(api, thread_id, f"Antwort {number}")
    return thread_id


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_a_list_is_walked_without_gap_or_double(api: ForumApi, thread: str, limit: int) -> None:
    """Pages of any size give the same posts in the same order, oldest first."""
    pages = walk(api, f"/v1/threads/{thread}/posts", None, limit)

    flat = [post_id for page in pages for post_id in page]
    assert 7 == len(set(flat))
    assert sorted(flat) == flat
    assert all(len(page) <= limit for page in pages)


def test_a_cursor_serves_its_own_list_and_reader_alone(api: ForumApi, thread: str) -> None:
    """Another list, another filter, another reader, and nobody: 400 each."""
    cursor = api.get("/v1/me/posts?limit=1", "customer2").expect(200)["next"]
    assert 200 == api.get(f"/v1/me/posts?limit=2&cursor={cursor}", "customer2").status
    for path, who in (
        ("/v1/me/posts", "customer"),
        ("/v1/me/statements", "customer2"),
        (f"/v1/threads/{thread}/posts", "customer2"),
        ("/v1/boards", "customer2"),
        ("/v1/boards", None),
    ):
        answer = api.get(f"{path}?cursor={cursor}", who)
        assert (400, "cursor-refused") == (answer.status, answer.problem), path


def test_a_cursor_of_one_filter_is_refused_under_another(api: ForumApi) -> None:
    """The filters are part of the list."""
    open_board(api)
    for _ in range(3):
        start(api, "MARK-INSULT")
    cursor = api.get("/v1/cases?limit=1", "moderator").expect(200)["next"]

    assert 200 == api.get(f"/v1/cases?cursor={cursor}", "moderator").status
    assert 400 == api.get(f"/v1/cases?state=open&cursor={cursor}", "moderator").status
    assert 400 == api.get(f"/v1/cases?state=closed&cursor={cursor}", "moderator").status


def test_the_revisions_of_a_post_are_a_list_too(api: ForumApi) -> None:
    """Newest first, page by page, the present words among them."""
    open_board(api)
    post = start(api, "Fassung 1")
    path = f"/v1/posts/{post['id']}"
    for number in range(2, 6):
        body = {"body": f"Fassung {number}"}
        headers = {"If-Match": f'"{number - 1}"'}
        api.call("PATCH", path, body, who="customer", headers=headers).expect(200)

    for limit in (1, 2, 3, 5, 25):
        bodies, cursor = [], ""
        while True:
            page = api.get(f"{path}/revisions?limit={limit}{cursor}", "customer").expect(200)
            bodies += [item["body"] for item in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert [f"Fassung {number}" for number in range(5, 0, -1)] == bodies
