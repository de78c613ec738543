"""Two verifiers, one of them in another language and from the document alone, agree."""

import hashlib
import json
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from moderation.audit import verify
from moderation.audit.actions import Action
from moderation.audit.canonical import canonical
from moderation.audit.dossier import Document, Dossier, Wording
from moderation.audit.entry import (
    encode,
    leaf_hash,
    payload_commitment,
    payload_salt,
    state_commitment,
)
from moderation.audit.log_reader import LogReader
from moderation.audit.note import sign_note
from moderation.audit.order import Built
from moderation.audit.receipt import sign_receipt
from moderation.audit.selection import Profile, Selection
from moderation.audit.single_proof import single_proof
from moderation.audit.stamping import AnchorStamps
from moderation.audit.succession import sign_succession
from moderation.stores.signer import LocalSigner
from tests.property.moderation.audit.altered import Alteration
from tests.property.moderation.audit.line_edits import (
    cut_lines,
    double_line,
    drop_line,
    edit_line,
    redate_line,
    swap_lines,
    swap_withheld,
)
from tests.property.moderation.audit.mutants import specimens
from tests.property.moderation.audit.specimen import WITNESS, Specimen, cosigned
from tests.property.moderation.audit.tampering import (
    add_file,
    alter_receipt,
    break_promise,
    claim_smaller,
    edit_consistently,
    edit_head,
    flip_in_file,
    forge_signature,
    lose_file,
    roll_back,
)
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, World
from tests.support.authority import Authority

NODE = shutil.which("node")
SCRIPT = Path(__file__).with_name("verify.mjs")
KEY = verify.parse_key(str(SIGNER.key))
WITNESS_KEY = verify.parse_key(str(WITNESS))
ROUNDS = 2

pytestmark = pytest.mark.skipif(NODE is None, reason="the second verifier runs on Node")


@pytest.fixture(scope="module")
def honest() -> tuple[Specimen, Specimen]:
    """A bundle of the middle of a log, anchored and witnessed, and the same redacted."""
    return specimens(120)


