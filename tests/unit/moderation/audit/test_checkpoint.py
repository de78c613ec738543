"""Checkpoints are three lines, signed."""

import pytest

from moderation.audit.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from moderation.audit.keys import NoteError
from moderation.audit.merkle import EMPTY_ROOT
from tests.support.audit_fakes import ORIGIN, SIGNER

EMPTY = Checkpoint(ORIGIN, 0, EMPTY_ROOT)


def test_the_text() -> None:
    """Origin, size, root."""
    expected = f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

    assert expected == EMPTY.text()


def test_what_is_signed_opens() -> None:
    """With the log's key and under its origin."""
    assert open_checkpoint(sign_checkpoint(EMPTY, SIGNER), ORIGIN, [SIGNER.key]) == EMPTY


def test_another_logs_checkpoint_does_not_open() -> None:
    """Even if the same key signed it."""
    with pytest.raises(NoteError, match="another log"):
        open_checkpoint(sign_checkpoint(EMPTY, SIGNER), "other", [SIGNER.key])


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n0\n",
        EMPTY.text() + "extension\n",
        EMPTY.text().replace("\n0\n", "\n00\n"),
        EMPTY.text().replace("\n0\n", "\n+1\n"),
        EMPTY.text().replace("uFU=", "uFV="),
        EMPTY.text().replace("uFU=", ""),
        "\n" + EMPTY.text(),
    ],
)
def test_anything_else_is_no_checkpoint(text: str) -> None:
    """No leading zero, no extension, no other spelling of the root."""
    with pytest.raises(NoteError):
        parse_checkpoint(text)
