"""The verifier: its signatures, its single checks, and its face to the outside."""

import base64
import contextlib
import hashlib
import hmac
import json
import random
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from moderation.audit import verify
from moderation.audit.actions import Action
from moderation.audit.bundle import BundleWriter, consistency_line
from moderation.audit.canonical import canonical
from moderation.audit.entry import time_text
from moderation.audit.keys import Algorithm, VerificationKey, cosigned_message
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import Frontier, ProofError, consistency_proof
from moderation.audit.note import Note, Signature, parse_note, sign_note
from moderation.audit.receipt import sign_receipt
from moderation.audit.single_proof import single_proof
from tests.property.moderation.audit.specimen import claims
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, MemoryBundles, World, proof_of

KEY = verify.parse_key(str(SIGNER.key))
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS = VerificationKey(
    "witness.example",
    Algorithm.COSIGNATURE,
    WITNESS_KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
)
type Files = dict[str, bytes]


def world_of(acts: int = 30, subjects: int = 4) -> World:
    """A sequenced world with some acts on some subjects."""
    world = World()
    chance = random.Random(1)  # noqa: S311
    names = world.forum.names(subjects)
    for _ in range(acts):
        world.forum.act(chance.choice(names))
    world.sequence()
    return world


def files_of(bundle: bytes, folder: Path) -> Files:
    """Unpack a bundle."""
    path = folder / "whole.zip"
    path.write_bytes(bundle)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sealed(files: Files) -> bytes:
    """Write files as a bundle that the log itself sealed: what a lying operator could hand out."""
    store = MemoryBundles()
    manifest = json.loads(files["manifest.json"])
    with store.writer("x") as sink:
        writer = BundleWriter(sink, large=False)
        known = [name for name in verify.FILES if name in files]
        for name in [*known, *(name for name in files if name not in known)]:
            if name not in {"manifest.json", "seal"}:
                writer.put(name, files[name])
        manifest = {name: manifest[name] for name in ("origin", "range", "size", "export")}
        manifest |= claims(files)
        writer.finish(manifest, lambda text: sign_note(text, SIGNER).encode())
    return store.bundles["x"]


def failures_of(bundle: bytes, folder: Path, **options: object) -> list[str]:
    """Verify bytes; kind and index of each failure, the printed one first."""
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    witnesses = options.get("witnesses", [])
    quorum = options.get("quorum", 0)
    assert isinstance(witnesses, list)
    assert isinstance(quorum, int)
    failures, _ = verify.check(path, KEY, witnesses, quorum)
    ordered = sorted(failures, key=lambda each: (each.at is None, each.at or 0))
    return [each.kind if each.at is None else f"{each.kind} {each.at}" for each in ordered]


# Signatures


def test_ed25519_agrees_with_a_library() -> None:
    """On valid signatures, altered ones, and the vector of RFC 8032, 7.1."""
    chance = random.Random(3)  # noqa: S311
    for _ in range(5):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        message = chance.randbytes(50)
        signature = private.sign(message)

        assert verify.ed25519_holds(public, message, signature)
        assert not verify.ed25519_holds(public, message + b"x", signature)
        altered = bytearray(signature)
        altered[chance.randrange(64)] ^= 1 << chance.randrange(8)
        assert not verify.ed25519_holds(public, message, bytes(altered))
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
        "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert verify.ed25519_holds(public, b"", signature)


def test_ed25519_takes_one_spelling() -> None:
    """No point off the curve, no number beyond its range, no other length."""
    signature = SIGNER.sign(b"m")
    key = SIGNER.key.material
    s = int.from_bytes(signature[32:], "little") + verify.L25519
    larger = signature[:32] + s.to_bytes(32, "little")

    assert not verify.ed25519_holds(key, b"m", larger)
    assert not verify.ed25519_holds(key, b"m", signature + b"x")
    assert not verify.ed25519_holds(b"\xff" * 32, b"m", signature)
    assert not verify.ed25519_holds(b"\x02" + bytes(31), b"m", signature)
    assert not verify.ed25519_holds(b"\x01" + bytes(30) + b"\x80", b"m", signature)


def test_p256_agrees_with_a_library() -> None:
    """On valid signatures and on altered ones."""
    private = ec.derive_private_key(12345, ec.SECP256R1())
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    chance = random.Random(3)  # noqa: S311
    for _ in range(3):
        message = chance.randbytes(50)
        signature = private.sign(message, ec.ECDSA(SHA256()))

        assert verify.p256_holds(spki, message, signature)
        assert not verify.p256_holds(spki, message + b"x", signature)


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"\x30\x06\x02\x01\x00\x02\x01\x01",
        encode_dss_signature(1, verify.P256.n),
        encode_dss_signature(1, 1) + b"x",
        encode_dss_signature(1, 1),
        b"\x30\x07\x02\x02\x00\x01\x02\x01\x01",
    ],
)
def test_p256_takes_one_spelling(signature: bytes) -> None:
    """Strict DER, numbers in their range."""
    private = ec.derive_private_key(12345, ec.SECP256R1())
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert not verify.p256_holds(spki, b"m", signature)


def test_p256_takes_keys_on_its_curve() -> None:
    """Another length, another prefix, a point beside the curve."""
    private = ec.derive_private_key(12345, ec.SECP256R1())
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signature = private.sign(b"m", ec.ECDSA(SHA256()))

    for other in (spki[:-1], b"\x31" + spki[1:], spki[:-1] + bytes([spki[-1] ^ 1])):
        assert not verify.p256_holds(other, b"m", signature)


