"""Binding an export to what it holds: first range and heads, then a checkpoint over them.

Both are put if absent beside the log, the records of a case beside the bundles, under their own
digest; so any crash, retry or second worker goes on from there to the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from moderation.audit.cosigning import latest_cosigned
from moderation.audit.dossier import Document, Dossier, Dossiers, bound, payload_lines
from moderation.audit.entry import BODY, at_text, place_in_chain, time_text
from moderation.audit.log_reader import LogReader, Published
from moderation.audit.order import PERSONAL, NotYet, Order
from moderation.audit.period import index_range
from moderation.audit.pin import Pin, PinnedHead, pack_pin, unpack_pin
from moderation.audit.ports import (
    EntryTable,
    LogTable,
    ObjectStore,
    Pending,
    StampError,
    SubjectHead,
    SubjectHeads,
    Timestamper,
)
from moderation.audit.selection import Profile
from moderation.audit.silence import Silence

SETTLE = timedelta(seconds=2)
"""How long an act may take from its `at` until it is committed."""

WITNESS_PATIENCE = timedelta(minutes=2)
"""How long a bundle waits for a cosigned checkpoint before it goes without."""

STAMP_PATIENCE = timedelta(minutes=3)
"""How long it waits for the time-stamp authority: longer than for witnesses, who come first."""

BACKLOG_LIMIT = 100_000
HEADS_AT_ONCE = 100


class NothingThereError(LookupError):
    """There is no such subject or case, or none that may be shown, so no export of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinning:
    """Resolves an order once.

    `kept` keeps records of cases, and forgets them after some days. `witnessed` says whether there
    are witnesses to wait for.
    """

    table: LogTable
    entries: EntryTable
    heads: SubjectHeads
    objects: ObjectStore
    log: LogReader
    now: Callable[[], datetime]
    dossiers: Dossiers | None = None
    kept: ObjectStore | None = None
    witnessed: bool = False
    timestamper: Timestamper | None = None

    def pin(self, order: Order) -> Pin | NotYet:
        """Return the pinned range and heads, pinning them if that has not been done.

        Raises NothingThereError for an order about what does not exist.
        """
        path = state_path(order, "pin")
        found = self.objects.get_tagged(path)
        if found is None:
            pin = self._resolved(order)
            if isinstance(pin, NotYet):
                return pin
            # Another worker may have pinned meanwhile; then its pin holds.
            self.objects.replace(path, pack_pin(pin), None)
            return unpack_pin(self.objects.get(path))
        return unpack_pin(found[0])

    def covering(self, order: Order, pin: Pin) -> Published | NotYet:
        """Return the pinned checkpoint, pinning the latest one once it covers all heads.

        Where there are witnesses it is the latest that enough of them signed, as long as it is
        worth waiting for one.
        """
        path = state_path(order, "checkpoint")
        found = self.objects.get_tagged(path)
        if found is None:
            published = self.log.published()
            if published is None or not self._covers(published.checkpoint.size, pin):
                return NotYet("a subject's latest act is not published yet")
            cosigned = latest_cosigned(self.objects, self.log) if self.witnessed else None
            if cosigned is not None and self._covers(cosigned.checkpoint.size, pin):
                published = cosigned
            elif self.witnessed and self.now() < order.requested_at + WITNESS_PATIENCE:
                return NotYet("witnesses have not cosigned it yet")
            self.objects.replace(path, published.note, None)
            return self.log.opened(self.objects.get(path))
        return self.log.opened(found[0])

    def stamp(self, order: Order, published: Published) -> bytes | NotYet:
        """Return the time stamp on the pinned checkpoint, having it made if that is still to do.

        Empty where there is no authority, or where it had no answer for a while.
        """
        path = state_path(order, "stamp")
        found = self.objects.get_tagged(path)
        if found is not None:
            return found[0]
        made = b""
        try:
            made = self.timestamper.stamp(published.note) if self.timestamper else made
        except StampError as error:
            if self.now() < order.requested_at + STAMP_PATIENCE:
                return NotYet(str(error))
        self.objects.replace(path, made, None)
        return self.objects.get(path)

    def personal(self, order: Order, pin: Pin) -> dict[str, bytes]:
        """Return `documents.jsonl` and `payloads.jsonl` as pinned, those that the order has."""
        named = {"documents.jsonl": pin.documents, "payloads.jsonl": pin.payloads}
        return {
            name: self.kept.get(_kept_path(order, digest))
            for name, digest in named.items()
            if digest is not None and self.kept is not None
        }

    def _resolved(self, order: Order) -> Pin | NotYet:
        """Find range and heads.

        First what waits is read, then the head, then the checkpoint, then the subjects: what was
        committed before the first read either still waits (not yet) or is under the head.
        """
        if self.now() < order.cut + SETTLE:
            return NotYet("acts of the period may still be on their way")
        end = time_text(order.cut)
        if any(_concerns(entry, end) for entry in self.table.waiting(BACKLOG_LIMIT)):
            return NotYet("acts of the period wait to be sequenced")
        head = self.table.head()
        published = self.log.published()
        if published is None or published.checkpoint.size < head.size:
            return NotYet("the log has not published what it sequenced")
        size = published.checkpoint.size
        if order.is_of_chains:
            return self._chains(order, size)
        spans = self.entries.spans()
        begin, finish = index_range(self.log, size, spans, time_text(order.start), end)
        silence = Silence(order.selection, self.entries, self.heads)
        heads = self._range_heads(order, begin, finish, size, silence)
        return Pin(begin, finish, size, silence.spare(heads))

    def _range_heads(
        self, order: Order, begin: int, end: int, size: int, silence: Silence
    ) -> Iterator[PinnedHead]:
        """Yield the heads of the subjects that are shown in the range."""
        revs, shown = self._last_revs(order, begin, end, size, silence)
        for subjects in batched(shown, HEADS_AT_ONCE):
            for head in self.heads.heads(subjects):
                later = head.entry_id if head.rev > revs[head.subject] else None
                yield PinnedHead(head.subject, head.rev, head.head, later)

    def _last_revs(
        self, order: Order, begin: int, end: int, size: int, silence: Silence
    ) -> tuple[dict[str, int], Iterable[str]]:
        """Return the last rev each subject has in range, and which subjects are shown."""
        runs = self.log.bodies(begin, end, size)
        revs: dict[str, int] = {}
        if order.selection.is_everything:
            revs.update(place_in_chain(body) for run in runs for body in run)
            return revs, revs
        shown: dict[str, None] = {}
        for body in (body for run in runs for body in run):
            subject, revs[subject] = place_in_chain(body)
            entry = BODY.fullmatch(body.decode())
            silence.hear(entry)
            if entry is not None and order.selection.shows(entry):
                shown[subject] = None
        return revs, shown

    def _chains(self, order: Order, size: int) -> Pin:
        """Pin whole chains: an empty range before them, so that all they hold comes later."""
        dossier = self._dossier(order)
        heads = (
            PinnedHead(head.subject, head.rev, head.head, head.entry_id) for head in dossier.heads
        )
        silence = Silence(order.selection, self.entries, self.heads)
        silence.hear_chains(dossier.heads)
        pinned = silence.spare(heads)
        if not any(order.selection.names(head.subject) for head in pinned):
            # A bundle that says nothing would say what it is silent of.
            raise NothingThereError(order.id)
        return Pin(0, 0, size, pinned, self._records(order, dossier), self._words(order, dossier))

    def _dossier(self, order: Order) -> Dossier:
        if order.case is None:
            heads = self.heads.heads([str(order.subject)])
            dossier = Dossier(tuple(heads), ()) if heads else None
        else:
            protected = order.profile is Profile.FULL
            dossiers = self.dossiers
            dossier = dossiers.of_case(order.case, protected=protected) if dossiers else None
        if dossier is None:
            raise NothingThereError(order.id)
        return dossier

    def _records(self, order: Order, dossier: Dossier) -> str | None:
        """Keep the records as they were read with the heads; answer their digest."""
        if not order.has_documents:
            return None
        heads = {head.subject: head for head in dossier.heads}
        return self._keep(order, (self._bound(each, heads).line() for each in dossier.documents))

    def _words(self, order: Order, dossier: Dossier) -> str | None:
        """Keep the personal fields that the records still hold; answer their digest."""
        if not order.has_payloads:
            return None
        bodies = (
            body for head in dossier.heads for body in self.entries.chain(head.subject, 1, head.rev)
        )
        return self._keep(order, payload_lines(bodies, dossier.wordings))

    def _keep(self, order: Order, lines: Iterable[bytes]) -> str | None:
        """Put the lines, sorted, under their digest."""
        if self.kept is None:
            return None
        data = b"".join(sorted(lines))
        digest = hashlib.sha256(data).hexdigest()
        self.kept.replace(_kept_path(order, digest), data, None)
        return digest

    def _bound(self, document: Document, heads: dict[str, SubjectHead]) -> Document:
        head = heads.get(document.subject)
        if head is None or document.salt is None:
            return bound(document, b"")
        (last,) = self.entries.chain(head.subject, head.rev, head.rev) or [b""]
        return bound(document, last)

    def _covers(self, size: int, pin: Pin) -> bool:
        later = [head.later for head in pin.heads if head.later is not None]
        for ids in batched(later, HEADS_AT_ONCE):
            places = self.entries.places(ids)
            if any(places.get(entry_id, size) >= size for entry_id in ids):
                return False
        return size >= pin.size


def state_path(order: Order, name: str) -> str:
    """Return where a part of what an export is bound to stands, in the log's bucket."""
    return f"exports/{order.id}/{name}"


def _kept_path(order: Order, digest: str) -> str:
    return f"{PERSONAL}{order.id}/{digest}"


def _concerns(entry: Pending, end: str) -> bool:
    """Say whether a waiting entry may belong to the period; what can't be read may."""
    return BODY.fullmatch(entry.body.decode("ascii", "replace")) is None or (
        at_text(entry.body) < end
    )
