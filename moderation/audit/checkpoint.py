"""Checkpoints: what a log says it holds, as C2SP tlog-checkpoint v1.0.0 has them.

A checkpoint is a signed note of three lines: origin, tree size, root hash in base64.
A log must never sign two roots for one size; `sequence` sees to that.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from moderation.audit.keys import NoteError, VerificationKey
from moderation.audit.note import open_note, sign_note
from moderation.audit.ports import Signer

_TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree `origin` had at `size`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises NoteError where it is not canonical.

    Extension lines, which the specification permits and advises against, are refused: this log
    writes none.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        raise NoteError("not a checkpoint")
    checkpoint = Checkpoint(found[1], int(found[2]), base64.b64decode(found[3]))
    if checkpoint.text() != text:
        raise NoteError("not a checkpoint in canonical form")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Return the signed note of a checkpoint."""
    return sign_note(checkpoint.text(), signer).encode()


def open_checkpoint(data: bytes, origin: str, keys: Iterable[VerificationKey]) -> Checkpoint:
    """Return the checkpoint of `origin` that one of the keys signed; raises NoteError."""
    checkpoint = parse_checkpoint(open_note(data, keys))
    if checkpoint.origin != origin:
        raise NoteError("a checkpoint of another log")
    return checkpoint