def test_p256_arithmetic_knows_the_point_at_infinity() -> None:
    """A point and its opposite add to nothing."""
    curve = verify.P256

    assert verify._ec_add(curve, (curve.x, curve.y), (curve.x, curve.p - curve.y)) is None


def test_a_p256_note_holds() -> None:
    """A checkpoint signed as KMS signs it."""
    private = ec.derive_private_key(99, ec.SECP256R1())
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = verify.parse_key(str(VerificationKey(ORIGIN, Algorithm.ECDSA_P256, spki)))
    text = "a\nb\n"
    raw = key.key_id + private.sign(text.encode(), ec.ECDSA(SHA256()))
    note = f"{text}\n— {ORIGIN} {base64.b64encode(raw).decode()}\n".encode()

    assert verify.open_note(note, verify.Keys(key), "note")[0] == text


@pytest.mark.parametrize("vkey", ["a+b+c", "x", str(SIGNER.key)[:-1], "+00000000+AQ=="])
def test_a_malformed_key_is_refused(vkey: str) -> None:
    """Before anything is read."""
    with pytest.raises(ValueError):  # noqa: PT011
        verify.parse_key(vkey)


# Single checks


@pytest.fixture
def honest(tmp_path: Path) -> Files:
    """The files of a bundle over a whole log."""
    return files_of(world_of().export(), tmp_path)


def test_a_resealed_bundle_holds(honest: Files, tmp_path: Path) -> None:
    """The helper that plays the lying operator tells the truth when nothing was changed."""
    assert failures_of(sealed(honest), tmp_path) == []


def test_a_folder_holds_like_a_zip(honest: Files, tmp_path: Path) -> None:
    """Unpacked files are as good as the bundle."""
    for name, data in honest.items():
        target = tmp_path / "folder" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    assert verify.check(tmp_path / "folder", KEY, [], 0)[0] == []


def lines_of(files: Files) -> list[bytes]:
    """The lines of the entries."""
    return files["entries.jsonl"].splitlines(keepends=True)


def withheld(files: Files, hide: Callable[[dict[str, object]], bool]) -> Files:
    """Withhold entries, and the heads of subjects of which none is left."""
    lines, kept = [], set()
    for line in lines_of(files):
        entry = json.loads(line)
        if hide(entry):
            leaf = hashlib.sha256(b"\x00" + line.rstrip()).hexdigest()
            lines.append(b'{"leaf":"%b"}\n' % leaf.encode())
        else:
            lines.append(line)
            kept.add(entry["subject"])
    heads = [
        line
        for line in files["heads.jsonl"].splitlines(keepends=True)
        if json.loads(line)["subject"] in kept
    ]
    return files | {"entries.jsonl": b"".join(lines), "heads.jsonl": b"".join(heads)}


def test_withheld_subjects(honest: Files, tmp_path: Path) -> None:
    """Entries of other subjects may stand as hashes."""
    first = json.loads(lines_of(honest)[0])["subject"]
    files = withheld(honest, lambda entry: entry["subject"] != first)

    assert failures_of(sealed(files), tmp_path) == []


def test_withheld_acts_of_a_subject(honest: Files, tmp_path: Path) -> None:
    """A gap is accepted where the hash before it stands among the withheld, the head too."""
    files = withheld(honest, lambda entry: entry["rev"] in {1, 3, 6, 7, 8, 9, 10, 11, 12})

    assert failures_of(sealed(files), tmp_path) == []


def test_a_bundle_of_a_middle_holds(tmp_path: Path) -> None:
    """The first sight of a subject takes any rev; heads lie behind the range."""
    world = world_of()
    start = world.forum.clock.at
    name = next(iter(world.forum.subjects))
    world.forum.act(name)
    end = world.forum.clock.at
    world.forum.act(name)
    world.forum.act(name)
    world.sequence()
    bundle = world.export(start, end)

    assert failures_of(bundle, tmp_path) == []
    assert files_of(bundle, tmp_path)["later.jsonl"].count(b"\n") == 2


def test_an_empty_period_holds(tmp_path: Path) -> None:
    """That nothing happened can be shown, too."""
    world = world_of()

    assert failures_of(world.export(world.forum.clock.at), tmp_path) == []


def replayed(world: World, edit: Callable[[list[bytes]], list[bytes]]) -> World:
    """Have the operator log something else than what happened: waiting bodies are edited."""
    chains = world.forum.table.chains
    for subject, bodies in chains.items():
        chains[subject] = edit(bodies)
    return world


def unsequenced(world: World, **changes: str) -> None:
    """Edit the last waiting entry, consistently, as somebody with rights over both tables could."""
    pending = world.forum.table.pending
    last = max(pending)
    body = pending[last].body
    for old, new in changes.items():
        body = body.replace(old.encode(), new.encode())
    leaf = hashlib.sha256(b"\x00" + body).digest()
    pending[last] = replace(pending[last], body=body, leaf=leaf)
    subject = pending[last].subject
    world.forum.table.chains[subject][-1] = body
    world.forum.subjects[subject] = replace(world.forum.subjects[subject], head=leaf.hex())


def test_a_broken_chain_in_a_signed_log_is_found(tmp_path: Path) -> None:
    """The operator signed it; it is still no complete history."""
    world = world_of(3, 1)
    entry = world.forum.act(next(iter(world.forum.subjects)))
    unsequenced(world, **{f'"rev":{entry.rev}': f'"rev":{entry.rev + 1}'})
    world.sequence()

    assert failures_of(world.export(), tmp_path)[0] == "chain 3"