def unpacked(data: bytes, receipts: tuple[bytes, ...], folder: Path) -> tuple[Path, list[Path]]:
    """Write the files of a zip into a folder, and receipts beside it."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder / "bundle")
    held = [folder / f"receipt-{number}" for number in range(len(receipts))]
    for path, receipt in zip(held, receipts, strict=True):
        path.write_bytes(receipt)
    return folder / "bundle", held


def first(path: Path, receipts: list[Path], quorum: int = 1) -> tuple[list[verify.Failure], Any]:
    """What the verifier says: failures in the order they are printed, and facts."""
    failures, facts = verify.check(path, KEY, [WITNESS_KEY], quorum, receipts)
    return sorted(failures, key=lambda each: (each.at is None, each.at or 0)), facts


def second(
    path: Path, receipts: list[Path], quorum: int = 1, key: object = SIGNER.key, *more: str
) -> dict[str, Any]:
    """What the second verifier says."""
    assert NODE is not None
    options = [f"--witness={WITNESS}", f"--quorum={quorum}", *(f"--receipt={r}" for r in receipts)]
    done = subprocess.run(
        [NODE, str(SCRIPT), str(path), str(key), *options, *more],
        capture_output=True,
        text=True,
        check=False,
    )
    verdict: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if verdict["holds"] else 1)
    return verdict


HOLDS = {"holds": True, "kind": None, "index": None}


@pytest.mark.parametrize("number", [0, 1], ids=["whole", "redacted"])
def test_both_take_the_honest_bundle(
    number: int, honest: tuple[Specimen, Specimen], tmp_path: Path
) -> None:
    """Ranges, later links, heads, anchors, cosignatures and receipts included."""
    chosen = honest[number]
    folder, receipts = unpacked(chosen.data, chosen.receipts, tmp_path)
    failures, facts = first(folder, receipts)

    assert failures == []
    assert facts["receipts_kept"] == 3
    assert second(folder, receipts) == HOLDS | {"kept": 3, "open": 0}


@pytest.mark.parametrize(
    "alteration",
    [
        add_file,
        alter_receipt,
        break_promise,
        claim_smaller,
        cut_lines,
        double_line,
        drop_line,
        edit_consistently,
        edit_head,
        edit_line,
        flip_in_file,
        forge_signature,
        lose_file,
        redate_line,
        roll_back,
        swap_lines,
        swap_withheld,
    ],
    ids=lambda each: each.__name__,
)
def test_both_refuse_what_was_altered(
    alteration: Alteration, honest: tuple[Specimen, Specimen], tmp_path: Path
) -> None:
    """At the same index where it has one."""
    chance = random.Random(alteration.__name__)  # noqa: S311
    for number in range(2 * ROUNDS):
        altered = alteration(honest[number % 2], chance)
        folder, receipts = unpacked(altered.data, altered.receipts, tmp_path / str(number))
        failures, _ = first(folder, receipts)
        verdict = second(folder, receipts)

        assert failures, altered.name
        assert not verdict["holds"], altered.name
        if altered.index is not None:
            assert verdict["index"] == altered.index == failures[0].at


def test_both_refuse_a_cause_without_one_of_its_parts(tmp_path: Path) -> None:
    """At the first of those that are there."""
    world = World()
    names = world.forum.names(3)
    cause = world.forum.new_id()
    for number in (1, 3):
        world.forum.act(names[number - 1], cause=cause, part=(number, 3))
    world.forum.clock.at = BEGIN.replace(day=4)
    world.forum.act(names[1])
    world.sequence()
    folder, _ = unpacked(world.export(), (), tmp_path)

    assert [("part", 0)] == [(each.kind, each.at) for each in first(folder, [], 0)[0]]
    assert second(folder, [], 0) == {"holds": False, "kind": "part", "index": 0}


@pytest.mark.parametrize(
    ("old", "new", "held", "kind", "index"),
    [
        (b"", b"", "mine", None, None),
        (b"", b"", "", None, None),
        (b"", b"", "other", "receipt", 17),
        (b"index 17", b"index 18", "mine", "root", 18),
        (b"index 17", b"index 99", "", "root", 99),
        (b"index 17", b"index 017", "", "proof", None),
        (b"\n30\n", b"\n31\n", "", "signature", None),
    ],
)
@pytest.mark.parametrize("shown", [True, False], ids=["with the entry", "without"])
def test_both_judge_a_single_proof(
    old: bytes,
    new: bytes,
    held: str,
    kind: str | None,
    index: int | None,
    shown: bool,
    tmp_path: Path,
) -> None:
    """The same way, with the entry in it or without, a receipt beside it or none."""
    world = World()
    for name in world.forum.names(30):
        world.forum.act(name)
    world.sequence()
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    published = log.published()
    assert published is not None
    path = tmp_path / "e.tlog-proof"
    lines = single_proof(log, published, 17).replace(old, new, 1).split(b"\n")
    path.write_bytes(b"\n".join(line for line in lines if shown or b"extra " not in line))
    (body,) = next(log.bodies(17, 18, 30))
    for name, leaf in (("mine", leaf_hash(body).hex()), ("other", "ab" * 32)):
        receipt = sign_receipt("0" * 26, leaf, BEGIN, SIGNER)
        (tmp_path / name).write_bytes(receipt)
    receipts = [tmp_path / held] if held else []
    failures, _ = first(path, receipts, 0)
    verdict = second(path, receipts, 0)

    assert verdict["holds"] == (failures == [])
    assert [(each.kind, each.at) for each in failures] == (
        [] if verdict["holds"] else [(verdict["kind"], verdict["index"])]
    )
    if shown:
        assert (verdict["kind"], verdict["index"]) == (kind, index)


STATE = b'{"id":"x","state":"decided"}'
WORDS = b'{"facts":"Steht da."}'
SALT = b"s" * 32
CASE = "01" + "C" * 24


def redacted(**asked: Any) -> bytes:
    """A bundle that withholds some of its lines, with links and records behind the range."""
    world = World()
    for number in range(9):
        world.forum.act("post:A", Action.POST_EDIT if number % 3 else Action.POST_HOLD)
        world.forum.act(f"case:{CASE}", after=state_commitment(SALT, STATE))
    entry_id = world.forum.new_id()
    bound = payload_commitment(payload_salt(SALT, entry_id), WORDS)
    world.forum.act(f"case:{CASE}", id=entry_id, payload=bound, after=state_commitment(SALT, STATE))
    world.forum.act("post:A", payload="ab" * 32)
    order = world.order(**asked)
    world.forum.act("post:A", Action.POST_EDIT)
    world.sequence()
    heads = tuple(world.forum.heads([f"case:{CASE}", "post:A"]))
    document = Document(f"case:{CASE}", "META", STATE, SALT)
    words = (Wording(f"case:{CASE}", WORDS, SALT), Wording(f"case:{CASE}", b"{}", SALT))
    world.dossiers.cases[CASE] = Dossier(heads, (document,), words)
    built = world.exporter().build(order)
    assert isinstance(built, Built)
    return world.bundles.bundles[built.path]


@pytest.mark.parametrize(
    "asked",
    [
        {"selection": Selection(action="post:hold")},
        {"selection": Selection(kinds=frozenset({"case"}))},
        {"subject": "post:A"},
        {"case": CASE},
        {"case": CASE, "profile": Profile.FULL},
    ],
    ids=("action", "kind", "subject", "case", "full case"),
)
def test_both_take_what_is_withheld(asked: dict[str, Any], tmp_path: Path) -> None:
    """Leaves in the range and behind it, whole chains, and records that the log binds."""
    folder, _ = unpacked(redacted(**asked), (), tmp_path)

    assert first(folder, [], 0)[0] == []
    assert second(folder, [], 0)["holds"]


@pytest.mark.parametrize(("old", "new"), [(b"decided", b"open"), (SALT.hex().encode(), b"0" * 64)])
def test_both_refuse_a_record_in_another_state(old: bytes, new: bytes, tmp_path: Path) -> None:
    """The commitment of its subject's last entry is not that of this record."""
    folder, _ = unpacked(redacted(case=CASE), (), tmp_path)
    path = folder / "documents.jsonl"
    path.write_bytes(path.read_bytes().replace(old, new))

    assert first(folder, [], 0)[0][0].kind == "document"
    assert second(folder, [], 0) == {"holds": False, "kind": "document", "index": None}


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"Steht da.", b"Steht nicht da."), (b'{"entry":"0', b'{"entry":"1'), (None, b"")],
)
def test_both_refuse_other_words(old: bytes | None, new: bytes, tmp_path: Path) -> None:
    """Altered, of another entry, or taken out without having been erased."""
    folder, _ = unpacked(redacted(case=CASE, profile=Profile.FULL), (), tmp_path)
    path = folder / "payloads.jsonl"
    path.write_bytes(new if old is None else path.read_bytes().replace(old, new))

    assert first(folder, [], 0)[0][0].kind == "payload"
    assert second(folder, [], 0) == {"holds": False, "kind": "payload", "index": None}


