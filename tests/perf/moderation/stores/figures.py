"""Situations in which requests are metered, used by the tests of capacity and by the bench."""

import json
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from moderation.cases.case import Case
from moderation.community.post import Post
from moderation.community.thread import ThreadRow
from moderation.detection.signal import Signal, Span
from moderation.detection.taxonomy import Category
from moderation.ids import PostId, ThreadId
from moderation.stores.stored import Stored, item_of
from tests.support.commands import put
from tests.support.forum import FLAGGED, Forum
from tests.support.meter import READ_UNIT_BYTES, item_bytes, units
from tests.support.samples import THREAD_ROW, ulid
from tests.support.stack import Stack

LONG_THREAD = ThreadId("01T")


def item(stack: Stack, pk: str, sk: str = "META") -> dict[str, dict[str, str]]:
    """An item as it lies in the table."""
    return stack.engine.tables["forum"].partitions[pk][sk]


def least_rcu(items: Iterable[dict[str, dict[str, str]]]) -> Fraction:
    """What a page of items must cost: half a unit for each 4 KB begun, the sum rounded once."""
    return Fraction(units(sum(map(item_bytes, items)), READ_UNIT_BYTES), 2)


def contract_json(post: Post) -> str:
    """A post as the contract has it over HTTP, compact."""
    return json.dumps(
        {
            "id": post.id,
            "thread_id": post.thread_id,
            "author": {
                "id": post.author.id,
                "name": post.author.name,
                "staff": post.author.staff,
            },
            "body": post.body,
            "body_html": post.html,
            "language": post.language,
            "state": post.state.value,
            "revision": post.revision,
            "restrictions": [],
            "created_at": "2026-11-23T09:00:00.000Z",
            "edited_at": None,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def put_threads(stack: Stack, count: int) -> None:
    """Have so many threads in the board of `THREAD_ROW`."""
    rows: list[ThreadRow] = [
        replace(THREAD_ROW, id=ThreadId(ulid(number)), state="open", title=f"Frage {number}?")
        for number in range(count)
    ]
    stack.unit_of_work.run(put(*rows))


def put_posts(forum: Forum, count: int) -> list[Post]:
    """Have a thread, `LONG_THREAD`, of so many posts of 500 characters."""
    like = forum.run(forum.reply())
    posts = [replace(like, id=PostId(ulid(n)), thread_id=LONG_THREAD) for n in range(count)]
    for post in posts:
        stored = item_of(forum.stack.forum, Stored(record=post, version=1)).serialize()
        forum.stack.engine.tables["forum"].write((f"POST#{post.id}", "META"), stored)
    return posts


def behind(post: Post) -> str:
    """The place in the list of a thread's posts right behind a post."""
    return json.dumps([f"POST#{post.id}", "META", post.id], separators=(",", ":"))


def case_of_2500_bytes(forum: Forum) -> Case:
    """Have a case of ordinary size: 500 characters, a notice, and what the rules found."""
    signals = tuple(
        Signal(
            "rules",
            "2026-11-23",
            Category.INSULT,
            700_000,
            Span(number, number + 9),
            "Der Akku",
            "Schimpfwort gegen eine namentlich genannte Person.",
            f"insult.person.{number}",
        )
        for number in range(3)
    )
    forum.post = forum.run(forum.reply())
    forum.run(forum.notice())
    forum.run(replace(forum.score(), verdict=replace(FLAGGED, signals=signals)))
    forum.run(forum.claim())
    return forum.case