def test_an_act_taken_back_before_it_was_logged_is_found(tmp_path: Path) -> None:
    """The subject has moved on, its entry is gone: the head is not in the log."""
    world = world_of(3, 1)
    world.forum.act(next(iter(world.forum.subjects)))
    world.forum.table.pending.clear()
    world.sequence()
    files = files_of(world_of(3, 1).export(), tmp_path)
    head = world.forum.heads(list(world.forum.subjects))[0]
    line = canonical({"head": head.head, "rev": head.rev, "subject": head.subject}) + b"\n"

    assert failures_of(sealed(files | {"heads.jsonl": line}), tmp_path) == ["heads 2"]


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("rev", {'"rev":1': '"rev":2'}, "chain 0"),
        ("prev_id", {'"prev_id":null': '"prev_id":"00000000000000000000000000"'}, "chain 0"),
        ("origin", {ORIGIN: "forum.example.com/other"}, "chain 0"),
        ("part", {'"part":[1,1]': '"part":[2,1]'}, "chain 0"),
    ],
)
def test_a_contradictory_entry_is_found(
    name: str, changes: dict[str, str], expected: str, tmp_path: Path
) -> None:
    """What the pattern cannot say is checked besides."""
    world = World()
    world.forum.act(f"post:{name}")
    unsequenced(world, **changes)
    world.sequence()

    assert failures_of(world.export(), tmp_path)[0] == expected


def test_an_id_that_does_not_rise_is_found(tmp_path: Path) -> None:
    """Ids of a subject sort as its revs do."""
    world = world_of(1, 1)
    entry = world.forum.act(next(iter(world.forum.subjects)))
    assert entry.prev_id is not None
    unsequenced(world, **{f'"prev_id":"{entry.prev_id}"': f'"prev_id":"{"7" + "Z" * 25}"'})
    world.sequence()

    assert failures_of(world.export(), tmp_path)[0] == "chain 1"


def parted(*numbers: int, days: int, of: int = 3) -> World:
    """A world with an act of several parts, and acts as many days before and after it."""
    world = World()
    cause = world.forum.new_id()
    world.forum.act("post:a")
    world.forum.clock.at += timedelta(days=days)
    for number in numbers:
        name = f"post:{number}-{world.forum.new_id()}"
        world.forum.act(name, Action.POST_REMOVE, cause=cause, part=(number, of))
    world.forum.clock.at += timedelta(days=days)
    world.forum.act("post:z")
    world.sequence()
    return world


def test_an_act_with_all_its_parts_holds(tmp_path: Path) -> None:
    """Nothing is left open."""
    assert failures_of(parted(3, 1, 2, days=2).export(), tmp_path) == []


def test_a_missing_part_is_found(tmp_path: Path) -> None:
    """A day later it can stand nowhere else."""
    assert failures_of(parted(1, 3, days=2).export(), tmp_path) == ["part 1"]


def test_a_part_that_may_still_come_is_no_failure(tmp_path: Path) -> None:
    """An act on many subjects takes its time; the report counts it as open."""
    bundle = tmp_path / "b.zip"
    bundle.write_bytes(parted(1, 3, days=0).export())
    failures, facts = verify.check(bundle, KEY, [], 0)

    assert failures == []
    assert facts["open_causes"] == 1


def test_a_part_that_may_stand_before_the_range_is_no_failure(tmp_path: Path) -> None:
    """The range begins within a day of it."""
    world = parted(2, 3, days=2)
    entry_at = verify.instant(b"2026-03-03T08:00:00.000Z")

    assert failures_of(world.export(entry_at), tmp_path) == []


@pytest.mark.parametrize("numbers", [(1, 1), (2, 2)])
def test_a_doubled_part_is_found(numbers: tuple[int, int], tmp_path: Path) -> None:
    """Each part of an act stands once."""
    assert failures_of(parted(*numbers, days=0).export(), tmp_path)[0] == "chain 2"


# Anchors and witnesses


def cosigned(note: bytes, time: int, key: VerificationKey = WITNESS) -> bytes:
    """Add the witness's signature to a note."""
    opened = parse_note(note)
    blob = time.to_bytes(8) + WITNESS_KEY.sign(cosigned_message(opened.text, time))
    line = Signature(key.name, key.key_id, blob)
    return Note(opened.text, (*opened.signatures, line)).encode()


@pytest.fixture
def anchored(tmp_path: Path) -> tuple[Files, bytes, int]:
    """A bundle, an older checkpoint of its log, and the POSIX time of the last act."""
    world = world_of(10, 2)
    older = world.objects.objects["checkpoint"]
    for name in list(world.forum.subjects):
        world.forum.act(name)
    world.sequence()
    return files_of(world.export(), tmp_path), older, round(world.forum.clock.at.timestamp())


def test_an_older_checkpoint_agrees(anchored: tuple[Files, bytes, int], tmp_path: Path) -> None:
    """The tree had that root at that size, and a witness saw it after the acts below."""
    files, older, time = anchored
    note = cosigned(older, time + 1)
    witness = verify.parse_key(str(WITNESS))
    bundle = sealed(files | {"anchors/2026-03-01": note})

    assert failures_of(bundle, tmp_path, witnesses=[witness]) == []


def test_a_time_before_the_acts_is_found(
    anchored: tuple[Files, bytes, int], tmp_path: Path
) -> None:
    """Entries below a cosigned checkpoint cannot be dated after it."""
    files, older, time = anchored
    bundle = sealed(files | {"anchors/x": cosigned(older, time - 3600)})
    witness = verify.parse_key(str(WITNESS))

    assert failures_of(bundle, tmp_path, witnesses=[witness]) == ["time 10"]


