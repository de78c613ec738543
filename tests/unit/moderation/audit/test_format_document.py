"""The format's document says what the code does."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from moderation.audit import verify
from moderation.audit.actions import Action
from moderation.audit.canonical import canonical
from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.audit.entry import (
    BODY_LIMIT_BYTES,
    Via,
    decode,
    encode,
    leaf_hash,
    state_commitment,
)
from moderation.audit.keys import Algorithm, VerificationKey, cosigned_message
from moderation.audit.log_reader import Published
from moderation.audit.merkle import Frontier
from moderation.audit.note import Signature
from moderation.audit.pin import PinnedHead
from moderation.audit.receipt import sign_receipt
from moderation.audit.single_proof import Inclusion
from moderation.audit.succession import sign_succession
from moderation.audit.verify import FILES
from moderation.stores.signer import LocalSigner
from tests.property.moderation.audit.specimen import reseal
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


def two_entries() -> tuple[bytes, bytes]:
    """The example as the only part of its cause, and what a person did to the same post next."""
    first = VECTOR.replace(b"[1,2]", b"[1,1]")
    entry = replace(
        decode(first),
        id="01KJM6NB40000000000000000N",
        at=datetime(2026, 3, 1, 8, 30, 0, tzinfo=UTC),
        actor="f" * 32,
        via=Via.API,
        action=Action.POST_PUBLISH,
        rev=2,
        prev=leaf_hash(first).hex(),
        prev_id=decode(first).id,
        before="b" * 64,
        after="d" * 64,
        reason="keep",
        rule=None,
        payload=None,
        cause="01KJM6NB40000000000000000C",
    )
    return first, encode(entry)


def test_the_vector_of_a_chain(tmp_path: Path) -> None:
    """Two acts on one subject, the first of them withheld; the verifier takes the bundle."""
    first, second = two_entries()
    leaves = [leaf_hash(first), leaf_hash(second)]
    checkpoint = Checkpoint(ORIGIN, 2, Frontier().extend(leaves).root())
    note = sign_checkpoint(checkpoint, SIGNER)
    hidden = b'{"leaf":"%b"}\n' % leaves[0].hex().encode()
    head = PinnedHead(decode(second).subject, 2, leaves[1].hex(), None).line()
    shown = {
        "leaf hash": leaves[1].hex() + "\n",
        "checkpoint": note.decode(),
        "entries.jsonl": (hidden + second + b"\n").decode(),
        "heads.jsonl": head.decode(),
    }
    for name, text in shown.items():
        assert f"{name}:\n{text}" in DOCUMENT
    empty = ("READ-ME.txt", "entries.csv", "later.jsonl")
    files = {name: b"" for name in verify.FILES if name not in verify.OPTIONAL}
    manifest = canonical({"origin": ORIGIN, "range": [0, 2], "size": 2})
    files |= {
        "checkpoint": note,
        "entries.jsonl": shown["entries.jsonl"].encode(),
        "heads.jsonl": head,
        "manifest.json": manifest[:-1] + b',"sha256":{}}',
        "proofs/leaves": b"".join(leaves),
        "proofs/range": b"0 2 2\n\n",
    }
    assert all(files[name] == b"" for name in empty)
    (tmp_path / "b.zip").write_bytes(reseal(files))

    failures, facts = verify.check(tmp_path / "b.zip", verify.parse_key(str(SIGNER.key)), [], 0)
    assert (failures, facts["entries"], facts["withheld"]) == ([], 2, 1)


def test_the_vector_of_p_256() -> None:
    """The same checkpoint by the other kind of key; both verifiers' sides read it."""
    private = ec.derive_private_key(int.from_bytes(bytes(range(32, 64))), ec.SECP256R1())
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = VerificationKey(ORIGIN, Algorithm.ECDSA_P256, spki)
    leaves = [leaf_hash(body) for body in two_entries()]
    text = Checkpoint(ORIGIN, 2, Frontier().extend(leaves).root()).text()
    signature = private.sign(text.encode(), ec.ECDSA(SHA256(), deterministic_signing=True))
    line = str(Signature(key.name, key.key_id, signature))

    assert f"\n{key}\n" in DOCUMENT
    assert f"\n{line}```" in DOCUMENT
    assert verify.holds(verify.parse_key(str(key)), text, signature)
    assert key.holds(text, signature)


def test_the_vector_of_a_commitment() -> None:
    """Of a state that the document spells out."""
    state = canonical({"body": "Grüße", "revision": 1})
    commitment = state_commitment(bytes(range(32)), state)

    assert state.decode() in DOCUMENT
    assert commitment in DOCUMENT
