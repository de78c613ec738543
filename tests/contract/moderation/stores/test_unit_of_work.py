"""The unit of work on any DynamoDB: all or nothing, never on what has changed, once for a key."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.change import Act, Change, Idempotency
from moderation.community.post import Post, PostState
from moderation.errors import Conflict, Invalid, Unavailable
from moderation.ids import PostId
from tests.support.commands import MODERATOR, Do, EditPost, TakeDown, WritePost, put
from tests.support.samples import ALL, CASE, GUARD, POST, THREAD, ulid
from tests.support.stack import Stack

PLAIN = replace(POST, state=PostState.PUBLISHED, restrictions=(), statement_id=None)
KEY = Idempotency("01KARS0000000000000000000C", "6f1c3a2e-7b1d-4c9e-8f00-1234567890ab", "f" * 64)


def test_every_kind_of_record_comes_back(anywhere: Stack) -> None:
    """With an act where it owes one."""
    acts = tuple(
        Act(record.ref, Action.CASE_OPEN, MODERATOR)
        for record in ALL
        if record.ref.part == "META" and record.ref.kind not in ("THREAD", "OUTBOX")
    )
    anywhere.unit_of_work.run(put(*ALL, acts=acts))
    seen = anywhere.unit_of_work.read(*(record.ref for record in ALL))
    for record in ALL:
        assert record == seen.get(record.ref)


def test_nothing_is_written_where_one_condition_fails(anywhere: Stack) -> None:
    """The second record is there already, so the first is not written either."""
    anywhere.unit_of_work.run(put(THREAD))
    with pytest.raises(Unavailable):
        anywhere.unit_of_work.run(put(PLAIN, THREAD))
    assert anywhere.find(PLAIN.ref) is None


def test_a_delete_and_a_check_hold_what_was_seen(anywhere: Stack) -> None:
    """The guard goes, and was there to go; the case must be absent."""
    anywhere.unit_of_work.run(put(GUARD))

    def drop(_seen: Any, _context: Any) -> Change[None]:
        return Change(answer=None, deletes=(GUARD.ref,), checks=(CASE.ref,))

    anywhere.unit_of_work.run(Do(drop, (GUARD.ref, CASE.ref)))
    assert anywhere.find(GUARD.ref) is None


def test_a_key_counts_once(anywhere: Stack) -> None:
    """The same request gets the same answer, another is refused."""
    first = anywhere.unit_of_work.run(WritePost(PLAIN), KEY)
    assert first == anywhere.unit_of_work.run(WritePost(PLAIN), KEY)
    with pytest.raises(Invalid):
        anywhere.unit_of_work.run(WritePost(PLAIN), replace(KEY, fingerprint="e" * 64))
    anywhere.clock.forward(hours=24)
    assert first != anywhere.unit_of_work.run(WritePost(PLAIN), KEY)


def test_acts_count_on(anywhere: Stack) -> None:
    """A second act finds the chain of the first, binary hashes and all."""
    anywhere.unit_of_work.run(put(PLAIN))
    anywhere.unit_of_work.run(TakeDown(PLAIN.id, {"note": "ä"}))

    def restore(seen: Any, _context: Any) -> Change[Post]:
        post = replace(seen.need(PLAIN.ref), state=PostState.PUBLISHED)
        act = Act(post.ref, Action.POST_RESTORE, MODERATOR)
        return Change(answer=post, puts=(post,), acts=(act,))

    anywhere.unit_of_work.run(Do(restore, (PLAIN.ref,)))
    anywhere.unit_of_work.run(TakeDown(PLAIN.id))
    item = anywhere.forum.get(f"POST#{PLAIN.id}", "META", consistent_read=True)
    assert (3, 4, 32, 32) == (
        item.audit_rev,
        item.version,
        len(item.audit_head or b""),
        len(item.salt or b""),
    )


def test_no_update_is_lost_among_many(anywhere: Stack) -> None:
    """Eight at once add a word each; whoever is told that it did not work may try again."""
    anywhere.unit_of_work.run(put(PLAIN))

    def add(number: int) -> None:
        while True:
            try:
                anywhere.unit_of_work.run(EditPost(PLAIN.id, f" <{number}>"))
            except Unavailable:
                continue
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    post = anywhere.get(PLAIN.ref)
    assert PLAIN.revision + 8 == post.revision
    assert all(post.body.count(f" <{number}>") == 1 for number in range(8))


def test_one_of_many_acts(anywhere: Stack) -> None:
    """Eight take the same post down at once: one does, seven are told."""
    anywhere.unit_of_work.run(put(PLAIN))

    def take_down(_: int) -> str:
        try:
            anywhere.unit_of_work.run(TakeDown(PLAIN.id))
        except Conflict:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(take_down, range(8)))
    assert ["conflict"] * 7 + ["done"] == told


def test_a_hundred_records_are_one_transaction(anywhere: Stack) -> None:
    """The limit is reached, and still holds."""
    posts = [replace(PLAIN, id=PostId(ulid(1000 + number))) for number in range(100)]
    anywhere.unit_of_work.run(put(*posts))
    seen = anywhere.unit_of_work.read(*(post.ref for post in posts))
    assert posts == [seen.get(post.ref) for post in posts]
