"""The verifier on what an operator could seal: records, times, promises, counts."""

import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.actions import Action
from moderation.audit.canonical import canonical
from moderation.audit.dossier import Document, Dossier
from moderation.audit.entry import Entry, encode, leaf_hash, state_commitment
from moderation.audit.order import Built
from moderation.audit.receipt import sign_receipt
from moderation.audit.selection import Profile, Selection
from tests.property.moderation.audit.specimen import KEY, WITNESS, claims, cosigned, reseal
from tests.support.audit_fakes import BEGIN, SIGNER, World

type Files = dict[str, bytes]
CASE = "01" + "C" * 24
SALT = b"s" * 32
STATES = (b'{"id":"a"}', b'{"id":"b"}')
WITNESS_KEY = verify.parse_key(str(WITNESS))


def files_of(bundle: bytes) -> Files:
    """The files of a bundle."""
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def checked(
    data: bytes, folder: Path, *receipts: bytes, quorum: int = 0
) -> tuple[list[str], dict[str, object]]:
    """Kind, and index or file, of each failure; and the facts."""
    path = folder / "bundle.zip"
    path.write_bytes(data)
    held = [folder / f"receipt-{number}" for number in range(len(receipts))]
    for each, receipt in zip(held, receipts, strict=True):
        each.write_bytes(receipt)
    failures, facts = verify.check(path, KEY, [WITNESS_KEY], quorum, held)
    found = [f"{each.kind} {each.file if each.at is None else each.at}" for each in failures]
    return found, facts


def case_bundle(profile: Profile = Profile.AUTHORITY) -> bytes:
    """The evidence of a case: two subjects with a record each that the log binds, and a part."""
    world = World()
    names = (f"case:{CASE}", "statement:A")
    for name, state in zip(names, STATES, strict=True):
        world.forum.act(name)
        world.forum.act(name, after=state_commitment(SALT, state))
    world.sequence()
    documents = [
        Document(name, "META", state, SALT) for name, state in zip(names, STATES, strict=True)
    ]
    documents.append(Document(names[1], "REV#0001", b'{"revision":1}', None))
    heads = tuple(world.forum.heads(names))
    world.dossiers.cases[CASE] = Dossier(heads, tuple(documents))
    built = world.exporter().build(world.order(case=CASE, profile=profile))
    assert isinstance(built, Built)
    return world.bundles.bundles[built.path]


def line_of(subject: str, part: str, text: bytes, salt: bytes | None) -> bytes:
    """A record's line."""
    return Document(subject, part, text, salt).line()


FORGED = line_of("statement:A", "META", b'{"id":"c"}', SALT)
"""A record in a state that the log never bound."""


# Records


def test_the_evidence_of_a_case_holds(tmp_path: Path) -> None:
    """Two records that the log binds, one that nothing binds."""
    failures, facts = checked(case_bundle(), tmp_path)

    assert (failures, facts["documents"], facts["documents_bound"]) == ([], 3, 2)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: sorted([*lines, FORGED]),
        lambda lines: [FORGED, *lines],
        lambda lines: [*lines, lines[-1]],
        lambda lines: lines[::-1],
        lambda lines: sorted([*lines, line_of("statement:A", "REV#0001", b'{"revision":2}', None)]),
        lambda lines: sorted([*lines, line_of("statement:A", "REV#0002", STATES[1], SALT)]),
        lambda lines: sorted([*lines, line_of("statement:B", "META", b'{"lat":52.5}', None)]),
        lambda lines: sorted([*lines, line_of("statement:B", "META", b'{"n":NaN}', None)]),
        lambda lines: sorted(
            [*lines, line_of("statement:B", "META", b'{"n":9007199254740992}', None)]
        ),
    ],
    ids=["forged", "forged first", "twice", "order", "one part twice", "a part that is bound",
         "a fraction", "no number", "too large"],
)  # fmt: skip
def test_each_record_is_held_to_the_log(
    spoil: Callable[[list[bytes]], list[bytes]], tmp_path: Path
) -> None:
    """Also where the log itself sealed them: one a part, in order, in numbers that are hashed."""
    files = files_of(case_bundle())
    lines = files["documents.jsonl"].splitlines(keepends=True)
    spoilt = files | {"documents.jsonl": b"".join(spoil(lines))}

    assert checked(reseal(spoilt), tmp_path)[0] == ["document documents.jsonl"]


# What the manifest claims


