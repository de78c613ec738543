"""A receipt is a promise that its holder can show to be kept or broken."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.entry import encode, leaf_hash
from moderation.audit.note import open_note, sign_note
from moderation.audit.receipt import sign_receipt
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, World

KEY = verify.parse_key(str(SIGNER.key))
MISSING = "01KJM6MRBQ0PQB1NT7P0ABATVB"


@pytest.fixture
def world() -> World:
    """Acts over several days."""
    made = World()
    for _ in range(5):
        made.forum.act("post:a")
        made.forum.clock.at += timedelta(days=1)
    made.sequence()
    return made


def verdict(world: World, receipt: bytes, folder: Path, start: datetime = BEGIN) -> str:
    """What the verifier says of a receipt."""
    bundle, path = folder / "b.zip", folder / "receipt"
    bundle.write_bytes(world.export(start))
    path.write_bytes(receipt)
    failures, facts = verify.check(bundle, KEY, [], 0, [path])
    if failures:
        return ", ".join(each.kind for each in failures)
    return "kept" if facts["receipts_kept"] else "open"


def test_its_text() -> None:
    """Origin, format, entry, leaf, and a minute after the act."""
    note = sign_receipt(MISSING, "ab" * 32, BEGIN, SIGNER)

    assert open_note(note, [SIGNER.key]) == (
        f"{ORIGIN}\nhausrecht-receipt/v1\n{MISSING}\n{'ab' * 32}\n2026-03-01T08:01:00.000Z\n"
    )


def test_a_promise_that_was_kept(world: World, tmp_path: Path) -> None:
    """The entry's leaf is in the tree."""
    world.forum.clock.at = BEGIN + timedelta(days=6)
    entry = world.forum.act("post:b")
    world.sequence()
    receipt = sign_receipt(entry.id, leaf_hash(encode(entry)).hex(), entry.at, SIGNER)

    assert verdict(world, receipt, tmp_path) == "kept"


def test_a_promise_that_was_broken(world: World, tmp_path: Path) -> None:
    """The log has gone on without the entry."""
    receipt = sign_receipt(MISSING, "ab" * 32, BEGIN + timedelta(days=2), SIGNER)

    assert verdict(world, receipt, tmp_path) == "receipt"


@pytest.mark.parametrize(("day", "start"), [(4, 0), (1, 1)])
def test_a_promise_that_may_be_kept_elsewhere(
    day: int, start: int, world: World, tmp_path: Path
) -> None:
    """The range ends before, or begins too late to tell."""
    receipt = sign_receipt(MISSING, "ab" * 32, BEGIN + timedelta(days=day), SIGNER)

    assert verdict(world, receipt, tmp_path, BEGIN + timedelta(days=start)) == "open"


def test_what_is_no_receipt_of_this_log(world: World, tmp_path: Path) -> None:
    """Another text, another log, another signer."""
    other = LocalSigner(b"o" * 32, "other")

    assert verdict(world, sign_note("text\n", SIGNER).encode(), tmp_path) == "receipt"
    assert verdict(world, sign_receipt(MISSING, "ab" * 32, BEGIN, other), tmp_path) == "signature"
