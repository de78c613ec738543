"""The sequencer appends what waits, once, in order, and signs what the head holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.audit.batch import BATCH_LIMIT
from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.audit.merkle import Frontier
from moderation.audit.ports import START, Head, LogBrokenError, Pending
from moderation.audit.sequence import Sequencer
from moderation.audit.tiles import CHECKPOINT_PATH
from tests.support.audit_fakes import (
    BEGIN,
    ORIGIN,
    SIGNER,
    Clock,
    MemoryTable,
    World,
    assert_sound,
)

ROOT_OF_TWO = "0b5e6c7a"


def acted(*counts: int) -> World:
    """A world with a subject for each count, acted on so often."""
    world = World()
    for name, count in zip(world.forum.names(len(counts)), counts, strict=True):
        for _ in range(count):
            world.forum.act(name)
    return world


def test_an_empty_log_is_published() -> None:
    """The first checkpoint is that of nothing, so that emptiness can be proved, too."""
    world = World()

    assert world.sequence().size == 0
    assert_sound(world)


def test_everything_that_waits_is_appended() -> None:
    """Several batches a run, each act once, each subject in order."""
    world = acted(*[7] * 50)
    done = world.sequence()

    assert (done.size, done.appended, done.malformed) == (350, 350, ())
    assert_sound(world)


def test_the_objects_a_run_writes_in_order() -> None:
    """Staging, bundle, tiles, and the checkpoint last."""
    world = acted(2)
    world.sequence()
    world.forum.act(next(iter(world.forum.subjects)))
    first, second = world.objects.written.copy(), world.objects.written
    second.clear()
    world.sequence()
    frontiers = [Frontier().extend(_leaves(world)[:size]) for size in (2, 3)]
    staged = [f"staging/{each.size}-{each.root().hex()}" for each in frontiers]

    assert first == [staged[0], "tile/entries/000.p/2", "tile/0/000.p/2", "checkpoint"]
    assert second == [staged[1], "tile/entries/000.p/3", "tile/0/000.p/3", "checkpoint"]


def test_nothing_new_signs_nothing_new() -> None:
    """A run that finds nothing leaves the checkpoint as it is."""
    world = acted(3)
    world.sequence()
    signed = list(world.signer.signed)
    world.sequence()

    assert signed == world.signer.signed


def test_the_age_of_the_oldest_entry_is_reported() -> None:
    """That is what the promised merge delay is held against."""
    world = acted(1)
    late = Clock(BEGIN + timedelta(seconds=61))
    sequencer = Sequencer(world.forum.table, world.objects, SIGNER, ORIGIN, late)

    assert sequencer.run(timedelta(minutes=1)).delay_ms == 61_000 - 7


def test_a_run_ends_when_its_budget_does() -> None:
    """What is left is the next run's, and what was done is published."""
    world = acted(BATCH_LIMIT * 3)
    clock = Clock(step=timedelta(seconds=1))
    sequencer = Sequencer(world.forum.table, world.objects, world.signer, ORIGIN, clock)
    done = sequencer.run(timedelta(seconds=4))

    assert 0 < done.appended < BATCH_LIMIT * 3
    assert max(world.signer.roots()) == done.size
    world.sequence()
    assert_sound(world)


def test_while_busy_a_checkpoint_is_published_each_second() -> None:
    """Not only at the end of a long run."""
    world = acted(BATCH_LIMIT * 3)
    clock = Clock(step=timedelta(milliseconds=600))
    Sequencer(world.forum.table, world.objects, world.signer, ORIGIN, clock).run(timedelta(hours=1))

    assert len(world.signer.roots()) > 1


def test_a_predecessor_that_the_query_missed_goes_first() -> None:
    """A query is no snapshot: rev 3 may be seen where rev 1 and 2 are not yet."""

    class Skipping(MemoryTable):
        def waiting(self, limit: int) -> list[Pending]:
            return super().waiting(limit)[2:3]

    world = acted(3)
    table = world.forum.table
    world.forum.table = Skipping(pending=table.pending, chains=table.chains)
    done = world.sequence()

    assert done.appended == 3
    assert_sound(world)