@pytest.mark.parametrize(("after", "kind"), [(0, None), (1, "signature")])
def test_both_judge_a_key_that_was_followed(after: int, kind: str | None, tmp_path: Path) -> None:
    """The old key counts up to the tree that the succession note names, and no further."""
    world = World()
    for name in world.forum.names(9):
        world.forum.act(name)
    world.sequence()
    published = LogReader(world.objects, ORIGIN, [SIGNER.key]).published()
    assert published is not None
    new = LocalSigner(bytes(range(64, 96)), ORIGIN)
    note = tmp_path / "succession"
    note.write_bytes(sign_succession(published.checkpoint, SIGNER, new, BEGIN))
    for name in world.forum.names(after):
        world.forum.act(name)
    world.sequence()
    folder, _ = unpacked(world.export(), (), tmp_path)
    failures, _ = verify.check(folder, KEY, [], 0, successions=[note])

    assert {each.kind for each in failures} == ({kind} if kind else set())
    assert second(folder, [], 0, SIGNER.key, f"--succession={note}")["kind"] == kind


def stamped_chain(authority: Authority) -> bytes:
    """The chain of one subject over three days, with stamped anchors that need a proof each."""
    world = World(timestamper=authority)
    subject, other = world.forum.names(2)
    for _ in range(3):
        world.forum.act(subject)
        world.sequence()
        AnchorStamps(world.anchors, authority, world.clock).run()
        world.forum.act(other)
        world.sequence()
        world.forum.clock.at += timedelta(days=1)
        world.clock.at += timedelta(days=1)
    built = world.exporter().build(world.order(subject=subject))
    assert isinstance(built, Built)
    return world.bundles.bundles[built.path]


