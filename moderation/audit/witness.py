"""A witness: somebody else who remembers what the log has shown, and signs only what follows.

It keeps the last (size, root) of each origin. A new checkpoint is cosigned with the time only if a
consistency proof leads to it from there, so a log that rewrites what it has shown finds nobody to
sign. The rules are those of C2SP tlog-witness (add-checkpoint) and tlog-cosignature.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderation.audit.checkpoint import Checkpoint, open_checkpoint
from moderation.audit.keys import TIME_BYTES, VerificationKey, cosigned_message
from moderation.audit.merkle import EMPTY_ROOT, ProofError, roots_from_consistency
from moderation.audit.note import Signature, parse_note
from moderation.audit.ports import Signer


class InconsistentError(ValueError):
    """The checkpoint does not follow from the one the witness has cosigned: evidence, keep it."""


class BehindError(ValueError):
    """The proof begins at another size than the one the witness knows; `size` is that one."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the last checkpoint known has size {size}")
        self.size = size


class Memory(Protocol):
    """What a witness remembers. Fails closed: what cannot be remembered is not cosigned.

    Whoever can write to it can make the witness cosign another history.
    """

    def last(self, origin: str) -> Checkpoint | None:
        """Return the last checkpoint cosigned for an origin."""
        ...

    def advance(self, old: Checkpoint | None, new: Checkpoint) -> bool:
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
        text = parse_note(note).text
        origin = text.partition("\n")[0]
        checkpoint = open_checkpoint(note, origin, [key for key in self.logs if key.name == origin])
        last = self.memory.last(origin)
        if first != (last.size if last else 0):
            raise BehindError(last.size if last else 0)
        if not _follows(last, checkpoint, proof):
            raise InconsistentError("the checkpoint does not follow from the last one")
        # Remembered before it is signed: a crash in between costs a signature, never a promise.
        if not self.memory.advance(last, checkpoint):
            raise BehindError(checkpoint.size)
        time = int(self.now().timestamp())
        blob = time.to_bytes(TIME_BYTES) + self.signer.sign(cosigned_message(text, time))
        return str(Signature(self.key.name, self.key.key_id, blob))


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
