"""Signed notes are those of C2SP, to the letter."""

import pytest

from moderation.audit.keys import NoteError, VerificationKey, parse_key
from moderation.audit.note import Note, Signature, open_note, parse_note, sign_note
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import SIGNER

KEY = parse_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
PUBLISHED = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()


def test_the_published_note() -> None:
    """The specification's example opens with its key."""
    assert open_note(PUBLISHED, [KEY]) == "This is an example message.\n"
    assert parse_note(PUBLISHED).encode() == PUBLISHED


def test_what_is_signed_opens() -> None:
    """A note of our own, with the signer's key."""
    note = sign_note("text\n\nmore\n", SIGNER)

    assert open_note(note.encode(), [SIGNER.key]) == "text\n\nmore\n"


def test_unknown_signatures_are_passed_over() -> None:
    """Sixteen signers besides ours do no harm."""
    note = sign_note("text\n", SIGNER)
    others = tuple(
        sign_note("text\n", LocalSigner(bytes([n]) * 32, f"other{n}")).signatures[0]
        for n in range(16)
    )

    assert open_note(Note("text\n", others + note.signatures).encode(), [SIGNER.key]) == "text\n"


def test_a_note_nobody_known_signed_does_not_open() -> None:
    """A known key must be among the signers."""
    with pytest.raises(NoteError, match="no known key"):
        open_note(PUBLISHED, [SIGNER.key])


def test_a_known_key_whose_signature_fails_is_an_error() -> None:
    """It is not passed over, even where another key signed."""
    broken = Signature(KEY.name, KEY.key_id, b"x" * 64)
    ours = sign_note("text\n", SIGNER).signatures[0]

    with pytest.raises(NoteError, match="does not hold"):
        open_note(Note("text\n", (ours, broken)).encode(), [SIGNER.key, KEY])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\nno signature\n",
        PUBLISHED[:-1],
        PUBLISHED.replace(b"\n\n", b"\n"),
        PUBLISHED.replace("—".encode(), b"-"),
        PUBLISHED.replace(b"example.com/foo", b"example.com/f+o"),
        PUBLISHED.replace(b"This", b"Th\x01s"),
        PUBLISHED.replace(b"This", b"Th\xffs"),
        PUBLISHED.replace(b"aQM=", b"aQN="),
        PUBLISHED.replace(b"aQM=\n", b"aQM= x\n"),
        "text\n\n— name AAAAAA==\n".encode(),
        b"text\n\n" + b"".join(PUBLISHED.splitlines(keepends=True)[2:]) * 101,
    ],
)
def test_anything_else_is_no_note(data: bytes) -> None:
    """One line end, one dash, one spelling of base64, a hundred signatures at most."""
    with pytest.raises(NoteError):
        parse_note(data)


def test_a_key_of_another_name_did_not_sign() -> None:
    """Name and id both count."""
    other = VerificationKey("example.com/bar", KEY.algorithm, KEY.material)

    assert not parse_note(PUBLISHED).signed_by(other)
