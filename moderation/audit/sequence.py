"""The sequencer: turns entries that wait into a Merkle log, in an order that survives any crash.

Stage, compare-and-swap the head together with dequeuing, apply, then sign what the head holds and
publish it. Several may run at once: only the swap decides. Recovery is the first thing every run
does, by the functions that every step uses. (The order is that of Sunlight's `ctlog`.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.audit.anchor import DailyAnchors
from moderation.audit.batch import next_batch
from moderation.audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from moderation.audit.keys import NoteError, VerificationKey
from moderation.audit.note import parse_note
from moderation.audit.ports import (
    Head,
    LogBrokenError,
    LogTable,
    ObjectStore,
    Pending,
    Places,
    Signer,
)
from moderation.audit.staging import Step, full_spans, pack_step, staging_path, unpack_step
from moderation.audit.tiles import CHECKPOINT_PATH, TILE_WIDTH, Edge, grow, read_edge
from moderation.ids import time_of

CADENCE = timedelta(seconds=1)
"""While busy, at most one checkpoint in this time."""


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What a run did: the size of the log, the entries it appended, and what it could not take.

    `delay_ms` is the age of the oldest entry when it was appended (0 where none was). `malformed`
    are ids of waiting entries whose bytes are not what they claim; they stay where they are with
    all that follows them of their subjects, for a human to look at.
    """

    size: int
    appended: int
    delay_ms: int
    malformed: tuple[str, ...]


class Sequencer:
    """Sequences one log, and anchors it each day.

    `former` are keys that the signer's key has followed: what they signed is still the log's.
    `witnesses` are those whose cosignatures make an anchor worth more.
    Holds nothing between runs but the day it has anchored last.
    """

    def __init__(
        self,
        table: LogTable,
        objects: ObjectStore,
        signer: Signer,
        origin: str,
        now: Callable[[], datetime],
        anchors: ObjectStore | None = None,
        former: Sequence[VerificationKey] = (),
        witnesses: Sequence[VerificationKey] = (),
    ) -> None:
        self._table = table
        self._objects = objects
        self._signer = signer
        self._origin = origin
        self._now = now
        self._former = former
        self._anchors = None if anchors is None else DailyAnchors(objects, anchors, witnesses, now)

    def run(self, budget: timedelta) -> Sequenced:
        """Sequence what waits until nothing does or the budget is spent; publish the result.

        Raises LogBrokenError where stores and signatures contradict each other, and passes on
        what the stores raise; either way the next run begins with the repair.
        """
        started = published_at = self._now()
        head = self._recovered()
        first, edge = head.size, None
        delay_ms, malformed = 0, tuple[str, ...]()
        while self._now() - started < budget:
            found = next_batch(self._table)
            batch, malformed = found.entries, found.malformed
            if not batch:
                break
            edge = edge or read_edge(head.frontier, self._objects.get)
            moved = self._advance(head, edge, batch)
            if moved is None:
                # Another sequencer was faster. It repairs or has repaired; so may the next run.
                return Sequenced(head.size, head.size - first, delay_ms, malformed)
            head, edge = moved
            delay_ms = max(delay_ms, self._age_ms(batch[0].id))
            if self._now() - published_at >= CADENCE:
                published_at = self._now()
                self._publish(head)
        self._publish(head)
        if self._anchors is not None:
            self._anchors.run()
        return Sequenced(head.size, head.size - first, delay_ms, malformed)

    def _age_ms(self, entry_id: str) -> int:
        return (self._now() - time_of(entry_id)) // timedelta(milliseconds=1)

    def _recovered(self) -> Head:
        """Return the head after finishing what an earlier run left between its swap and its end.

        The checkpoint is read first: the head only grows, so one that is smaller than what was
        signed before has been set back, and nothing may be signed on top of it.
        """
        published = self._published()
        head = self._table.head()
        if published is not None and published.size > head.size:
            raise LogBrokenError("the head is behind the published checkpoint")
        if published is not None and published.size == head.size:
            self._must_be(published, head)
        elif head.staged:
            self._apply(self._objects.get(head.staged))
        return head

    def _advance(
        self, head: Head, edge: Edge, batch: Sequence[Pending]
    ) -> tuple[Head, Edge] | None:
        """Append a batch: stage, swap, apply. None where another sequencer moved the head."""
        leaves = [entry.leaf for entry in batch]
        bodies = [entry.body for entry in batch]
        frontier = head.frontier.extend(leaves)
        new = Head(frontier, staging_path(frontier), head.fence + 1)
        grown, puts = grow(head.size, edge, leaves, bodies)
        places = Places(
            tuple((entry.id, head.size + at) for at, entry in enumerate(batch)),
            full_spans(head.size // TILE_WIDTH, [*edge.bodies, *bodies]),
        )
        step = pack_step(Step(tuple(puts), places))
        # A crash up to here leaves an object nobody refers to. Nothing has been signed.
        self._objects.put_new(new.staged, step)
        if not self._table.advance(head, new, batch):
            return None
        # From here on the batch is in the log: a crash is repaired by whoever runs next.
        self._apply(step)
        return new, grown

    def _apply(self, step: bytes) -> None:
        """Write the objects of a step that the head has taken, and where its entries stand."""
        unpacked = unpack_step(step)
        for path, data in unpacked.puts:
            self._objects.put_new(path, data)
        self._table.put_places(unpacked.places)

    def _publish(self, head: Head) -> None:
        """Sign what the head holds and publish it, unless as much is published already.

        What a former key signed is signed again: who knows the new one alone must see it, too.
        """
        signed: bytes | None = None
        while True:
            tagged = self._objects.get_tagged(CHECKPOINT_PATH)
            published = self._opened(tagged[0]) if tagged else None
            if tagged and published is not None and published.size >= head.size:
                self._must_be(published, head)
                is_ours = parse_note(tagged[0]).signed_by(self._signer.key)
                if is_ours or published.size > head.size:
                    return
            checkpoint = Checkpoint(self._origin, head.size, head.frontier.root())
            signed = signed or sign_checkpoint(checkpoint, self._signer)
            if self._objects.replace(CHECKPOINT_PATH, signed, tagged[1] if tagged else None):
                return

    def _published(self) -> Checkpoint | None:
        tagged = self._objects.get_tagged(CHECKPOINT_PATH)
        return self._opened(tagged[0]) if tagged else None

    def _opened(self, note: bytes) -> Checkpoint | None:
        """Return the checkpoint if it is ours; anything else will be overwritten by the head's."""
        try:
            return open_checkpoint(note, self._origin, [self._signer.key, *self._former])
        except NoteError:
            return None

    def _must_be(self, published: Checkpoint, head: Head) -> None:
        if published.size == head.size and published.root != head.frontier.root():
            raise LogBrokenError("the head is not the tree that was signed at its size")
