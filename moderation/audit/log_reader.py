"""The published log, read as anybody may read it: checkpoint, entries, proofs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moderation.audit.checkpoint import Checkpoint, open_checkpoint
from moderation.audit.keys import VerificationKey
from moderation.audit.merkle import NodeReader
from moderation.audit.ports import ObjectStore
from moderation.audit.tiles import (
    CHECKPOINT_PATH,
    TILE_WIDTH,
    TileError,
    entries_path,
    node_reader,
    unpack_entries,
)


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint that holds, and the note it stands in."""

    checkpoint: Checkpoint
    note: bytes


class LogReader:
    """Reads one log. What it returns of the tree is held against a root by whoever uses it."""

    def __init__(self, objects: ObjectStore, origin: str, keys: Sequence[VerificationKey]) -> None:
        self._objects = objects
        self._origin = origin
        self.keys = keys

    def published(self) -> Published | None:
        """Return the latest checkpoint, None before the first; raises NoteError if it is forged."""
        found = self._objects.get_tagged(CHECKPOINT_PATH)
        return None if found is None else self.opened(found[0])

    def opened(self, note: bytes) -> Published:
        """Return a note as the checkpoint of this log that it must be; raises NoteError."""
        return Published(open_checkpoint(note, self._origin, self.keys), note)

    def bundle(self, number: int, size: int) -> list[bytes]:
        """Return the bodies of one bundle of a tree of `size`."""
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        bodies = unpack_entries(self._objects.get(entries_path(number, width)))
        if len(bodies) != width:
            raise TileError("a bundle of another width than its name says")
        return bodies

    def bodies(self, begin: int, end: int, size: int) -> Iterator[list[bytes]]:
        """Yield the bodies of [begin, end) in runs, each out of one bundle."""
        for number in range(begin // TILE_WIDTH, -(-end // TILE_WIDTH)):
            first = number * TILE_WIDTH
            run = self.bundle(number, size)[max(0, begin - first) : end - first]
            if run:
                yield run

    def nodes(self, size: int) -> NodeReader:
        """Return a reader of subtree hashes of the tree at `size`."""
        return node_reader(size, self._objects.get)