@pytest.mark.parametrize(
    ("kind", "above", "ess"),
    [("rsa", "rsa-pss", "sha1"), ("p256", "rsa", "sha256"), ("p384", "p521", "sha384")],
)
def test_both_read_time_stamps(kind: str, above: str, ess: str, tmp_path: Path) -> None:
    """Of an authority that is known, of a stranger, altered, of something else, and missing."""
    authority = Authority(tmp_path / "tsa", kind, above, ess=ess, depth=2)
    stranger = Authority(tmp_path / "stranger", kind, above)
    folder, _ = unpacked(stamped_chain(authority), (), tmp_path)
    stamp = folder / "checkpoint.tsr"
    honest = stamp.read_bytes()

    def both(root: Path | None, data: bytes | None) -> tuple[list[str], str | None]:
        given = verify.read_certificates(root.read_text()) if root else []
        stamp.unlink(missing_ok=True)
        if data is not None:
            stamp.write_bytes(data)
        failures, _ = verify.check(folder, KEY, [], 0, authorities=given)
        more = [f"--tsa={root}"] if root else []
        kinds = [each.kind for each in failures if each.kind not in {"seal", "manifest"}]
        return kinds, second(folder, [], 0, SIGNER.key, *more)["kind"]

    mine, theirs = authority.root, stranger.root
    assert both(mine, honest) == both(None, honest) == ([], None)
    assert both(theirs, honest) == (["stamp"] * 4, "stamp")
    assert both(mine, authority.stamp(b"other")) == (["stamp"], "stamp")
    assert both(mine, honest[:-9] + bytes([honest[-9] ^ 1]) + honest[-8:]) == (["stamp"], "stamp")
    assert both(mine, None) == (["stamp"], "stamp")


