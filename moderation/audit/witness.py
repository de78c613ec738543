"""A witness: somebody else who remembers what the log has shown, and signs only what follows.

It keeps the last checkpoint of each origin as the log signed it. A new one is cosigned with the
time only if a consistency proof leads to it from there, so a log that rewrites what it has shown
finds nobody to sign. The rules are those of C2SP tlog-witness (add-checkpoint) and
tlog-cosignature.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderation.audit.checkpoint import Checkpoint, open_checkpoint
from moderation.audit.contradiction import Evidence, Known
from moderation.audit.keys import TIME_BYTES, VerificationKey, cosigned_message
from moderation.audit.merkle import EMPTY_ROOT, ProofError, roots_from_consistency
from moderation.audit.note import Note, Signature, parse_note
from moderation.audit.ports import Signer


class InconsistentError(ValueError):
    """What the log shows does not follow from what the witness has cosigned: keep `evidence`."""

    def __init__(self, words: str, evidence: Evidence) -> None:
        super().__init__(words)
        self.evidence = evidence


class BehindError(ValueError):
    """The proof begins at another size than the one the witness knows; `size` is that one."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the last checkpoint known has size {size}")
        self.size = size


class Memory(Protocol):
    """What a witness remembers. Fails closed: what cannot be remembered is not cosigned.

    Whoever can write to it can make the witness cosign another history.
    """

    def last(self, origin: str) -> Known | None:
        """Return the last checkpoint cosigned for an origin."""
        ...

    def advance(self, old: Known | None, new: Known) -> bool:
        """Remember `new` if `old` is still the last; say whether it was so."""
        ...


@dataclass(frozen=True, slots=True)
class Witness:
    """Cosigns the checkpoints of the logs whose keys it knows.

    `signer` signs with Ed25519; `key` is the same key under the witness's name, as a cosigner.
    """

    key: VerificationKey
    signer: Signer
    memory: Memory
    logs: Sequence[VerificationKey]
    now: Callable[[], datetime]

    def cosign(self, note: bytes, first: int, proof: Sequence[bytes]) -> str:
        """Return the signature line for a checkpoint, after checking it against what is known.

        `proof` leads from the tree of size `first`, which must be the one last cosigned, to the
        new one. Raises NoteError for a note that no known log signed, BehindError for another
        `first`, InconsistentError where the proof fails.
        """
        last, new = self.follow(note, first, proof)
        # Remembered before it is signed: a crash in between costs a signature, never a promise.
        if not self.memory.advance(last, new):
            raise BehindError(new.checkpoint.size)
        time = int(self.now().timestamp())
        message = cosigned_message(new.checkpoint.text(), time)
        blob = time.to_bytes(TIME_BYTES) + self.signer.sign(message)
        return str(Signature(self.key.name, self.key.key_id, blob))

    def follow(self, note: bytes, first: int, proof: Sequence[bytes]) -> tuple[Known | None, Known]:
        """Return what is known and what a checkpoint shows, which follows from that.

        Signs and remembers nothing; raises as `cosign` does.
        """
        shown = self.opened(note)
        last = self.memory.last(shown.checkpoint.origin)
        size = last.checkpoint.size if last else 0
        if first != size:
            raise BehindError(size)
        if not _follows(last.checkpoint if last else None, shown.checkpoint, proof):
            evidence = Evidence(last, shown.note, proof)
            raise InconsistentError("the checkpoint does not follow from the last one", evidence)
        return last, shown

    def opened(self, note: bytes) -> Known:
        """Return a checkpoint with the signatures of the log alone; NoteError if it has none."""
        parsed = parse_note(note)
        origin = parsed.text.partition("\n")[0]
        keys = [key for key in self.logs if key.name == origin]
        checkpoint = open_checkpoint(note, origin, keys)
        ids = {(key.name, key.key_id) for key in keys}
        lines = (line for line in parsed.signatures if (line.name, line.key_id) in ids)
        return Known(checkpoint, Note(parsed.text, tuple(lines)).encode())


def encode_request(first: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """Return the body of an add-checkpoint request: old size, proof, and the checkpoint."""
    lines = [f"old {first}", *(base64.b64encode(node).decode() for node in proof)]
    return "\n".join(lines).encode() + b"\n\n" + note


def _follows(last: Checkpoint | None, new: Checkpoint, proof: Sequence[bytes]) -> bool:
    if last is None or last.size == 0:
        return not proof and (new.size > 0 or new.root == EMPTY_ROOT)
    try:
        old, root = roots_from_consistency(last.size, new.size, last.root, proof)
    except ProofError:
        return False
    return (old, root) == (last.root, new.root)