def test_acts_behind_an_anchor_may_be_later(tmp_path: Path) -> None:
    """The cosignature bounds what is below the anchor, not what follows in the same stretch."""
    world = world_of(10, 2)
    older, time = world.objects.objects["checkpoint"], round(world.forum.clock.at.timestamp())
    world.forum.clock.at += timedelta(hours=1)
    world.forum.act(next(iter(world.forum.subjects)))
    world.sequence()
    files = files_of(world.export(), tmp_path) | {"anchors/x": cosigned(older, time + 1)}
    hidden = withheld(files, lambda entry: entry["rev"] != 99)
    for each in (files, hidden):
        witness = verify.parse_key(str(WITNESS))

        assert failures_of(sealed(each), tmp_path, witnesses=[witness]) == []


def test_a_day_that_no_calendar_has_is_found(tmp_path: Path) -> None:
    """The pattern takes the 30th of February; what compares times does not."""
    world = world_of(3, 1)
    name = next(iter(world.forum.subjects))
    entry = world.forum.act(name)
    unsequenced(world, **{time_text(entry.at): "2026-02-30T08:00:00.000Z"})
    world.sequence()
    bundle = world.export(BEGIN - timedelta(days=9))
    receipt = tmp_path / "receipt"
    receipt.write_bytes(sign_receipt("0" * 26, "ab" * 32, BEGIN, SIGNER))
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle)

    assert ["form"] == [each.kind for each in verify.check(path, KEY, [], 0, [receipt])[0]]


def test_a_withheld_head_lies_behind_the_last_act_shown(honest: Files, tmp_path: Path) -> None:
    """Its rev is greater than the one that is shown."""
    subject = json.loads(lines_of(honest)[-1])["subject"]
    rev = json.loads(lines_of(honest)[-1])["rev"]
    files = withheld(honest, lambda entry: (entry["subject"], entry["rev"]) == (subject, rev))
    line = b'"rev":%d,"subject":"%b"'
    old, new = line % (rev, subject.encode()), line % (rev - 1, subject.encode())
    heads = files["heads.jsonl"].replace(old, new)

    assert failures_of(sealed(files), tmp_path) == []
    assert failures_of(sealed(files | {"heads.jsonl": heads}), tmp_path)[0].startswith("heads")


def test_another_history_is_found(anchored: tuple[Files, bytes, int], tmp_path: Path) -> None:
    """An older checkpoint with another root proves that the log was rewritten."""
    files, older, _ = anchored
    text = parse_note(older).text.split("\n")
    forked = "\n".join([*text[:2], base64.b64encode(bytes(32)).decode(), ""])
    note = sign_note(forked, SIGNER).encode()

    assert failures_of(sealed(files | {"anchors/x": note}), tmp_path) == ["anchor 10"]


def test_a_rolled_back_log_is_found(anchored: tuple[Files, bytes, int], tmp_path: Path) -> None:
    """An older checkpoint larger than the one given out."""
    files, _, _ = anchored
    note = sign_note(f"{ORIGIN}\n99\n{base64.b64encode(bytes(32)).decode()}\n", SIGNER).encode()

    assert failures_of(sealed(files | {"anchors/x": note}), tmp_path) == ["anchor"]


def test_a_quorum_of_witnesses(anchored: tuple[Files, bytes, int], tmp_path: Path) -> None:
    """The checkpoint itself must bear their signatures where they are asked for."""
    files, _, time = anchored
    witness = verify.parse_key(str(WITNESS))
    good = sealed(files | {"checkpoint": cosigned(files["checkpoint"], time)})
    forged = cosigned(files["checkpoint"], time).replace(b"witness.example A", b"witness.example B")

    assert failures_of(good, tmp_path, witnesses=[witness], quorum=1) == []
    assert failures_of(sealed(files), tmp_path, witnesses=[witness], quorum=1) == ["witness"]
    assert forged


def test_a_forged_cosignature_is_found(anchored: tuple[Files, bytes, int], tmp_path: Path) -> None:
    """A witness that is known did not sign this."""
    files, older, time = anchored
    witness = verify.parse_key(str(WITNESS))
    opened = parse_note(cosigned(older, time))
    wrong = Signature(WITNESS.name, WITNESS.key_id, b"x" * 72)
    note = Note(opened.text, (opened.signatures[0], wrong)).encode()

    assert failures_of(sealed(files | {"anchors/x": note}), tmp_path, witnesses=[witness]) == [
        "witness"
    ]


# Files


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("proofs/range", b"0 1 2\n\n\n", "range"),
        ("proofs/range", b"0 30 30\n\n\n\n", "range"),
        ("proofs/range", b"0 30 30\n\nx\n", "range"),
        ("heads.jsonl", b"x\n", "heads"),
        ("later.jsonl", b"x\n", "later 30"),
        ("checkpoint", b"text\n", "note"),
        ("checkpoint", sign_note("text\n", SIGNER).encode(), "note"),
        ("seal", sign_note("text\nmore\n", SIGNER).encode(), "seal"),
        ("seal", b"", "note"),
        ("manifest.json", b"{}\n", "manifest"),
        ("manifest.json", b"[]\n", "manifest"),
        ("manifest.json", b'{"format":1, "origin":1,"range":1,"sha256":{},"size":1}\n', "manifest"),
        ("manifest.json", b"\n", "manifest"),
        ("entries.jsonl", b"", "entry 0"),
    ],
)
def test_a_file_of_another_form_is_found(
    name: str, data: bytes, kind: str, honest: Files, tmp_path: Path
) -> None:
    """Whatever stands in it."""
    folder = tmp_path / "folder"
    for each, content in (honest | {name: data}).items():
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_bytes(content)
    failures, _ = verify.check(folder, KEY, [], 0)

    assert kind in [each.kind if each.at is None else f"{each.kind} {each.at}" for each in failures]


