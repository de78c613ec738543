"""Examines a whole log: does everything that was written agree with everything else?

Rebuilds the tree from the entries and holds tiles, checkpoint, head, places and subjects against
it. What can be derived from the entries can be put right; what differs in the entries themselves
is evidence, and is only named.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import batched

from moderation.audit.checkpoint import Checkpoint
from moderation.audit.entry import MalformedEntryError, decode, leaf_hash
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import Frontier
from moderation.audit.ports import (
    EntryTable,
    LogTable,
    ObjectMissingError,
    ObjectStore,
    Places,
    SubjectHeads,
)
from moderation.audit.tiles import Edge, TileError, grow

ENTRIES_AT_ONCE = 25_600
"""Whole bundles: where one look ends, every tile has been written at that width."""

ASKED_AT_ONCE = 100


class Disagreement(StrEnum):
    """What was found; those marked so can be derived from the entries again."""

    CHECKPOINT = "checkpoint"
    """There is none, or it is not this log's."""
    HEAD = "head"
    """The table's head is not the tree of the entries, or behind what was published."""
    ENTRIES = "entries"
    """A bundle of entries is missing, cannot be read, or does not hash to the signed root."""
    ENTRY = "entry"
    """Something in the log is no entry."""
    CHAIN = "chain"
    """An entry does not follow the one before it of its subject."""
    TILE = "tile"
    """A tile is missing or another one. Derivable."""
    PLACE = "place"
    """The index of an entry is missing or another one. Derivable."""
    SUBJECT = "subject"
    """A subject's head is not its last entry."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: of which kind, where, and how it can be put right (None: not from here)."""

    kind: Disagreement
    where: str
    mend: Callable[[], None] | None = None


class Examination:
    """One look at one log. Memory grows with the subjects."""

    def __init__(
        self,
        *,
        table: LogTable,
        entries: EntryTable,
        heads: SubjectHeads,
        objects: ObjectStore,
        log: LogReader,
    ) -> None:
        self._table = table
        self._entries = entries
        self._heads = heads
        self._objects = objects
        self._log = log
        self._last: dict[str, tuple[int, str]] = {}

    def run(self) -> Iterator[Finding]:
        """Yield what disagrees, as it is found."""
        published = self._log.published()
        if published is None:
            yield Finding(Disagreement.CHECKPOINT, "there is none")
            return
        checkpoint = published.checkpoint
        frontier, edge, tiles = Frontier(), Edge(), list[Finding]()
        for first in range(0, checkpoint.size, ENTRIES_AT_ONCE):
            last = min(first + ENTRIES_AT_ONCE, checkpoint.size)
            try:
                runs = list(self._log.bodies(first, last, checkpoint.size))
            except (ObjectMissingError, TileError) as error:
                yield Finding(Disagreement.ENTRIES, f"index {first} to {last}: {error}")
                return
            bodies = [body for run in runs for body in run]
            leaves = [leaf_hash(body) for body in bodies]
            yield from self._chains(first, bodies, leaves)
            yield from self._places(first, bodies)
            edge, puts = grow(first, edge, leaves, bodies)
            frontier = frontier.extend(leaves)
            tiles += self._tiles([put for put in puts if not put[0].startswith("tile/entries")])
        yield from self._roots(checkpoint, frontier)
        sound = frontier.root() == checkpoint.root
        # Tiles follow from the entries only if the entries are those that were signed.
        yield from tiles if sound else (Finding(tile.kind, tile.where) for tile in tiles)
        yield from self._subjects()

    def _roots(self, checkpoint: Checkpoint, frontier: Frontier) -> Iterator[Finding]:
        if frontier.root() != checkpoint.root:
            yield Finding(Disagreement.ENTRIES, "they do not hash to the signed root")
        head = self._table.head()
        same_root = head.size > checkpoint.size or head.frontier.root() == checkpoint.root
        if head.size < checkpoint.size or not same_root:
            yield Finding(Disagreement.HEAD, f"size {head.size}, published {checkpoint.size}")

    def _chains(
        self, first: int, bodies: Sequence[bytes], leaves: Sequence[bytes]
    ) -> Iterator[Finding]:
        for index, (body, leaf) in enumerate(zip(bodies, leaves, strict=True), first):
            try:
                entry = decode(body)
            except MalformedEntryError:
                yield Finding(Disagreement.ENTRY, f"index {index}")
                continue
            rev, head = self._last.get(entry.subject, (0, ""))
            if entry.rev != rev + 1 or (rev and entry.prev != head):
                yield Finding(Disagreement.CHAIN, f"index {index}: {entry.subject}")
            self._last[entry.subject] = entry.rev, leaf.hex()

    def _tiles(self, puts: Sequence[tuple[str, bytes]]) -> Iterator[Finding]:
        for path, data in puts:
            tagged = self._objects.get_tagged(path)
            if tagged is None or tagged[0] != data:
                tag = tagged[1] if tagged else None
                yield Finding(Disagreement.TILE, path, self._rewriting(path, data, tag))

    def _rewriting(self, path: str, data: bytes, tag: str | None) -> Callable[[], None]:
        def mend() -> None:
            self._objects.replace(path, data, tag)

        return mend

    def _places(self, first: int, bodies: Sequence[bytes]) -> Iterator[Finding]:
        ids = [body[body.index(b'"id":"') + 6 :][:26].decode() for body in bodies]
        for some in batched(enumerate(ids, first), ASKED_AT_ONCE):
            known = self._entries.places([entry_id for _, entry_id in some])
            wrong = [(entry_id, index) for index, entry_id in some if known.get(entry_id) != index]
            if wrong:
                where = f"index {wrong[0][1]} and {len(wrong) - 1} more"
                yield Finding(Disagreement.PLACE, where, self._placing(tuple(wrong)))

    def _placing(self, indexes: tuple[tuple[str, int], ...]) -> Callable[[], None]:
        def mend() -> None:
            self._table.put_places(Places(indexes, ()))

        return mend

    def _subjects(self) -> Iterator[Finding]:
        """Hold the subjects against their last entries; acts since then may wait."""
        waiting = {entry.subject for entry in self._table.waiting(1_000_000)}
        for subjects in batched(self._last, ASKED_AT_ONCE):
            found = {head.subject: (head.rev, head.head) for head in self._heads.heads(subjects)}
            for subject in subjects:
                if found.get(subject) != self._last[subject] and subject not in waiting:
                    yield Finding(Disagreement.SUBJECT, subject)
