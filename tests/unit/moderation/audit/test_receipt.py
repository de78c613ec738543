"""A receipt is a promise that its holder can show to be kept or broken."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.entry import encode, leaf_hash
from moderation.audit.merkle import ProofError
from moderation.audit.note import open_note, sign_note
from moderation.audit.receipt import sign_receipt
from moderation.audit.single_proof import inclusion, single_proof
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, World, proof_of

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


def of_proof(proof: bytes, folder: Path, *receipts: bytes) -> list[str]:
    """What the verifier says of a proof, given receipts: kinds of failure."""
    path = folder / "e.tlog-proof"
    path.write_bytes(proof)
    paths = [folder / f"receipt-{number}" for number in range(len(receipts))]
    for each, receipt in zip(paths, receipts, strict=True):
        each.write_bytes(receipt)
    failures, facts = verify.check(path, KEY, [], 0, paths)
    assert failures or facts["receipts_kept"] == len(receipts)
    return [each.kind for each in failures]


def test_a_proof_without_the_entry_is_for_the_receipts_holder(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The receipt names the leaf; alone, the proof names nothing."""
    log, published, subject = *proof_of(world), world.forum.subjects["post:a"]
    proof = inclusion(log, published, 4)
    receipt = sign_receipt(subject.entry_id, subject.head, BEGIN, SIGNER)
    other = sign_receipt(MISSING, "ab" * 32, BEGIN, SIGNER)

    assert proof.leaf.hex() == subject.head
    assert of_proof(proof.file(), tmp_path, receipt) == []
    assert of_proof(proof.file(), tmp_path) == ["proof"]
    assert of_proof(proof.file(), tmp_path, other) == ["root"]
    assert of_proof(single_proof(log, published, 4), tmp_path, receipt) == []
    assert of_proof(single_proof(log, published, 3), tmp_path, receipt) == ["receipt"]
    said = [str(tmp_path / "e.tlog-proof"), "--key", str(SIGNER.key)]
    (tmp_path / "e.tlog-proof").write_bytes(proof.file())
    assert verify.main([*said, "--receipt", str(tmp_path / "receipt-0")]) == 0
    assert capsys.readouterr().out.endswith("; the receipt is kept\n")


def test_a_proof_shows_no_entry_but_that_of_its_leaf(world: World) -> None:
    """A bundle of entries that was altered is not handed out as proved."""
    log, published = proof_of(world)
    path = "tile/entries/000.p/5"
    bundle = world.objects.objects[path]
    world.objects.objects[path] = bundle.replace(b"post:hold", b"post:held", 1)

    with pytest.raises(ProofError):
        single_proof(log, published, 0)