def test_a_range_shorter_than_its_entries_is_found(honest: Files, tmp_path: Path) -> None:
    """More lines than the range has places."""
    files = honest | {"proofs/range": honest["proofs/range"].replace(b"0 30 30", b"0 28 30")}
    node = base64.b64encode(bytes(32)) + b"\n"
    files["proofs/range"] += node

    assert "count 30" in failures_of(sealed(files), tmp_path)


def test_a_seal_over_other_files_is_found(honest: Files, tmp_path: Path) -> None:
    """It names all files of the format, in their order."""
    text = parse_note(honest["seal"]).text
    swapped = text.replace("  READ-ME.txt", "  read-me.txt")
    files = honest | {"seal": sign_note(swapped, SIGNER).encode()}
    (tmp_path / "f" / "proofs").mkdir(parents=True)
    for name, data in files.items():
        (tmp_path / "f" / name).write_bytes(data)
    failures, _ = verify.check(tmp_path / "f", KEY, [], 0)

    assert [each.kind for each in failures] == ["seal"]


# The command


def run(*arguments: str, folder: Path) -> tuple[int, str]:
    """Run a copy of the file alone, isolated, without site packages; exit code and output."""
    copy = folder / "verify.py"
    shutil.copy(verify.__file__, copy)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(copy), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_copy_of_the_file_alone_verifies(tmp_path: Path) -> None:
    """Outside the project, with the standard library only: exit code 0."""
    (tmp_path / "b.zip").write_bytes(world_of().export())
    code, output = run("b.zip", "--key", str(SIGNER.key), folder=tmp_path)

    assert (code, output.split("\n")[0]) == (
        0,
        f"OK 30 entries of {ORIGIN}, index 0 up to 30,",
    )


def test_a_failure_is_exit_code_1_with_index_and_kind(tmp_path: Path) -> None:
    """The first line says where and what."""
    files = files_of(world_of().export(), tmp_path)
    lines = lines_of(files)
    files["entries.jsonl"] = b"".join(lines[:7] + lines[8:])
    (tmp_path / "b.zip").write_bytes(sealed(files))
    code, output = run("b.zip", "--key", str(SIGNER.key), folder=tmp_path)

    assert code == 1
    assert output.startswith("FAILED entry: index 7 (entries.jsonl): ")


def test_a_report_as_json(tmp_path: Path) -> None:
    """For programs: holds, first bad index, failures, facts."""
    files = files_of(world_of().export(), tmp_path)
    (tmp_path / "good.zip").write_bytes(sealed(files))
    files["entries.jsonl"] = files["entries.jsonl"][:-1]
    (tmp_path / "bad.zip").write_bytes(sealed(files))
    good = json.loads(run("good.zip", "--key", str(SIGNER.key), "--json", folder=tmp_path)[1])
    bad = json.loads(run("bad.zip", "--key", str(SIGNER.key), "--json", folder=tmp_path)[1])

    assert (good["holds"], good["facts"]["entries"]) == (True, 30)
    assert (bad["holds"], bad["first_bad_index"], bad["failures"][0]["kind"]) == (
        False,
        29,
        "entry",
    )


def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    """A key that is none is no verdict on the bundle."""
    assert run("b.zip", "--key", "x", folder=tmp_path)[0] == 2


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all"])
def test_what_is_no_bundle_fails(data: bytes, tmp_path: Path) -> None:
    """It does not hold, whatever it is."""
    assert failures_of(data, tmp_path) == ["container"]


def test_a_missing_file_fails(tmp_path: Path) -> None:
    """There is nothing that could hold."""
    failures, _ = verify.check(tmp_path / "none.zip", KEY, [], 0)

    assert [each.kind for each in failures] == ["container"]


# Single proofs


def test_a_single_proof_stands_alone(tmp_path: Path) -> None:
    """One entry, its proof and the checkpoint in one file."""
    world = world_of()
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    published = log.published()
    assert published is not None
    (tmp_path / "e.tlog-proof").write_bytes(single_proof(log, published, 17))
    code, output = run("e.tlog-proof", "--key", str(SIGNER.key), folder=tmp_path)

    assert (code, output) == (0, f"OK entry 17 of {ORIGIN} is in its tree of 30\n")
    with pytest.raises(ProofError):
        single_proof(log, published, 30)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (b"index 17", b"index 18", "root 18"),
        (b"index 17", b"index 99", "root 99"),
        (b"index 17", b"index 017", "proof"),
        (b"extra ", b"extra =", "proof 17"),
        (b"\n30\n", b"\n31\n", "signature"),
    ],
)
def test_an_altered_proof_fails(old: bytes, new: bytes, kind: str, tmp_path: Path) -> None:
    """Another place, another entry, another tree."""
    world = world_of()
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    published = log.published()
    assert published is not None
    proof = single_proof(log, published, 17).replace(old, new, 1)

    assert failures_of(proof, tmp_path) == [kind]


def test_a_proof_of_something_else_fails(tmp_path: Path) -> None:
    """What was logged must be an entry of this log."""
    world = world_of()
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    published = log.published()
    assert published is not None
    head, _, rest = single_proof(log, published, 17).partition(b"extra ")
    proof = head + b"extra e30=\n" + rest.partition(b"\n")[2]

    assert failures_of(proof, tmp_path) == ["form 17"]


