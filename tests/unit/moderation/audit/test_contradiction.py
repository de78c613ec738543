"""Evidence proves what it proves to whoever has the log's key, and nothing on a witness's word."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from moderation.audit.canonical import canonical
from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.audit.contradiction import Evidence, Known, Verdict, judge
from moderation.audit.keys import NoteError
from moderation.audit.merkle import EMPTY_ROOT
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import ORIGIN, SIGNER, World
from tests.unit.moderation.audit.test_witness import grown, proof_of

FORK = b"f" * 32


def known(size: int, root: bytes = EMPTY_ROOT, origin: str = ORIGIN) -> Known:
    """A tree with the note that the log signed it with."""
    checkpoint = Checkpoint(origin, size, root)
    return Known(checkpoint, sign_checkpoint(checkpoint, LocalSigner(bytes(range(32)), origin)))


def verdict(remembered: Known | None, shown: Known | None, *proof: bytes) -> Verdict:
    """What an outsider finds in the file."""
    return judge(Evidence(remembered, shown and shown.note, proof).encode(), [SIGNER.key])


@pytest.fixture(scope="module")
def histories() -> tuple[Known, Known, list[bytes]]:
    """A tree of three, one of nine that begins with another tree, and that one's own proof."""
    world, other = World(), World()
    other.forum.act("post:other")
    three, nine = grown(world, 3), grown(other, 8)
    return (
        Known(Checkpoint(ORIGIN, 3, world.forum.table.state.frontier.root()), three),
        Known(Checkpoint(ORIGIN, 9, other.forum.table.state.frontier.root()), nine),
        proof_of(other, 3, 9),
    )


def test_two_roots_of_one_size_are_two_histories() -> None:
    """No proof can join them."""
    assert verdict(known(5, b"a" * 32), known(5, b"b" * 32)) == Verdict.TWO_HISTORIES
    assert verdict(known(5, b"a" * 32), known(5, b"a" * 32)) == Verdict.NOTHING


def test_a_proof_that_begins_with_another_tree_shows_two_histories(
    histories: tuple[Known, Known, list[bytes]],
) -> None:
    """It is bound to the tree that was shown, so it tells what that one begins with."""
    three, nine, proof = histories

    assert verdict(three, nine, *proof) == Verdict.TWO_HISTORIES


def test_a_proof_that_is_none_leaves_it_to_the_log_to_bring_one(
    histories: tuple[Known, Known, list[bytes]],
) -> None:
    """Of the wrong length, of other hashes, or none."""
    three, nine, proof = histories

    for wrong in ([], proof[:-1], [FORK, *proof[1:]]):
        assert verdict(three, nine, *wrong) == Verdict.NO_PROOF


def test_what_follows_proves_nothing() -> None:
    """A witness that accuses a log of having grown is found out."""
    world = World()
    three = grown(world, 3)
    old = Known(Checkpoint(ORIGIN, 3, world.forum.table.state.frontier.root()), three)
    new = Known(Checkpoint(ORIGIN, 9, b""), grown(world, 6))

    assert verdict(old, new, *proof_of(world, 3, 9)) == Verdict.NOTHING
    assert verdict(known(0), new) == Verdict.NOTHING


def test_the_empty_tree_has_one_root() -> None:
    """A log that begins with another lies from the first checkpoint on."""
    assert verdict(None, known(0, FORK)) == Verdict.TWO_HISTORIES
    assert verdict(None, known(7, FORK)) == Verdict.NOTHING


def test_a_smaller_tree_and_none() -> None:
    """The log went back, or away."""
    assert verdict(known(9, FORK), known(8, FORK)) == Verdict.WENT_BACK
    assert verdict(known(9, FORK), None) == Verdict.VANISHED


def test_what_the_log_did_not_sign_is_the_witness_s_word() -> None:
    """An older witness kept no note; nothing remembered and nothing shown says nothing either."""
    assert verdict(replace(known(9), note=None), known(9, FORK)) == Verdict.WORD
    assert verdict(None, None) == Verdict.WORD


@pytest.mark.parametrize("side", ["remembered", "shown"])
def test_a_note_of_another_key_proves_nothing(side: str) -> None:
    """Nor one of another log."""
    checkpoint = Checkpoint(ORIGIN, 5, FORK)
    forged = Known(checkpoint, sign_checkpoint(checkpoint, LocalSigner(b"o" * 32, ORIGIN)))
    pair: dict[str, Any] = {"remembered": known(5), "shown": known(5), side: forged}
    with pytest.raises(NoteError):
        verdict(**pair)
    two = [SIGNER.key, LocalSigner(bytes(range(32)), "other/log").key]
    line = Evidence(known(5), known(5, FORK, "other/log").note, ()).encode()
    with pytest.raises(NoteError, match="two logs"):
        judge(line, two)


@pytest.mark.parametrize(
    "change", [{"proof": "x"}, {"shown": 1}, {"proof": ["?"]}, {"remembered": {"note": "x"}}]
)
def test_what_is_no_evidence_is_refused(change: dict[str, Any]) -> None:
    """A line of another form, or with something else in it."""
    line = json.loads(Evidence(known(5), known(6).note, ()).encode())

    with pytest.raises(ValueError, match=r"."):
        judge(canonical({**line, **change}), [SIGNER.key])


def test_a_line() -> None:
    """Both notes as the log signed them, the tree that was remembered, and the proof."""
    old, new = known(3, FORK), known(9)
    text = Evidence(old, new.note, [FORK]).encode()

    assert text.count(b"\n") == 1
    assert json.loads(text) == {
        "remembered": {
            "size": 3,
            "root": base64.b64encode(FORK).decode(),
            "note": (old.note or b"").decode(),
        },
        "shown": (new.note or b"").decode(),
        "proof": [base64.b64encode(FORK).decode()],
    }