@pytest.mark.parametrize(
    ("claim", "file"),
    [
        ({"counts": {"entries": 0, "heads": 2, "later": 5, "withheld": 0}}, "manifest.json"),
        ({"counts": None}, "manifest.json"),
        ({"profile": "anybody"}, "manifest.json"),
        ({"selection": None}, "manifest.json"),
        ({"profile": "full"}, "payloads.jsonl"),
        ({"profile": "outsider"}, "documents.jsonl"),
        ({"selection": {}}, "documents.jsonl"),
    ],
)
def test_a_manifest_claims_what_is_there(
    claim: dict[str, object], file: str, tmp_path: Path
) -> None:
    """How many of each, for whom, and the records that go with that."""
    files = files_of(case_bundle())
    assert claims(files)["counts"] == json.loads(files["manifest.json"])["counts"]
    failures, _ = checked(_sealed_with(files, claim), tmp_path)

    assert failures == [f"manifest {file}"]


def _sealed_with(files: Files, claim: dict[str, object]) -> bytes:
    """Files that the log sealed with another claim: its digest and all that follows from it."""
    import hashlib  # noqa: PLC0415

    from moderation.audit.note import sign_note  # noqa: PLC0415

    manifest = canonical(json.loads(files["manifest.json"]) | claim) + b"\n"
    text = files["seal"].decode().partition("\n\n")[0] + "\n"
    digest = hashlib.sha256(files["manifest.json"]).hexdigest()
    text = text.replace(digest, hashlib.sha256(manifest).hexdigest())
    changed = files | {"manifest.json": manifest, "seal": sign_note(text, SIGNER).encode()}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in changed.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_records_cannot_be_left_out_of_a_full_bundle(tmp_path: Path) -> None:
    """Nor what was written in its acts."""
    files = files_of(case_bundle(Profile.FULL))
    for name in ("documents.jsonl", "payloads.jsonl"):
        fewer = {each: data for each, data in files.items() if each != name}
        text = files["seal"].decode().partition("\n\n")[0]
        kept = "\n".join(line for line in text.split("\n") if not line.endswith("  " + name)) + "\n"
        data = _sealed_with(fewer | {"seal": kept.encode() + b"\n"}, _without(files, name))

        assert checked(data, tmp_path)[0] == [f"manifest {name}"]


def _without(files: Files, name: str) -> dict[str, object]:
    digests = json.loads(files["manifest.json"])["sha256"]
    return {"sha256": {each: digest for each, digest in digests.items() if each != name}}


# Times


@dataclass
class Days:
    """A log in which something happens each hour, seen by a witness each noon."""

    world: World = field(default_factory=World)

    def pass_by(self, hours: int, **changes: object) -> Entry:
        """So many hours, an act in each; the last of them as told."""
        world = self.world
        for left in range(hours, 0, -1):
            world.forum.clock.at += timedelta(hours=1)
            world.clock.at = world.forum.clock.at
            entry = world.forum.act("post:A", **(changes if left == 1 else {}))
            world.sequence()
            self.seen()
        return entry

    def seen(self) -> None:
        """The day's anchor is cosigned when the day is four hours old in this log."""
        anchors, at = self.world.anchors.objects, self.world.forum.clock.at
        name = at.date().isoformat()
        if at.hour == 12:
            note = self.world.objects.objects["checkpoint"]
            anchors[name] = cosigned(note, int(at.timestamp()) + 30)

    def chain(self) -> bytes:
        """The bundle of the one subject."""
        built = self.world.exporter().build(
            replace(self.world.order(), subject="post:A", id=self.world.forum.new_id())
        )
        assert isinstance(built, Built)
        return self.world.bundles.bundles[built.path]


def test_days_that_were_seen_hold(tmp_path: Path) -> None:
    """As a period and as a chain; the clock of the witness bounds both sides."""
    days = Days()
    days.pass_by(60)

    for data in (days.world.export(), days.chain()):
        failures, facts = checked(data, tmp_path)
        assert (failures, facts["late"]) == ([], [])


def test_an_entry_dated_back_behind_a_tree_that_was_seen_is_found(tmp_path: Path) -> None:
    """By the clock of whoever saw the tree without it; in a period and in a chain."""
    days = Days()
    days.pass_by(30)
    index = days.world.forum.table.state.size
    days.pass_by(1, at=BEGIN + timedelta(hours=2))
    days.pass_by(40)

    assert checked(days.world.export(), tmp_path)[0] == [f"time {index}"]
    assert checked(days.chain(), tmp_path)[0] == [f"time {index}"]


def test_an_entry_dated_back_a_little_is_told(tmp_path: Path) -> None:
    """No clock from outside lies between, and the log's own order contradicts it."""
    days = Days()
    days.pass_by(6)
    index = days.world.forum.table.state.size
    days.pass_by(1, at=days.world.forum.clock.at - timedelta(minutes=30))
    days.pass_by(40)
    for data in (days.world.export(), days.chain()):
        failures, facts = checked(data, tmp_path)
        said = verify.report([], facts, as_json=False)

        assert (failures, facts["late"]) == ([], [index])
        assert f"1 entries came late or are dated back, the first of them index {index}" in said