def test_the_command_in_this_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], honest: Files
) -> None:
    """What it prints of facts: withheld lines, open causes, anchors."""
    first = json.loads(lines_of(honest)[0])["subject"]
    files = withheld(honest, lambda entry: entry["subject"] != first)
    path = tmp_path / "b.zip"
    path.write_bytes(sealed(files))

    assert verify.main([str(path), "--key", str(SIGNER.key)]) == 0
    assert "entries are withheld" in capsys.readouterr().out
    path.write_bytes(sealed(files | {"heads.jsonl": b""}))
    assert verify.main([str(path), "--key", str(SIGNER.key)]) == 1
    assert capsys.readouterr().out.startswith("FAILED heads: heads.jsonl: ")
    assert verify.main([str(path), "--key", str(SIGNER.key), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["first_bad_index"] is None


def test_the_command_on_a_single_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line."""
    world = world_of()
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    published = log.published()
    assert published is not None
    path = tmp_path / "e.tlog-proof"
    path.write_bytes(single_proof(log, published, 0))

    assert verify.main([str(path), "--key", str(SIGNER.key)]) == 0
    assert capsys.readouterr().out.startswith("OK entry 0 of ")


def test_several_failures_are_all_printed(honest: Files) -> None:
    """The one with the lowest index first, then the others."""
    found = [
        verify.Failure("seal", None, "seal", "a"),
        verify.Failure("entry", 7, "entries.jsonl", "b"),
    ]
    assert honest

    assert verify.report(found, {}, as_json=False) == (
        "FAILED entry: index 7 (entries.jsonl): b\n  also seal: seal: a"
    )


def test_a_compressed_zip_holds(honest: Files, tmp_path: Path) -> None:
    """Somebody packed the files again, with folders and compression."""
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("proofs")
        for name, data in honest.items():
            archive.writestr(name, data)

    assert verify.check(path, KEY, [], 0)[0] == []


def test_a_damaged_compressed_zip_fails(honest: Files, tmp_path: Path) -> None:
    """What cannot be unpacked is a failure, not a crash."""
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in honest.items():
            archive.writestr(name, data)
    damaged = bytearray(path.read_bytes())
    damaged[60] ^= 0xFF
    path.write_bytes(damaged)

    assert "container" in [each.kind for each in verify.check(path, KEY, [], 0)[0]]


def test_a_large_bundle_has_zip64_descriptors(honest: Files, tmp_path: Path) -> None:
    """The form that bundles of four million entries have."""
    store = MemoryBundles()
    with store.writer("x") as sink:
        writer = BundleWriter(sink, large=True)
        for name, data in honest.items():
            if name not in {"manifest.json", "seal"}:
                writer.put(name, data)
        manifest = json.loads(honest["manifest.json"])
        manifest = {name: manifest[name] for name in ("origin", "range", "size", "export")}
        manifest |= claims(honest)
        writer.finish(manifest, lambda text: sign_note(text, SIGNER).encode())

    assert failures_of(store.bundles["x"], tmp_path) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [("between", b"x"), ("behind", b"x"), ("header", b"\x15")],
)
def test_bytes_that_a_reader_would_skip_are_seen(
    where: str, value: bytes, honest: Files, tmp_path: Path
) -> None:
    """Before the first member, behind the end, in a member's own header."""
    bundle = sealed(honest)
    if where == "between":
        bundle = value + bundle
    elif where == "behind":
        bundle = bundle[:-2] + b"\x01\x00" + value
    else:
        bundle = bundle[:4] + value + bundle[5:]

    assert failures_of(bundle, tmp_path)[0] == "container"


def test_a_length_beyond_the_directory_is_seen(tmp_path: Path) -> None:
    """The last member is said to have a comment, of which a reader finds nothing."""
    data = bytearray(world_of().export())
    data[data.rindex(b"PK\x01\x02") + 33] ^= 16

    assert failures_of(bytes(data), tmp_path) == ["container"]


def test_a_header_in_the_directory_alone_is_seen(honest: Files, tmp_path: Path) -> None:
    """One member with another mode than the rest of the log's own zip."""
    bundle = bytearray(sealed(honest))
    at = bundle.rindex(b"PK\x01\x02")
    bundle[at + 38] ^= 1

    assert failures_of(bytes(bundle), tmp_path) == ["container"]


@pytest.mark.parametrize(
    ("signature", "detail"),
    [
        (b"", "not a signed note"),
        (b"text\n\n- a AAAAAAAA\n", "not a signature line"),
        ("text\n\n— a b c\n".encode(), "too many values"),
        ("text\n\n— a AAAAAAB=\n".encode(), "canonical"),
    ],
)
def test_a_malformed_note_says_why(signature: bytes, detail: str) -> None:
    """In the failure's detail."""
    with pytest.raises(verify.Bad) as caught:
        verify.open_note(signature, verify.Keys(KEY), "seal")

    assert detail in caught.value.failure.detail


def test_a_seal_by_another_key_is_found(honest: Files, tmp_path: Path) -> None:
    """Nothing is signed by the key given."""
    other = verify.parse_key(str(VerificationKey("other", Algorithm.ED25519, SIGNER.key.material)))
    path = tmp_path / "b.zip"
    path.write_bytes(sealed(honest))
    kinds = [each.kind for each in verify.check(path, other, [], 0)[0]]

    assert kinds == ["signature", "signature"]


def test_no_proof_leads_outside_the_tree() -> None:
    """Neither by index nor by length."""
    tree = verify.Tree(ORIGIN, 2, bytes(32))

    assert not verify.included(bytes(32), 2, tree, [])
    assert not verify.included(bytes(32), 1, tree, [])


def test_a_later_entry_in_another_spelling_is_found(tmp_path: Path) -> None:
    """Its line has one form, its chain follows on, its proof leads to the root."""
    world = world_of(6, 1)
    end = world.forum.clock.at
    name = next(iter(world.forum.subjects))
    world.forum.act(name)
    world.forum.act(name)
    world.sequence()
    files = files_of(world.export(end=end), tmp_path)
    first, second = files["later.jsonl"].splitlines(keepends=True)
    altered = first.replace(b'"via":"api"', b'"via":"apj"')

    assert "chain 7" in failures_of(sealed(files | {"later.jsonl": second}), tmp_path)
    assert "later 6" in failures_of(sealed(files | {"later.jsonl": altered + second}), tmp_path)
    assert "later 6" in failures_of(sealed(files | {"later.jsonl": first + first}), tmp_path)


def test_a_malformed_entry_that_was_logged_is_found(tmp_path: Path) -> None:
    """The leaf is in the signed tree, and is no entry."""
    world = world_of(3, 1)
    files = files_of(world.export(), tmp_path)
    lines = lines_of(files)
    body = lines[1].replace(b'"via":"api"', b'"via":"apj"').rstrip()
    leaves = [
        hashlib.sha256(b"\x00" + line.rstrip()).digest() for line in (lines[0], body, lines[2])
    ]
    files["entries.jsonl"] = lines[0] + body + b"\n" + lines[2]
    files["proofs/leaves"] = b"".join(leaves)

    assert failures_of(sealed(files), tmp_path)[0] == "form 1"


def test_a_hash_in_capitals_is_no_entry(honest: Files, tmp_path: Path) -> None:
    """Though it were logged like that."""
    lines = lines_of(honest)
    at = max(number for number, line in enumerate(lines) if b'"rev":2,' in line)
    actor = json.loads(lines[at])["actor"].encode()
    lines[at] = lines[at].replace(actor, actor.upper())
    leaf = hashlib.sha256(b"\x00" + lines[at].rstrip()).digest()
    leaves = honest["proofs/leaves"]
    changed = {
        "entries.jsonl": b"".join(lines),
        "proofs/leaves": leaves[: 32 * at] + leaf + leaves[32 * at + 32 :],
    }

    assert failures_of(sealed(honest | changed), tmp_path)[0] == f"form {at}"


SALT = bytes(32)


@pytest.mark.parametrize(
    ("erased", "fields", "kinds"),
    [
        (False, b'{"note":"x"}', []),
        (False, b'{"note":"y"}', ["payload"]),
        (False, None, ["payload"]),
        (False, b'{"note": "x"}', ["payload"]),
        (True, None, []),
        (True, b'{"note":"y"}', ["payload"]),
    ],
)
def test_personal_fields_are_those_of_their_act(
    erased: bool, fields: bytes | None, kinds: list[str], tmp_path: Path
) -> None:
    """Missing only where they were erased later; what is shown must hold all the same."""
    world = World()
    (name,) = world.forum.names(1)
    commitment = hmac.digest(SALT, b'{"note":"x"}', "sha256").hex()
    entry = world.forum.act(name, payload=commitment)
    if erased:
        world.forum.act(name, Action.PAYLOAD_ERASE)
    world.sequence()
    files = files_of(world.export(), tmp_path)
    line = b'{"entry":"%b","fields":%b,"salt":"%b"}\n' % (
        entry.id.encode(), fields or b"", SALT.hex().encode(),
    )  # fmt: skip
    files |= {"payloads.jsonl": line if fields else b"", "documents.jsonl": b""}
    ordered = {each: files[each] for each in verify.FILES if each in files}

    assert failures_of(sealed(ordered), tmp_path) == kinds


def test_more_leaves_than_entries_are_found(honest: Files, tmp_path: Path) -> None:
    """The list of leaves goes on behind the last line."""
    files = honest | {"entries.jsonl": b"".join(lines_of(honest)[:-1])}

    assert failures_of(sealed(files), tmp_path)[0] == "entry 29"


def test_a_checkpoint_that_is_none_leaves_the_rest_unread(honest: Files, tmp_path: Path) -> None:
    """Without a tree there is nothing to hold the entries against."""
    files = honest | {"checkpoint": b"x"}

    assert failures_of(sealed(files), tmp_path) == ["note"]


def test_small_numbers_are_kept_and_large_ones_counted() -> None:
    """The number before a rev, up to a bound of memory."""
    before = verify.Before()
    for number in range(1, 5000):
        assert before[b"%d" % number] == b"%d" % (number - 1)

    assert len(before) == 4096


def test_the_bundle_of_an_empty_log_holds(tmp_path: Path) -> None:
    """Before anything happened."""
    world = World()
    world.sequence()

    assert failures_of(world.export(), tmp_path) == []


def test_the_subtrees_of_a_whole_tree() -> None:
    """Largest first."""
    assert list(verify.levels(0, 13)) == [3, 2, 0]


def test_a_member_that_ends_inside_its_header_is_found(tmp_path: Path) -> None:
    """The zip is shorter than its directory says."""
    path = tmp_path / "x"
    path.write_bytes(b"PK")
    info = zipfile.ZipInfo("x")
    info.header_offset = 0
    with path.open("rb") as file, pytest.raises(verify.Bad, match="inside a header"):
        verify._member_end(file, info)


def test_a_zip_that_shrinks_while_it_is_read_fails(honest: Files, tmp_path: Path) -> None:
    """Not a crash, and no endless loop."""
    path = tmp_path / "b.zip"
    path.write_bytes(sealed(honest))
    bundle = verify.Bundle(path)
    with path.open("r+b") as file:
        file.truncate(6000)
    with contextlib.closing(bundle), pytest.raises(verify.Bad, match="ends inside"):
        bundle.read("entries.jsonl")


def test_lines_longer_than_a_chunk(tmp_path: Path) -> None:
    """Are put together, and one without an end is no line."""
    (tmp_path / "long").write_bytes(b"a" * 2 * verify.CHUNK + b"\nb")

    first, second = verify.Bundle(tmp_path).lines("long")
    assert first == b"a" * 2 * verify.CHUNK
    assert second != b"b"


def test_what_is_no_entry_has_no_place_in_a_chain() -> None:
    """The bookkeeping takes entries only."""
    with pytest.raises(ValueError, match="not an entry"):
        verify.Acts(from_start=True).see(0, b"{}", bytes(32))


def test_entries_that_cannot_be_read_again(honest: Files, tmp_path: Path) -> None:
    """Then it stays open which of the two is wrong."""
    files = honest | {"entries.jsonl": b"".join(lines_of(honest)[1:])}
    path = tmp_path / "b.zip"
    path.write_bytes(sealed(files))
    bundle = verify.Bundle(path)
    honest_runs, reads = bundle.line_runs, []

    def once(name: str) -> Iterator[list[bytes]]:
        reads.append(name)
        if reads.count("entries.jsonl") > 1:
            raise verify.Bad("container", name, "gone")
        return honest_runs(name)

    bundle.line_runs = once  # type: ignore[method-assign]
    verifier = verify.Verifier(bundle, verify.Keys(KEY), verify.Policy([], 0), [], [])
    verifier.run()
    bundle.close()

    assert [each.kind for each in verifier.failures][:2] == ["container", "entry"]


def outside(folder: Path) -> tuple[Files, bytes, bytes]:
    """A bundle of a log's second half, an anchor below it, and its line of proof."""
    world = world_of(10, 2)
    older = world.objects.objects["checkpoint"]
    start = world.forum.clock.at
    for name in list(world.forum.subjects):
        world.forum.act(name)
    world.sequence()
    log, published = proof_of(world)
    size = published.checkpoint.size
    line = consistency_line("x", consistency_proof(10, size, log.nodes(size)))
    return files_of(world.export(start), folder), older, line


def test_an_anchor_outside_the_range_needs_a_proof(tmp_path: Path) -> None:
    """One that leads from its tree to the checkpoint's."""
    files, older, line = outside(tmp_path)
    bundle = sealed(files | {"anchors/x": older, "proofs/consistency": line})
    (tmp_path / "b.zip").write_bytes(bundle)
    failures, facts = verify.check(tmp_path / "b.zip", KEY, [], 0)

    assert (failures, facts["anchors"]) == ([], 1)
    assert failures_of(sealed(files | {"anchors/x": older}), tmp_path) == ["anchor"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line[:-46] + b"\n",
        lambda line: line[:2] + bytes([line[2] ^ 1]) + line[3:],
        lambda line: line.replace(b"x ", b"y ", 1),
        lambda line: line + b"y\n",
        lambda line: line + line,
        lambda line: b"w\n" + line,
        lambda line: line.replace(b" ", b"  ", 1),
        lambda line: line[:-1],
    ],
    ids=["short", "altered", "renamed", "of none", "twice", "of one more", "spelled", "unended"],
)
def test_a_proof_that_does_not_fit_its_anchor_is_found(
    spoil: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    """Whatever is wrong with it, and proofs that no anchor needs."""
    files, older, line = outside(tmp_path)
    bundle = sealed(files | {"anchors/x": older, "proofs/consistency": spoil(line)})

    assert failures_of(bundle, tmp_path) == ["anchor"]


def test_consistency_is_what_the_log_proves() -> None:
    """For all sizes up to 20, and for no other root; as the log's own side reads it."""
    leaves = [bytes([at + 1]) * 32 for at in range(20)]
    trees = [Frontier().extend(leaves[:size]) for size in range(21)]

    def node(level: int, at: int) -> bytes:
        return Frontier().extend(leaves[at << level : (at + 1) << level]).root()

    for size in range(1, 21):
        for first in range(1, size + 1):
            proof = consistency_proof(first, size, node)
            old = verify.Tree("o", first, trees[first].root())
            new = verify.Tree("o", size, trees[size].root())
            assert verify.consistent(old, new, proof)
            assert not verify.consistent(old._replace(root=bytes(32)), new, proof)
            assert not verify.consistent(old, new._replace(root=bytes(32)), proof)
            assert not verify.consistent(old, new, [*proof, bytes(32)])
            assert first == size or not verify.consistent(new, old, proof)
    nothing = verify.Tree("o", 0, trees[0].root())
    assert verify.consistent(nothing, verify.Tree("o", 5, trees[5].root()), [])


def test_a_manifest_of_another_range_is_found(honest: Files, tmp_path: Path) -> None:
    """It names the range of the proof."""
    manifest = json.loads(honest["manifest.json"]) | {"range": [0, 29]}
    files = honest | {"manifest.json": canonical(manifest) + b"\n"}

    assert failures_of(sealed(files), tmp_path) == ["manifest"]


def test_the_file_run_as_a_program(
    honest: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its exit code is the verdict."""
    path = tmp_path / "b.zip"
    path.write_bytes(sealed(honest))
    monkeypatch.setattr(sys, "argv", ["verify", str(path), "--key", str(SIGNER.key)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(verify.__file__, run_name="__main__")

    assert ended.value.code == 0
