"""Examines a whole log: does everything that was written agree with everything else?

Rebuilds the tree from the entries and holds tiles, checkpoint, head, places, the tables' own copies
of the entries, markers and subjects against it. What can be derived from the entries can be put
right; what differs in the entries themselves is evidence, and is only named. May be run on a log
that is written to: what has moved on meanwhile is no finding.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import batched

from moderation.audit.checkpoint import Checkpoint
from moderation.audit.entry import Entry, MalformedEntryError, decode, leaf_hash
from moderation.audit.keys import NoteError
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import Frontier
from moderation.audit.ports import (
    EntryTable,
    LogTable,
    ObjectMissingError,
    ObjectStore,
    Pending,
    Places,
    WholeTables,
)
from moderation.audit.tiles import Edge, TileError, grow

ENTRIES_AT_ONCE = 25_600
"""Whole bundles: where one look ends, every tile has been written at that width."""

ASKED_AT_ONCE = 100
BACKLOG_LIMIT = 1_000_000


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
    ITEM = "item"
    """The table's copy of an entry is missing (derivable), or another one."""
    MARKER = "marker"
    """An entry waits that is in the log, or is not in it and does not wait, or its marker says
    something else. Derivable."""
    STRAY = "stray"
    """An entry that no subject counts, or a marker of none: an entry without its act."""
    SUBJECT = "subject"
    """A subject's head is not its last entry, or it has a head and no entry."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: of which kind, where, and how it can be put right (None: not from here)."""

    kind: Disagreement
    where: str
    mend: Callable[[], object] | None = None


