"""Gathers the cosignatures of witnesses, so that k of n of them stand under one checkpoint.

Witnesses come when they like, and a busy log has a new checkpoint each second. So one checkpoint is
*open* at a time: those who ask are asked to sign that one, until enough have, or until it has
waited long enough for those who don't come. What enough have signed is kept as *cosigned*.

Anybody may bring a cosignature: what counts is the log's own signature on the checkpoint and that
of a known witness.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from moderation.audit.keys import TIME_BYTES, NoteError, VerificationKey
from moderation.audit.log_reader import LogReader, Published
from moderation.audit.note import Note, Signature, parse_note
from moderation.audit.ports import ObjectStore

OPEN_PATH = "witness/open"
COSIGNED_PATH = "witness/cosigned"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PATIENCE = timedelta(minutes=10)
"""How long the others are waited for after the first witness has signed."""


SKEW = timedelta(minutes=1)
"""How far a witness's clock may be ahead."""


class AnotherOpenError(ValueError):
    """Another checkpoint is being cosigned; whoever asks again is told which."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many witnesses have signed the tree of a size, and whether those are enough."""

    size: int
    witnesses: int
    enough: bool


@dataclass(frozen=True, slots=True)
class Cosigning:
    """The cosignatures of one log. `quorum` is how many of the `witnesses` are enough."""

    objects: ObjectStore
    log: LogReader
    witnesses: Sequence[VerificationKey]
    quorum: int
    now: Callable[[], datetime]

    def due(self) -> Published | None:
        """Return the checkpoint that witnesses are asked to sign, None before the first."""
        held = self.objects.get_tagged(OPEN_PATH)
        if held is not None and not self._is_settled(held[0]):
            return self.log.opened(held[0])
        return self.log.published()

    def cosigned(self) -> Published | None:
        """Return the latest checkpoint that enough witnesses have signed."""
        return latest_cosigned(self.objects, self.log)

    def add(self, note: bytes) -> Tally:
        """Take the cosignatures that a note of the log brings; return how it stands then.

        Raises NoteError where the log did not sign it, or no known witness did;
        AnotherOpenError where another checkpoint is open.
        """
        brought = self.log.opened(note)
        mine = self._kept(note, self.witnesses)
        if not mine:
            raise NoteError("cosigned by no known witness")
        if any(cosigned_at(line) > self.now() + SKEW for line in mine):
            raise NoteError("cosigned at a time to come")
        while True:
            held = self.objects.get_tagged(OPEN_PATH)
            merged = self._merged(held[0] if held else None, brought, mine)
            if held is not None and held[0] == merged:
                break
            if self.objects.replace(OPEN_PATH, merged, held[1] if held else None):
                break
        signed = len(self._kept(merged, self.witnesses))
        if signed >= self.quorum:
            self._keep(merged)
        return Tally(brought.checkpoint.size, signed, signed >= self.quorum)

    def _merged(self, held: bytes | None, brought: Published, mine: Sequence[Signature]) -> bytes:
        """Return the open note once what was brought is in it. A witness's first time stays."""
        text = brought.checkpoint.text()
        if held is not None and parse_note(held).text == text:
            known = self._kept(held, self.witnesses)
            names = {line.key_id for line in known}
            added = (*known, *(line for line in mine if line.key_id not in names))
            return Note(text, (*self._kept(held, self.log.keys), *added)).encode()
        if held is not None:
            size = self.log.opened(held).checkpoint.size
            if brought.checkpoint.size <= size or not self._is_settled(held):
                raise AnotherOpenError(f"the checkpoint of size {size} is being cosigned")
        return Note(text, (*self._kept(brought.note, self.log.keys), *mine)).encode()

    def _keep(self, note: bytes) -> None:
        """Keep a cosigned note as the latest, unless a later one is kept already."""
        size = self.log.opened(note).checkpoint.size
        while True:
            held = self.objects.get_tagged(COSIGNED_PATH)
            if held is not None and self.log.opened(held[0]).checkpoint.size > size:
                return
            if self.objects.replace(COSIGNED_PATH, note, held[1] if held else None):
                return

    def _is_settled(self, note: bytes) -> bool:
        signed = [cosigned_at(line) for line in self._kept(note, self.witnesses)]
        return len(signed) >= self.quorum or self.now() >= min(signed, default=EPOCH) + PATIENCE

    def _kept(self, note: bytes, keys: Sequence[VerificationKey]) -> list[Signature]:
        """Return one signature line a key, after checking it; NoteError where one is forged."""
        parsed = parse_note(note)
        return [line for key in keys for line in signatures_of(parsed, key)[:1]]


def latest_cosigned(objects: ObjectStore, log: LogReader) -> Published | None:
    """Return the latest checkpoint of a log that enough witnesses have signed, None before."""
    held = objects.get_tagged(COSIGNED_PATH)
    return None if held is None else log.opened(held[0])


def signatures_of(note: Note, key: VerificationKey) -> list[Signature]:
    """Return the lines of a key in a note; raises NoteError where one does not hold."""
    if not note.signed_by(key):
        return []
    return [s for s in note.signatures if (s.name, s.key_id) == (key.name, key.key_id)]


def cosigned_at(line: Signature) -> datetime:
    """Return the time that a cosignature states."""
    return datetime.fromtimestamp(int.from_bytes(line.blob[:TIME_BYTES]), UTC)
