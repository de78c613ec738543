"""Honest bundles to tamper with: from the middle of a log, anchored, witnessed, promised.

Days pass while a specimen's log grows, so it has a cosigned anchor for each; its checkpoint is
cosigned, one act has five parts, and receipts were given for some of its entries. A redacted one
has some of its lines withheld, and is sealed as the log itself would seal it.
"""

import hashlib
import io
import json
import random
import zipfile
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from moderation.audit import verify
from moderation.audit.actions import Action
from moderation.audit.bundle import BundleWriter
from moderation.audit.entry import Entry, encode, leaf_hash
from moderation.audit.keys import Algorithm, VerificationKey, cosigned_message
from moderation.audit.note import Note, Signature, parse_note, sign_note
from moderation.audit.order import Built
from moderation.audit.receipt import sign_receipt
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import SIGNER, MemoryBundles, World

type Files = dict[str, bytes]

KEY = verify.parse_key(str(SIGNER.key))
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS = VerificationKey(
    "witness.example",
    Algorithm.COSIGNATURE,
    WITNESS_KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
)
BEFORE, BEHIND = 150, 60
"""Acts before and behind the range."""

DAYS = 6


@dataclass(frozen=True)
class Specimen:
    """An honest bundle, with what a tamperer or a checker needs to know of it.

    `older` are the files of a bundle of the same log that was given out days before.
    """

    data: bytes
    receipts: tuple[bytes, ...]
    older: "Specimen | None" = None

    @cached_property
    def files(self) -> Files:
        """The files of the bundle."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file."""
        return {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}

    @cached_property
    def lines(self) -> tuple[bytes, ...]:
        """The lines of the entries."""
        return tuple(self.files["entries.jsonl"].splitlines(keepends=True))

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """Which lines are not withheld."""
        return tuple(at for at, line in enumerate(self.lines) if not line.startswith(b'{"leaf"'))

    @cached_property
    def begin(self) -> int:
        """The index of the first entry."""
        return int(self.files["proofs/range"].split()[0])

    @cached_property
    def anchors(self) -> dict[str, int]:
        """The size of the tree at each anchor of the range, by the name of its file."""
        sizes = {
            name: int(note.split(b"\n")[1])
            for name, note in self.files.items()
            if name.startswith("anchors/")
        }
        end = self.begin + len(self.lines)
        return {name: size for name, size in sizes.items() if self.begin < size <= end}

    @cached_property
    def members(self) -> tuple[tuple[int, int, str], ...]:
        """Where each file's bytes lie in the zip: first, end, name."""
        found = []
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            for info in archive.infolist():
                header = self.data[info.header_offset : info.header_offset + 30]
                first = info.header_offset + 30 + header[26] + (header[27] << 8) + header[28]
                found.append((first, first + info.file_size, info.filename))
        return tuple(found)


