"""Exports: what happened in a period, or to a case, as a bundle an outsider can verify.

An export goes through four states, each kept before the next begins, so that any crash, retry or
second worker leads to the same bytes: the range and the heads of its subjects are pinned; then a
checkpoint that covers them, and a time stamp on that (`audit/pinning.py`); then the bundle is
written.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from moderation.audit.anchor import Anchors
from moderation.audit.bundle_build import BundleBuilder
from moderation.audit.bundle_source import Source
from moderation.audit.canonical import Json, canonical
from moderation.audit.dossier import Dossiers
from moderation.audit.entry import time_text
from moderation.audit.keys import VerificationKey
from moderation.audit.log_reader import LogReader, Published
from moderation.audit.note import sign_note
from moderation.audit.order import Built, NotYet, Order
from moderation.audit.pin import Pin
from moderation.audit.pinning import Pinning, state_path
from moderation.audit.ports import (
    BundleStore,
    EntryTable,
    LogTable,
    ObjectStore,
    Signer,
    SubjectHeads,
    Timestamper,
)

ANCHOR_SETTLE = timedelta(minutes=10)
"""How long after its day an anchor may still be on its way."""


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
        dossiers: Dossiers | None = None,
        kept: ObjectStore | None = None,
        witnessed: bool = False,
        timestamper: Timestamper | None = None,
    ) -> None:
        self._entries = entries
        self._objects = objects
        self._bundles = bundles
        self._signer = signer
        self._origin = origin
        self._anchors = anchors
        self._log = LogReader(objects, origin, [signer.key, *former])
        self._pinning = Pinning(
            table=table,
            entries=entries,
            heads=heads,
            objects=objects,
            log=self._log,
            now=now,
            dossiers=dossiers,
            kept=kept,
            witnessed=witnessed,
            timestamper=timestamper,
        )

    def build(self, order: Order, progress: Callable[[int], None] = _unheard) -> Built | NotYet:
        """Build the bundle of an order as far as it can be built now; `progress` gets per cents.

        Raises LogBrokenError where the log does not hash to its checkpoint; nothing is handed out
        then. Raises NothingThereError for an order about what does not exist, ObjectMissingError
        where the records it was bound to have been erased since.
        """
        pin = self._pinning.pin(order)
        if isinstance(pin, NotYet):
            return pin
        published = self._pinning.covering(order, pin)
        if isinstance(published, NotYet):
            return published
        stamp = self._pinning.stamp(order, published)
        if isinstance(stamp, NotYet):
            return stamp
        source = self._source(order, pin, published, stamp)
        builder = BundleBuilder(source, self._log, self._entries, self._seal(order), progress)
        with self._bundles.writer(order.path) as sink:
            sealed = builder.write(sink)
        return Built(order.path, builder.shown, self._record(order, source, sealed))

    def _source(self, order: Order, pin: Pin, published: Published, stamp: bytes) -> Source:
        return Source(
            export_id=order.id,
            origin=self._origin,
            start=time_text(order.start),
            end=time_text(order.end),
            requested_at=time_text(order.requested_at),
            pin=pin,
            published=published,
            key=self._signer.key,
            anchors=self._anchors_before(order),
            stamp=stamp or None,
            profile=order.profile,
            selection=order.selection.naming(head.subject for head in pin.heads),
            subject=order.subject,
            case=order.case,
            personal=self._pinning.personal(order, pin),
        )

    def _record(self, order: Order, source: Source, sealed: str) -> str:
        pin = source.pin
        record: dict[str, Json] = {
            "begin": pin.begin,
            "end": pin.end,
            "seal": hashlib.sha256(sealed.encode()).hexdigest(),
            "pin": state_path(order, "pin"),
            "size": source.published.checkpoint.size,
        }
        return canonical(record).decode()

    def _anchors_before(self, order: Order) -> Anchors | None:
        """Return the anchors of the days that were over when the order came."""
        if self._anchors is None:
            return None
        return Anchors(self._anchors, (order.requested_at - ANCHOR_SETTLE).date())

    def _seal(self, order: Order) -> Callable[[str], bytes]:
        """Return what signs a bundle's digests once: P-256 signs differently each time."""

        def seal(text: str) -> bytes:
            digest = hashlib.sha256(text.encode()).hexdigest()
            path = state_path(order, f"seal-{digest}")
            if self._objects.get_tagged(path) is None:
                note = sign_note(text, self._signer)
                self._objects.replace(path, note.encode(), None)
            return self._objects.get(path)

        return seal