def test_what_is_not_an_entry_stays_where_it_is() -> None:
    """Bytes that are not what they claim are reported, and hold nothing else up."""
    world = acted(1, 1, 1, 1)
    pending = world.forum.table.pending
    first, second, third, _ = pending
    pending[first] = replace(pending[first], leaf=bytes(32))
    pending[second] = replace(pending[second], body=b"{}")
    pending[third] = replace(pending[third], subject="post:other")
    done = world.sequence()

    assert done.appended == 1
    assert done.malformed == (first, second, third)
    assert set(pending) == {first, second, third}


def test_what_follows_a_malformed_entry_waits_until_it_is_mended() -> None:
    """Appended before it, a chain would be broken for good."""
    world = acted(3, 1)
    pending = world.forum.table.pending
    first, second, third, _ = pending
    sound = pending[first]
    pending[first] = replace(sound, leaf=bytes(32))
    held = world.sequence()
    assert (held.appended, held.malformed) == (1, (first,))
    assert set(pending) == {first, second, third}

    pending[first] = sound
    assert world.sequence().appended == 3
    assert_sound(world)


def test_malformed_entries_at_the_front_do_not_keep_the_rest_waiting() -> None:
    """However many more there are than a batch holds."""
    world = acted(*[1] * 3 * BATCH_LIMIT, 2)
    pending = world.forum.table.pending
    *front, first, second = pending
    for entry_id in front:
        pending[entry_id] = replace(pending[entry_id], leaf=bytes(32))
    done = world.sequence()

    assert done.appended == 2
    assert done.malformed == tuple(front)
    assert world.forum.table.places([first, second]) == {first: 0, second: 1}


def test_a_head_behind_the_published_checkpoint_stops_the_log() -> None:
    """Somebody set the table back; signing on would fork the log."""
    world = acted(3)
    world.sequence()
    world.forum.table.state = START

    with pytest.raises(LogBrokenError, match="behind"):
        world.sequence()


def test_a_head_with_another_root_stops_the_log() -> None:
    """One size has one root."""
    world = acted(3)
    world.sequence()
    other = Frontier().extend([b"x" * 32] * 3)
    world.forum.table.state = Head(other, "staging/x", 1)

    with pytest.raises(LogBrokenError, match="not the tree"):
        world.sequence()


def test_a_forged_checkpoint_is_replaced() -> None:
    """The bucket is not trusted, the head is: what isn't signed by the log is written over."""
    world = acted(3)
    world.sequence()
    world.objects.objects[CHECKPOINT_PATH] = b"forged"
    world.sequence()

    assert_sound(world)


def test_a_larger_checkpoint_of_another_sequencer_stands() -> None:
    """A slow sequencer does not put an older checkpoint over a newer one."""
    world = acted(3)
    world.sequence()
    slow = world.sequencer()
    newer = sign_checkpoint(Checkpoint(ORIGIN, 9, bytes(32)), SIGNER)
    world.objects.objects[CHECKPOINT_PATH] = newer
    slow._publish(world.forum.table.head())

    assert world.objects.objects[CHECKPOINT_PATH] == newer


def test_a_lost_race_ends_the_run() -> None:
    """Another sequencer moved the head; what it took is not taken twice."""

    class Contested(MemoryTable):
        def advance(self, old: Head, new: Head, taken: object) -> bool:  # noqa: ARG002
            return False

    world = acted(3)
    table = world.forum.table
    world.forum.table = Contested(pending=table.pending, chains=table.chains)

    assert world.sequence().appended == 0
    assert len(table.pending) == 3


def test_a_publication_that_lost_a_race_is_tried_again() -> None:
    """The checkpoint is replaced only over the version that was read."""
    world = acted(3)
    replaced = world.objects.replace
    answers = [False]

    def contested(path: str, data: bytes, tag: str | None) -> bool:
        return answers.pop() if answers else replaced(path, data, tag)

    world.objects.replace = contested  # type: ignore[method-assign]
    world.sequence()

    assert len(world.signer.signed) == 1
    assert_sound(world)


def _leaves(world: World) -> list[bytes]:
    from moderation.audit.entry import leaf_hash  # noqa: PLC0415

    return [leaf_hash(body) for chain in world.forum.table.chains.values() for body in chain]