@pytest.mark.parametrize("spoil", ["drop", "alter", "rename"])
def test_both_want_a_proof_of_each_anchor(spoil: str, tmp_path: Path) -> None:
    """One that leads from it to the checkpoint."""
    world = World()
    (subject,) = world.forum.names(1)
    for _ in range(4):
        world.forum.act(subject)
        world.sequence()
        world.forum.clock.at += timedelta(days=1)
        world.clock.at += timedelta(days=1)
    built = world.exporter().build(world.order(subject=subject))
    assert isinstance(built, Built)
    folder, _ = unpacked(world.bundles.bundles[built.path], (), tmp_path)
    assert (first(folder, [], 0)[0], second(folder, [], 0)["holds"]) == ([], True)
    path = folder / "proofs/consistency"
    line, *rest = path.read_bytes().splitlines(keepends=True)
    spoilt = {
        "drop": b"",
        "alter": line[:12] + bytes([line[12] ^ 1]) + line[13:],
        "rename": line.replace(b"-01 ", b"-00 "),
    }
    path.write_bytes(spoilt[spoil] + b"".join(rest))

    assert "anchor" in [each.kind for each in first(folder, [], 0)[0]]
    assert second(folder, [], 0)["kind"] == "anchor"


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("documents.jsonl", lambda data: data + line_of("META", b'{"id":"y"}', SALT)),
        ("documents.jsonl", lambda data: line_of("META", b'{"id":"y"}', SALT) + data),
        ("documents.jsonl", lambda data: data + data),
        ("documents.jsonl", lambda data: data + line_of("REV#1", STATE, SALT)),
        ("manifest.json", lambda data: data.replace(b'"heads":1', b'"heads":2')),
        ("manifest.json", lambda data: data.replace(b'"full"', b'"authority"')),
        ("manifest.json", lambda data: data.replace(b'"case"', b'"cafe"')),
    ],
    ids=["forged", "forged first", "twice", "a part", "counts", "profile", "selection"],
)
def test_both_refuse_what_an_operator_could_seal(
    name: str, spoil: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    """Nothing of it is signed by anybody else, and it contradicts what is."""
    with zipfile.ZipFile(BytesIO(redacted(case=CASE, profile=Profile.FULL))) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    assert files[name] != spoil(files[name])
    folder, _ = unpacked(sealed_anew(files | {name: spoil(files[name])}), (), tmp_path)
    kind = name.removesuffix(".json").removesuffix("s.jsonl")

    assert [each.kind for each in first(folder, [], 0)[0]] == [kind]
    assert second(folder, [], 0)["kind"] == kind


def line_of(part: str, text: bytes, salt: bytes) -> bytes:
    """A record of the case."""
    return Document(f"case:{CASE}", part, text, salt).line()


def sealed_anew(files: dict[str, bytes]) -> bytes:
    """Files as the log would seal them, whatever they say."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = json.loads(files["manifest.json"])
    manifest["sha256"] = {name: digests[name] for name in manifest["sha256"]}
    files = files | {"manifest.json": canonical(manifest) + b"\n"}
    names = [name for name in verify.FILES if name in files and name != "seal"]
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names]
    text = f"{ORIGIN}\n{verify.FORMAT}\n{''.join(lines)}"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in (files | {"seal": sign_note(text, SIGNER).encode()}).items():
            archive.writestr(name, data)
    return packed.getvalue()


def aged(**changes: Any) -> World:
    """A log with an act an hour over three days, cosigned at noon; one act is as told."""
    world = World()
    for hour in range(60):
        world.forum.clock.at = world.clock.at = BEGIN + timedelta(hours=hour)
        world.forum.act("post:A", **(changes if hour == 30 else {}))
        world.sequence()
        if world.clock.at.hour == 12:
            time = int(world.clock.at.timestamp())
            name = world.clock.at.date().isoformat()
            world.anchors.objects[name] = cosigned(world.objects.objects["checkpoint"], time)
    return world


@pytest.mark.parametrize(("hours", "found"), [(0, None), (-1, None), (-26, 30)])
@pytest.mark.parametrize("subject", [None, "post:A"], ids=["period", "chain"])
def test_both_judge_an_entry_that_is_dated_back(
    hours: int, found: int | None, subject: str | None, tmp_path: Path
) -> None:
    """By the clock of whoever saw the tree without it; nobody did within the hour."""
    world = aged(at=BEGIN + timedelta(hours=30 + hours))
    built = world.exporter().build(world.order(subject=subject))
    assert isinstance(built, Built)
    folder, _ = unpacked(world.bundles.bundles[built.path], (), tmp_path)
    failures, _ = first(folder, [], 0)

    assert [(each.kind, each.at) for each in failures] == ([("time", found)] if found else [])
    assert second(folder, [], 0)["index"] == found


@pytest.mark.parametrize(("days", "kept"), [(0, 1), (3, 0)])
def test_both_judge_a_promise_by_when_it_was_kept(days: int, kept: int, tmp_path: Path) -> None:
    """Entries of days later stand in front of what was promised within a minute."""
    world = World()
    world.forum.act("post:A")
    entry = world.forum.act("post:B")
    held = world.forum.table.pending.pop(entry.id)
    world.sequence()
    world.forum.clock.at += timedelta(days=days)
    world.forum.act("post:A")
    world.sequence()
    world.forum.table.pending[entry.id] = held
    world.sequence()
    receipt = tmp_path / "receipt"
    receipt.write_bytes(sign_receipt(entry.id, leaf_hash(encode(entry)).hex(), entry.at, SIGNER))
    built = world.exporter().build(world.order())
    assert isinstance(built, Built)
    folder, _ = unpacked(world.bundles.bundles[built.path], (), tmp_path)
    failures, facts = first(folder, [receipt], 0)
    verdict = second(folder, [receipt], 0)

    assert [each.kind for each in failures] == ([] if kept else ["receipt"])
    assert facts["receipts_kept"] == kept
    assert verdict["kind"] == (None if kept else "receipt")
