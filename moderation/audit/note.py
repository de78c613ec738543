"""Signed notes, as C2SP signed-note v1.0.0 has them.

A note is text that ends in a newline, an empty line, and one line a signature:
`— <key name> base64(key id ‖ signature)`. Parsing is strict: what is read is encoded again and
compared. Unknown keys are passed over, a known key whose signature fails is an error.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from moderation.audit.keys import (
    KEY_ID_BYTES,
    KEY_NAME,
    NoteError,
    VerificationKey,
    decode_base64,
)
from moderation.audit.ports import Signer

SIGNATURE_LIMIT = 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name and id, and the signature itself."""

    name: str
    key_id: bytes
    blob: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures it carries, none of them checked yet."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the note as it travels."""
        return (self.text + "\n" + "".join(map(str, self.signatures))).encode()

    def signed_by(self, key: VerificationKey) -> bool:
        """Say whether the key signed; raises NoteError where a line claims so and isn't so."""
        lines = [s for s in self.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
        if any(not key.holds(self.text, line.blob) for line in lines):
            raise NoteError(f"a signature of {key.name} does not hold")
        return bool(lines)


def sign_note(text: str, signer: Signer) -> Note:
    """Return the text as a note with the signer's signature."""
    key = signer.key
    return Note(text, (Signature(key.name, key.key_id, signer.sign(text.encode())),))


def parse_note(data: bytes) -> Note:
    """Read a signed note; raises NoteError for anything that is not byte for byte one."""
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise NoteError("not UTF-8") from error
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or _CONTROL.search(whole):
        raise NoteError("not a signed note")
    note = Note(text + "\n", tuple(map(_parse_signature, lines[:-1].split("\n"))))
    if len(note.signatures) > SIGNATURE_LIMIT or note.encode() != data:
        raise NoteError("not a signed note in canonical form")
    return note


def open_note(data: bytes, keys: Iterable[VerificationKey]) -> str:
    """Return the text of a note that at least one of the keys signed; raises NoteError."""
    note = parse_note(data)
    signed = [note.signed_by(key) for key in keys]
    if not any(signed):
        raise NoteError("signed by no known key")
    return note.text


def _parse_signature(line: str) -> Signature:
    dash, name, encoded = [*line.split(" "), "", ""][:3]
    raw = decode_base64(encoded)
    if dash != "—" or not KEY_NAME.fullmatch(name) or len(raw) <= KEY_ID_BYTES:
        raise NoteError("not a signature line")
    return Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])