class Examination:
    """One look at one log. Memory grows with the subjects, with what waits and what is found.

    `size` is that of the tree that was looked at.
    """

    def __init__(
        self,
        *,
        table: LogTable,
        entries: EntryTable,
        objects: ObjectStore,
        log: LogReader,
        whole: WholeTables,
    ) -> None:
        self._table = table
        self._entries = entries
        self._objects = objects
        self._log = log
        self._whole = whole
        self.size = 0
        self._last: dict[str, tuple[int, str]] = {}
        self._waiting: dict[str, Pending] = {}

    def run(self) -> Iterator[Finding]:
        """Yield what disagrees, as it is found."""
        try:
            published = self._log.published()
        except NoteError as error:
            yield Finding(Disagreement.CHECKPOINT, f"it is not this log's: {error}")
            return
        if published is None:
            yield Finding(Disagreement.CHECKPOINT, "there is none")
            return
        checkpoint, self.size = published.checkpoint, published.checkpoint.size
        # Read after the checkpoint: what is in its tree has left this list.
        self._waiting = {entry.id: entry for entry in self._table.waiting(BACKLOG_LIMIT)}
        frontier, edge, derived = Frontier(), Edge(), list[Finding]()
        for first in range(0, checkpoint.size, ENTRIES_AT_ONCE):
            last = min(first + ENTRIES_AT_ONCE, checkpoint.size)
            try:
                runs = list(self._log.bodies(first, last, checkpoint.size))
            except (ObjectMissingError, TileError) as error:
                yield Finding(Disagreement.ENTRIES, f"index {first} to {last}: {error}")
                return
            bodies = [body for run in runs for body in run]
            leaves = [leaf_hash(body) for body in bodies]
            entries = yield from self._chains(first, bodies, leaves)
            derived += self._places(first, bodies)
            derived += self._items(entries, bodies)
            edge, puts = grow(first, edge, leaves, bodies)
            frontier = frontier.extend(leaves)
            derived += self._tiles([put for put in puts if not put[0].startswith("tile/entries")])
        yield from self._roots(checkpoint, frontier)
        derived += self._subjects()
        derived += self._markers()
        # All this follows from the entries only if the entries are those that were signed.
        sound = frontier.root() == checkpoint.root
        yield from derived if sound else (replace(each, mend=None) for each in derived)

    def _roots(self, checkpoint: Checkpoint, frontier: Frontier) -> Iterator[Finding]:
        if frontier.root() != checkpoint.root:
            yield Finding(Disagreement.ENTRIES, "they do not hash to the signed root")
        head = self._table.head()
        same_root = head.size > checkpoint.size or head.frontier.root() == checkpoint.root
        if head.size < checkpoint.size or not same_root:
            yield Finding(Disagreement.HEAD, f"size {head.size}, published {checkpoint.size}")

    def _chains(
        self, first: int, bodies: Sequence[bytes], leaves: Sequence[bytes]
    ) -> Generator[Finding, None, list[Entry | None]]:
        """Yield what breaks a chain; return the entries, None for what is none."""
        entries = list[Entry | None]()
        for index, (body, leaf) in enumerate(zip(bodies, leaves, strict=True), first):
            try:
                entry = decode(body)
            except MalformedEntryError:
                yield Finding(Disagreement.ENTRY, f"index {index}")
                entries.append(None)
                continue
            entries.append(entry)
            rev, head = self._last.get(entry.subject, (0, ""))
            if entry.rev != rev + 1 or (rev and entry.prev != head):
                yield Finding(Disagreement.CHAIN, f"index {index}: {entry.subject}")
            self._last[entry.subject] = entry.rev, leaf.hex()
        return entries

    def _tiles(self, puts: Sequence[tuple[str, bytes]]) -> Iterator[Finding]:
        for path, data in puts:
            tagged = self._objects.get_tagged(path)
            if tagged is None or tagged[0] != data:
                tag = tagged[1] if tagged else None
                yield Finding(
                    Disagreement.TILE, path, partial(self._objects.replace, path, data, tag)
                )

    def _places(self, first: int, bodies: Sequence[bytes]) -> Iterator[Finding]:
        ids = [body[body.index(b'"id":"') + 6 :][:26].decode() for body in bodies]
        for some in batched(enumerate(ids, first), ASKED_AT_ONCE):
            known = self._entries.places([entry_id for _, entry_id in some])
            wrong = [(entry_id, index) for index, entry_id in some if known.get(entry_id) != index]
            if wrong:
                where = f"index {wrong[0][1]} and {len(wrong) - 1} more"
                mend = partial(self._table.put_places, Places(tuple(wrong), ()))
                yield Finding(Disagreement.PLACE, where, mend)

    def _items(self, entries: Sequence[Entry | None], bodies: Sequence[bytes]) -> Iterator[Finding]:
        """Hold the tables' own copies of the entries, and what waits, against the log."""
        both = [
            (entry, body) for entry, body in zip(entries, bodies, strict=True) if entry is not None
        ]
        for some in batched(both, ASKED_AT_ONCE):
            held = self._whole.bodies([(entry.subject, entry.rev) for entry, _ in some])
            for entry, body in some:
                waiting = self._waiting.pop(entry.id, None)
                if waiting is not None:
                    theirs = replace(waiting, subject=entry.subject)
                    mend = partial(self._whole.remove_marker, theirs)
                    yield Finding(Disagreement.MARKER, f"{entry.id} waits and is in the log", mend)
                found = held.get((entry.subject, entry.rev))
                where = f"{entry.subject} rev {entry.rev}"
                if found is None:
                    mend = partial(self._whole.restore_entry, entry)
                    yield Finding(Disagreement.ITEM, f"{where} is missing", mend)
                elif found != body:
                    yield Finding(Disagreement.ITEM, f"{where} is not the one in the log")

    def _markers(self) -> Iterator[Finding]:
        """Look at the markers of no chain that holds: do they stand for an entry at all?"""
        for waiting in self._waiting.values():
            try:
                entry = decode(waiting.body)
            except MalformedEntryError:
                yield Finding(Disagreement.STRAY, f"the marker {waiting.id} holds no entry")
                continue
            key = entry.subject, entry.rev
            if self._whole.bodies([key]).get(key) != waiting.body:
                yield Finding(Disagreement.STRAY, f"the marker {waiting.id} has no such entry")
            elif waiting != _marker_of(entry, waiting.body):
                yield Finding(Disagreement.STRAY, f"the marker {waiting.id} is not its entry's")

    def _subjects(self) -> Iterator[Finding]:
        """Hold each subject against its last entry in the log, and follow it from there.

        The entries are counted before the subjects are read, which never count less than before.
        """
        counted, unmarked = dict(self._last_revs()), list[Finding]()
        for head in self._whole.subjects():
            if counted.pop(head.subject, 0) > head.rev:
                yield Finding(Disagreement.STRAY, f"{head.subject} does not count its last entry")
            rev, leaf = self._last.get(head.subject, (0, ""))
            behind = head.rev > rev
            later = self._entries.chain(head.subject, rev + 1, head.rev) if behind else []
            if _end_of(rev, leaf, later) == (head.rev, head.head):
                unmarked += self._unmarked(later)
                yield from self._altered(later)
            else:
                yield Finding(Disagreement.SUBJECT, f"{head.subject}: its head is not its last act")
        for subject in sorted(counted):
            kind = Disagreement.SUBJECT if subject in self._last else Disagreement.STRAY
            yield Finding(kind, f"{subject} has entries and no head")
        if self._table.head().size == self.size:
            # Else they may have been sequenced since; the next look will tell.
            yield from unmarked

    def _last_revs(self) -> Iterator[tuple[str, int]]:
        """Yield each subject with the last rev that the log or the table has an entry of."""
        highest = {subject: rev for subject, (rev, _) in self._last.items()}
        for subject, rev in self._whole.entries():
            highest[subject] = max(rev, highest.get(subject, 0))
        yield from highest.items()

    def _unmarked(self, bodies: Sequence[bytes]) -> Iterator[Finding]:
        """Find those that are not in the log and do not wait either."""
        for body in bodies:
            entry = decode(body)
            known = entry.id in self._waiting
            if not known and not self._table.waiting_for([(entry.subject, entry.id)]):
                where = f"{entry.id} of {entry.subject} is not in the log and does not wait"
                mend = partial(self._whole.restore_marker, entry)
                yield Finding(Disagreement.MARKER, where, mend)

    def _altered(self, bodies: Sequence[bytes]) -> Iterator[Finding]:
        """Find those whose markers say something else: the sequencer holds them back."""
        for body in bodies:
            entry = decode(body)
            waiting = self._waiting.pop(entry.id, None)
            if waiting not in {None, _marker_of(entry, body)}:
                where = f"{entry.id} of {entry.subject} waits and its marker says something else"
                yield Finding(
                    Disagreement.MARKER, where, partial(self._whole.rewrite_marker, entry)
                )


def _marker_of(entry: Entry, body: bytes) -> Pending:
    return Pending(entry.id, entry.subject, leaf_hash(body), body)


def _end_of(rev: int, leaf: str, later: Sequence[bytes]) -> tuple[int, str]:
    """Follow a chain from a rev and its leaf as far as it holds."""
    for body in later:
        try:
            entry = decode(body)
        except MalformedEntryError:
            break
        if entry.rev != rev + 1 or (rev and entry.prev != leaf):
            break
        rev, leaf = entry.rev, leaf_hash(body).hex()
    return rev, leaf
