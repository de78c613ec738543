"""The format's document says what the code does."""

from pathlib import Path

from moderation.audit import verify
from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.audit.entry import BODY_LIMIT_BYTES, decode, leaf_hash
from moderation.audit.keys import Algorithm, VerificationKey, cosigned_message
from moderation.audit.log_reader import Published
from moderation.audit.note import Signature
from moderation.audit.receipt import sign_receipt
from moderation.audit.single_proof import Inclusion
from moderation.audit.succession import sign_succession
from moderation.audit.verify import FILES
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import ORIGIN, SIGNER
from tests.unit.moderation.audit.test_entry import VECTOR

WITNESS_SIGNER = LocalSigner(bytes(range(32, 64)), "witness.example.org")
WITNESS = VerificationKey("witness.example.org", Algorithm.COSIGNATURE, WITNESS_SIGNER.key.material)
NEW = LocalSigner(bytes(range(64, 96)), ORIGIN)
DOCUMENT = Path("docs/formats/audit-log.md").read_text(encoding="utf-8")


def test_the_example_is_an_entry() -> None:
    """Its bytes, their number and their leaf hash are those of the code."""
    assert f"```\n{VECTOR.decode()}\n```" in DOCUMENT
    assert f"This body has {len(VECTOR)} bytes" in DOCUMENT
    assert leaf_hash(VECTOR).hex() in DOCUMENT
    assert f"MUST NOT exceed {BODY_LIMIT_BYTES} bytes" in DOCUMENT


def test_the_vector_is_a_checkpoint_of_the_test_key() -> None:
    """Key, root and signature."""
    leaf = leaf_hash(VECTOR.replace(b"[1,2]", b"[1,1]"))

    assert str(SIGNER.key) in DOCUMENT
    assert sign_checkpoint(Checkpoint(ORIGIN, 1, leaf), SIGNER).decode() in DOCUMENT


def test_every_file_of_a_bundle_is_described() -> None:
    """In the order in which they are sealed."""
    rows = [line.split("`")[1] for line in DOCUMENT.splitlines() if line.startswith("| `")]

    assert list(dict.fromkeys(name for name in rows if name in FILES)) == list(FILES)


def test_the_vectors_are_what_the_log_hands_out(tmp_path: Path) -> None:
    """A receipt, its proof, a cosigned checkpoint and a succession note; the verifier takes all."""
    body = VECTOR.replace(b"[1,2]", b"[1,1]")
    entry, leaf = decode(body), leaf_hash(body)
    checkpoint = Checkpoint(ORIGIN, 1, leaf)
    receipt = sign_receipt(entry.id, leaf.hex(), entry.at, SIGNER)
    note = sign_checkpoint(checkpoint, SIGNER)
    time = 1772352060
    blob = time.to_bytes(8) + WITNESS_SIGNER.sign(cosigned_message(checkpoint.text(), time))
    cosigned = note + str(Signature(WITNESS.name, WITNESS.key_id, blob)).encode()
    proof = Inclusion(leaf, 0, (), Published(checkpoint, cosigned)).file()
    succession = sign_succession(checkpoint, SIGNER, NEW, entry.at)
    for name, data in (("receipt", receipt), ("proof", proof), ("succession", succession)):
        assert f"{name}:\n{data.decode()}```" in DOCUMENT
        (tmp_path / name).write_bytes(data)
    assert str(WITNESS) in DOCUMENT

    failures, facts = verify.check(
        tmp_path / "proof",
        verify.parse_key(str(SIGNER.key)),
        [verify.parse_key(str(WITNESS))],
        1,
        [tmp_path / "receipt"],
        successions=[tmp_path / "succession"],
    )
    assert (failures, facts["receipts_kept"], facts["cosigned"]) == ([], 1, {WITNESS.name: time})
