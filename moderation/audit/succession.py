"""Succession notes: how the log changes its key.

A note signed by the old and the new key says that the log goes on under the new one, from which
tree, and when. Who knows the old key can follow; who holds a receipt or a bundle signed with the
old key can still show what was promised with it. After the tree and time of the note, the old
key's signatures count for nothing, so that a key that leaks later can do no harm.
"""

import base64
from dataclasses import dataclass
from datetime import datetime

from moderation.audit.checkpoint import Checkpoint
from moderation.audit.entry import time_text
from moderation.audit.keys import NoteError, VerificationKey
from moderation.audit.note import Note, sign_note
from moderation.audit.ports import Signer

FORMAT = "hausrecht-succession/v1"


@dataclass(frozen=True, slots=True)
class Succession:
    """That `new` follows on `old`, which signs up to a tree and a time (UTC, milliseconds)."""

    old: VerificationKey
    new: VerificationKey
    last: Checkpoint
    at: datetime

    def text(self) -> str:
        """Return what is signed. The second line keeps it apart from all else the log signs."""
        root = base64.b64encode(self.last.root).decode()
        lines = (
            self.last.origin,
            FORMAT,
            str(self.old),
            str(self.new),
            str(self.last.size),
            root,
            time_text(self.at),
        )
        return "".join(f"{line}\n" for line in lines)


def sign_succession(last: Checkpoint, old: Signer, new: Signer, at: datetime) -> bytes:
    """Return the note by which `new` follows on `old`; `old` has signed no tree beyond `last`.

    Raises NoteError unless both keys are of the log's name and differ.
    """
    if {old.key.name, new.key.name} != {last.origin} or old.key == new.key:
        raise NoteError("a key is followed by another one under the log's own name")
    text = Succession(old.key, new.key, last, at).text()
    signatures = (*sign_note(text, old).signatures, *sign_note(text, new).signatures)
    return Note(text, signatures).encode()