def specimen(entries: int, seed: int = 4) -> Specimen:
    """Return a bundle of so many entries, the last five of them one act."""
    log = _Growing(seed, entries)
    log.act(BEFORE)
    start = log.world.forum.clock.at
    log.act(entries // 2)
    early = Specimen(log.export(start), ())
    log.act(entries - entries // 2 - 5)
    cause = log.world.forum.new_id()
    for part, name in enumerate(log.names[:5], 1):
        log.noted(log.world.forum.act(name, Action.POST_REMOVE, cause=cause, part=(part, 5)))
    end = log.world.forum.clock.at
    log.act(BEHIND)
    data = log.export(start, cut=end)
    kept = log.acted[BEFORE + entries // 2 :: entries // 8][:3]
    receipts = tuple(sign_receipt(e.id, leaf_hash(encode(e)).hex(), e.at, SIGNER) for e in kept)
    return Specimen(data, receipts, early)


def redacted(whole: Specimen) -> Specimen:
    """Return it with a fifth of the subjects withheld, and some acts of the others."""
    bodies = [json.loads(line) for line in whole.lines]
    subjects = sorted({body["subject"] for body in bodies})
    hidden = set(subjects[::5])
    lines, shown = [], set()
    for line, body in zip(whole.lines, bodies, strict=True):
        if body["subject"] in hidden or body["rev"] % 9 == 4:
            lines.append(b'{"leaf":"%b"}\n' % leaf_hash(line.rstrip()).hex().encode())
        else:
            lines.append(line)
            shown.add(body["subject"])
    changed = {
        "entries.jsonl": b"".join(lines),
        "heads.jsonl": _about(whole.files["heads.jsonl"], shown),
        "later.jsonl": _about(whole.files["later.jsonl"], shown),
    }
    return Specimen(reseal(whole.files | changed), whole.receipts, whole.older)


def reseal(files: Files, signer: LocalSigner = SIGNER) -> bytes:
    """Return files as a bundle that the log itself sealed: what a lying operator could hand out."""
    store = MemoryBundles()
    manifest = json.loads(files["manifest.json"])
    with store.writer("x") as sink:
        writer = BundleWriter(sink, large=False)
        for name, data in files.items():
            if name not in {"manifest.json", "seal"}:
                writer.put(name, data)
        del manifest["sha256"]
        manifest |= claims(files)
        writer.finish(manifest, lambda text: sign_note(text, signer).encode())
    return store.bundles["x"]


def claims(files: Files) -> dict[str, Any]:
    """What a manifest must say of files: how many of each, and what was asked for."""
    later, entries = files["later.jsonl"], files["entries.jsonl"]
    begin, end, _ = map(int, files["proofs/range"].split(b"\n")[0].split())
    counts = {
        "entries": end - begin,
        "heads": files["heads.jsonl"].count(b"\n"),
        "later": later.count(b"\n"),
        "withheld": entries.count(b'{"leaf":"') + later.count(b'{"leaf":"'),
    }
    personal = {"documents.jsonl", "payloads.jsonl"} & files.keys()
    profile = "full" if "payloads.jsonl" in personal or not personal else "authority"
    selection = {"case": "x"} if personal else {}
    return {"counts": counts, "profile": profile, "selection": selection}


def cosigned(note: bytes, time: int) -> bytes:
    """Return a note with the witness's signature added."""
    opened = parse_note(note)
    blob = time.to_bytes(8) + WITNESS_KEY.sign(cosigned_message(opened.text, time))
    line = Signature(WITNESS.name, WITNESS.key_id, blob)
    return Note(opened.text, (*opened.signatures, line)).encode()


def verified(data: bytes, receipts: tuple[bytes, ...], folder: Path) -> list[verify.Failure]:
    """Verify bytes as files on disk; the failures in the order they are printed."""
    path = folder / "bundle.zip"
    path.write_bytes(data)
    held = []
    for number, receipt in enumerate(receipts):
        held.append(folder / f"receipt-{number}")
        held[-1].write_bytes(receipt)
    witness = verify.parse_key(str(WITNESS))
    failures, _ = verify.check(path, KEY, [witness], 1, held)
    return sorted(failures, key=lambda each: (each.at is None, each.at or 0))


def _about(lines: bytes, subjects: set[str]) -> bytes:
    kept = []
    for line in lines.splitlines(keepends=True):
        record = json.loads(line)
        if record.get("entry", record)["subject"] in subjects:
            kept.append(line)
    return b"".join(kept)


@dataclass
class _Growing:
    """A log that grows over days; each day begins with an anchor that a witness cosigns."""

    seed: int
    entries: int
    world: World = field(default_factory=World)
    acted: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311
        self.names = self.world.forum.names(max(40, self.entries // 20))
        self.world.forum.clock.step = timedelta(days=DAYS) / self.entries
        self.day = self.world.forum.clock.at.date()

    def act(self, count: int) -> None:
        """So many acts on any of the subjects."""
        for _ in range(count):
            self.noted(self.world.forum.act(self.chance.choice(self.names)))

    def noted(self, entry: Entry) -> None:
        """Keep what was done; on a new day the log is sequenced and anchored."""
        self.acted.append(entry)
        if self.world.forum.clock.at.date() != self.day:
            self.day = self.world.forum.clock.at.date()
            self._sequence()

    def export(self, start: datetime, cut: datetime | None = None) -> bytes:
        """Sequence what waits, have the witness cosign, and export."""
        self._sequence()
        objects = self.world.objects.objects
        objects["checkpoint"] = cosigned(objects["checkpoint"], self._time())
        order = replace(self.world.order(start, cut), id=self.world.forum.new_id())
        built = self.world.exporter().build(order)
        assert isinstance(built, Built), built
        return self.world.bundles.bundles[built.path]

    def _sequence(self) -> None:
        self.world.clock.at = self.world.forum.clock.at
        self.world.sequence()
        anchors = self.world.anchors.objects
        for name, note in anchors.items():
            if note.count(b"\xe2\x80\x94") == 1:
                anchors[name] = cosigned(note, self._time())

    def _time(self) -> int:
        return int(self.world.forum.clock.at.timestamp()) + 1
