"""Exports: everything that happened in a period, as a bundle an outsider can verify.

An export goes through three states, each kept in the log's bucket before the next begins, so that
any crash, retry or second worker leads to the same bytes: the range and the heads of its subjects
are pinned; then a checkpoint that covers them; then the bundle is written.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched

from moderation.audit.anchor import DAY, anchors_of
from moderation.audit.bundle_build import BundleBuilder, Source
from moderation.audit.canonical import canonical
from moderation.audit.entry import BODY, at_text, place_in_chain, time_text
from moderation.audit.keys import VerificationKey
from moderation.audit.log_reader import LogReader, Published
from moderation.audit.note import sign_note
from moderation.audit.period import index_range
from moderation.audit.pin import Pin, PinnedHead, pack_pin, unpack_pin
from moderation.audit.ports import (
    BundleStore,
    EntryTable,
    LogTable,
    ObjectStore,
    Pending,
    Signer,
    SubjectHeads,
)

MILLISECOND = timedelta(milliseconds=1)
SETTLE = timedelta(seconds=2)
"""How long an act may take from its `at` until it is committed."""

BACKLOG_LIMIT = 100_000
HEADS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Order:
    """An export somebody asked for: what happened at `start` ≤ t < `end`, known at the request."""

    id: str
    start: datetime
    end: datetime
    requested_at: datetime

    @property
    def cut(self) -> datetime:
        """Where the period ends: at its end or behind the request, whichever is earlier.

        What was done in the request's own millisecond, and the request itself, are in it.
        """
        return min(self.end, self.requested_at + MILLISECOND)


@dataclass(frozen=True, slots=True)
class NotYet:
    """The export cannot be built now and can be later; `reason` says what it waits for."""

    reason: str


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle that stands at `path`; `record` is the canonical JSON of what it was built from."""

    path: str
    entries: int
    record: str


def _unheard(percent: int) -> None:
    """Tell nobody."""
    del percent