def test_a_witness_with_a_clock_of_its_own_world_is_no_crash(tmp_path: Path) -> None:
    """Whatever time it signs."""
    days = Days()
    days.pass_by(3)
    objects = days.world.objects.objects
    objects["checkpoint"] = cosigned(objects["checkpoint"], 2**64 - 1)

    assert checked(days.world.export(), tmp_path)[0] == []


# Promises


def promised(entry: Entry, at: datetime | None = None) -> bytes:
    """The receipt for an entry."""
    return sign_receipt(entry.id, leaf_hash(encode(entry)).hex(), at or entry.at, SIGNER)


def test_a_promise_kept_days_later_is_broken(tmp_path: Path) -> None:
    """What stands before the entry was done long after it was promised to be there."""
    world = World()
    world.forum.act("post:A")
    late = world.forum.act("post:B", Action.POST_REMOVE)
    held = world.forum.table.pending.pop(late.id)
    world.sequence()
    world.forum.clock.at += timedelta(days=3)
    world.forum.act("post:A")
    world.sequence()
    world.forum.table.pending[late.id] = held
    world.sequence()

    assert checked(world.export(), tmp_path, promised(late))[0] == ["receipt receipt-0"]


def test_a_promise_is_kept_by_an_entry_behind_the_range(tmp_path: Path) -> None:
    """A bundle of chains has all of its entries there."""
    world = World()
    first, second = world.forum.act("post:A"), world.forum.act("post:A")
    world.sequence()
    built = world.exporter().build(world.order(subject="post:A"))
    assert isinstance(built, Built)
    data = world.bundles.bundles[built.path]
    failures, facts = checked(data, tmp_path, promised(first), promised(second))

    assert (failures, facts["receipts_kept"], facts["receipts_open"]) == ([], 2, 0)


def test_a_promise_is_kept_by_an_entry_that_is_withheld(tmp_path: Path) -> None:
    """Its leaf stands there."""
    world = World()
    entry = world.forum.act("post:A")
    world.sequence()
    built = world.exporter().build(world.order(selection=Selection(action="post:restore")))
    assert isinstance(built, Built)
    failures, facts = checked(world.bundles.bundles[built.path], tmp_path, promised(entry))

    assert (failures, facts["receipts_kept"]) == ([], 1)


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_promise_of_no_time_of_a_log_is_refused(year: int, tmp_path: Path) -> None:
    """And is no crash."""
    world = World()
    entry = world.forum.act("post:A")
    world.sequence()
    receipt = promised(entry, BEGIN.replace(year=year))

    assert checked(world.export(), tmp_path, receipt)[0] == ["form receipt-0"]


@pytest.mark.parametrize("option", ["--receipt", "--succession"])
def test_a_file_that_is_not_there_is_wrong_usage(option: str, tmp_path: Path) -> None:
    """Like every other argument that cannot be."""
    with pytest.raises(SystemExit) as ended:
        verify.main(["b.zip", "--key", str(SIGNER.key), option, str(tmp_path / "none")])

    assert ended.value.code == 2


# Containers and names


def test_names_are_printed_in_one_line(tmp_path: Path) -> None:
    """Whatever bytes they have, and none passes for a line of the verifier."""
    world = World()
    world.forum.act("post:A")
    world.sequence()
    folder = tmp_path / "bundle"
    with zipfile.ZipFile(BytesIO(world.export())) as archive:
        archive.extractall(folder)
    (folder / "x\nOK 1 entries").write_text("x")
    (folder / "\udcff").write_text("x")
    failures, facts = verify.check(folder, KEY, [], 0)
    said = verify.report(failures, facts, as_json=False)

    assert sorted(failure.kind for failure in failures) == ["file", "file", "manifest", "manifest"]
    assert all(line.startswith(("FAILED", "  also")) for line in said.splitlines())
    assert said.encode().isascii()
    assert json.loads(verify.report(failures, facts, as_json=True))["holds"] is False


def test_a_directory_that_ends_early_is_found(tmp_path: Path) -> None:
    """A zip whose directory is said to begin inside of its last member."""
    world = World()
    world.forum.act("post:A")
    world.sequence()
    data = bytearray(world.export())
    end = data.rindex(b"PK\5\6")
    size, offset = struct.unpack_from("<2L", data, end + 12)
    struct.pack_into("<2L", data, end + 12, size, offset - 9)

    assert checked(bytes(data), tmp_path)[0][0].startswith("container")


def test_more_members_than_a_zip_counts_are_found(tmp_path: Path) -> None:
    """It needs a longer form of its end, which no bundle has."""
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1 << 16):
            archive.writestr(f"anchors/{number}", b"")
    failures, _ = verify.check(path, KEY, [], 0)

    assert "container" in {failure.kind for failure in failures}
