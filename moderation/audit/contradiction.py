"""What a witness keeps of a log that contradicts what it has shown, and what that proves.

Two notes that the log itself signed, and the proof that it gave: whoever has the log's key can look
at them, and need not believe the witness. The file is described in `docs/witness.md`.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from moderation.audit.canonical import Json, canonical, parse
from moderation.audit.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from moderation.audit.keys import NoteError, VerificationKey, decode_base64
from moderation.audit.merkle import EMPTY_ROOT, ProofError, roots_from_consistency
from moderation.audit.note import parse_note


class Verdict(StrEnum):
    """What a piece of evidence proves to whoever knows the log's keys."""

    TWO_HISTORIES = "the log signed two histories"
    """Two roots of one size, or a proof from the tree shown to another than the one remembered."""
    NO_PROOF = "the log signed both trees, and its proof does not join them"
    """Unless it brings one that does, they are two histories."""
    WENT_BACK = "the log signed a larger tree, and then showed a smaller one"
    VANISHED = "the log signed a tree, and then showed none: that it did so is the witness's word"
    WORD = "the older tree is the witness's word: it kept no signed note of it"
    NOTHING = "what was shown follows from what was remembered"


@dataclass(frozen=True, slots=True)
class Known:
    """The last tree that a witness cosigned of a log, and the note that the log signed it with.

    `note` is None where the witness did not keep it, as it did not always.
    """

    checkpoint: Checkpoint
    note: bytes | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was remembered (None: nothing), what the log showed (None: nothing), and its proof."""

    remembered: Known | None
    shown: bytes | None
    proof: Sequence[bytes]

    def encode(self) -> bytes:
        """Return it as a line of canonical JSON."""
        remembered: Json = None
        if self.remembered is not None:
            tree, note = self.remembered.checkpoint, self.remembered.note
            remembered = {
                "size": tree.size,
                "root": _text(tree.root),
                "note": note and note.decode(),
            }
        shown = self.shown and self.shown.decode()
        proof = [_text(node) for node in self.proof]
        return canonical({"remembered": remembered, "shown": shown, "proof": proof}) + b"\n"


def judge(line: bytes, keys: Iterable[VerificationKey]) -> Verdict:
    """Say what a line of an evidence file proves.

    Trusts the log's `keys` alone. Raises NoteError where a note is not signed by one of them,
    ValueError where the line is no evidence.
    """
    match parse(line.removesuffix(b"\n")):
        case {"remembered": remembered, "shown": str() | None as shown, "proof": [*proof]}:
            nodes = [decode_base64(str(node)) for node in proof]
        case _:
            raise ValueError("no evidence")
    known = tuple(keys)
    match remembered:
        case {"note": str(note)}:
            old = _signed(note, known)
        case None if shown is not None:
            # Before anything was remembered there was the tree of nothing, which everybody knows.
            old = Checkpoint(_signed(shown, known).origin, 0, EMPTY_ROOT)
        case _:
            return Verdict.WORD
    return Verdict.VANISHED if shown is None else _compared(old, _signed(shown, known), nodes)


def _compared(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> Verdict:
    if old.origin != new.origin:
        raise NoteError("checkpoints of two logs")
    if new.size < old.size:
        return Verdict.WENT_BACK
    if old.size in {0, new.size}:
        is_other = new.size == old.size and new.root != old.root
        return Verdict.TWO_HISTORIES if is_other else Verdict.NOTHING
    try:
        first, second = roots_from_consistency(old.size, new.size, old.root, proof)
    except ProofError:
        return Verdict.NO_PROOF
    if second != new.root:
        return Verdict.NO_PROOF
    # The proof's hashes are those of the new tree, so its first root is what that begins with.
    return Verdict.NOTHING if first == old.root else Verdict.TWO_HISTORIES


def _signed(note: str, keys: Sequence[VerificationKey]) -> Checkpoint:
    origin = parse_checkpoint(parse_note(note.encode()).text).origin
    return open_checkpoint(note.encode(), origin, keys)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