class Exporter:
    """Builds exports. May be called again at any time, and by several at once, for one order."""

    def __init__(
        self,
        *,
        table: LogTable,
        entries: EntryTable,
        heads: SubjectHeads,
        objects: ObjectStore,
        bundles: BundleStore,
        signer: Signer,
        origin: str,
        now: Callable[[], datetime],
        anchors: ObjectStore | None = None,
        former: Sequence[VerificationKey] = (),
    ) -> None:
        self._table = table
        self._entries = entries
        self._heads = heads
        self._objects = objects
        self._bundles = bundles
        self._signer = signer
        self._origin = origin
        self._now = now
        self._anchors = anchors
        self._log = LogReader(objects, origin, [signer.key, *former])

    def build(self, order: Order, progress: Callable[[int], None] = _unheard) -> Built | NotYet:
        """Build the bundle of an order as far as it can be built now; `progress` gets per cents.

        Raises LogBrokenError where the log does not hash to its checkpoint; nothing is handed out
        then.
        """
        pin = self._pin(order)
        if isinstance(pin, NotYet):
            return pin
        published = self._covering(order, pin)
        if isinstance(published, NotYet):
            return published
        source = Source(
            export_id=order.id,
            origin=self._origin,
            start=time_text(order.start),
            end=time_text(order.end),
            requested_at=time_text(order.requested_at),
            pin=pin,
            published=published,
            key=self._signer.key,
            anchors=self._anchors_of(order, pin),
        )
        builder = BundleBuilder(source, self._log, self._entries, self._seal(order), progress)
        path = f"{order.id}.zip"
        with self._bundles.writer(path) as sink:
            sealed = builder.write(sink)
        record = canonical(
            {
                "begin": pin.begin,
                "end": pin.end,
                "seal": hashlib.sha256(sealed.encode()).hexdigest(),
                "pin": self._state(order, "pin"),
                "size": published.checkpoint.size,
            }
        )
        return Built(path, pin.end - pin.begin, record.decode())

    def _pin(self, order: Order) -> Pin | NotYet:
        """Return the pinned range and heads, pinning them if that has not been done.

        First what waits is read, then the head, then the checkpoint, then the subjects: what was
        committed before the first read either still waits (not yet) or is under the head.
        """
        path = self._state(order, "pin")
        found = self._objects.get_tagged(path)
        if found is None:
            pin = self._resolved(order)
            if isinstance(pin, NotYet):
                return pin
            # Another worker may have pinned meanwhile; then its pin holds.
            self._objects.replace(path, pack_pin(pin), None)
            return unpack_pin(self._objects.get(path))
        return unpack_pin(found[0])

    def _resolved(self, order: Order) -> Pin | NotYet:
        if self._now() < order.cut + SETTLE:
            return NotYet("acts of the period may still be on their way")
        end = time_text(order.cut)
        if any(_concerns(entry, end) for entry in self._table.waiting(BACKLOG_LIMIT)):
            return NotYet("acts of the period wait to be sequenced")
        head = self._table.head()
        published = self._log.published()
        if published is None or published.checkpoint.size < head.size:
            return NotYet("the log has not published what it sequenced")
        size = published.checkpoint.size
        begin, finish = index_range(
            self._log, size, self._entries.spans(), time_text(order.start), end
        )
        revs = self._last_revs(begin, finish, size)
        return Pin(begin, finish, size, tuple(sorted(self._pinned_heads(revs))))

    def _last_revs(self, begin: int, end: int, size: int) -> dict[str, int]:
        """Return the subjects in range, and the last rev each has there."""
        return dict(
            place_in_chain(body) for run in self._log.bodies(begin, end, size) for body in run
        )

    def _pinned_heads(self, revs: dict[str, int]) -> Iterator[PinnedHead]:
        for subjects in batched(revs, HEADS_AT_ONCE):
            for head in self._heads.heads(subjects):
                later = head.entry_id if head.rev > revs[head.subject] else None
                yield PinnedHead(head.subject, head.rev, head.head, later)

    def _covering(self, order: Order, pin: Pin) -> Published | NotYet:
        """Return the pinned checkpoint, pinning the latest one once it covers all heads."""
        path = self._state(order, "checkpoint")
        found = self._objects.get_tagged(path)
        if found is None:
            published = self._log.published()
            if published is None or not self._covers(published.checkpoint.size, pin):
                return NotYet("a subject's latest act is not published yet")
            self._objects.replace(path, published.note, None)
            return self._log.opened(self._objects.get(path))
        return self._log.opened(found[0])

    def _covers(self, size: int, pin: Pin) -> bool:
        later = [head.later for head in pin.heads if head.later is not None]
        for ids in batched(later, HEADS_AT_ONCE):
            places = self._entries.places(ids)
            if any(places.get(entry_id, size) >= size for entry_id in ids):
                return False
        return size >= pin.size

    def _anchors_of(self, order: Order, pin: Pin) -> tuple[tuple[str, bytes], ...]:
        """Return the anchors of the days before the request: those of a day never change.

        None is older than the first entry; clocks may differ by what a day allows.
        """
        if self._anchors is None or pin.begin == pin.end:
            return ()
        ((body,),) = self._log.bodies(pin.begin, pin.begin + 1, pin.size)
        first = date.fromisoformat(at_text(body)[:10]) - DAY
        end = order.requested_at.date()
        return tuple(anchors_of(self._anchors, first, end, pin.begin, pin.end))

    def _seal(self, order: Order) -> Callable[[str], bytes]:
        """Return what signs a bundle's digests once: P-256 signs differently each time."""

        def seal(text: str) -> bytes:
            path = self._state(order, f"seal-{hashlib.sha256(text.encode()).hexdigest()}")
            if self._objects.get_tagged(path) is None:
                note = sign_note(text, self._signer)
                self._objects.replace(path, note.encode(), None)
            return self._objects.get(path)

        return seal

    def _state(self, order: Order, name: str) -> str:
        return f"exports/{order.id}/{name}"


def _concerns(entry: Pending, end: str) -> bool:
    """Say whether a waiting entry may belong to the period; what can't be read may."""
    return BODY.fullmatch(entry.body.decode("ascii", "replace")) is None or (
        at_text(entry.body) < end
    )
