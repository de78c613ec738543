"""What an altered bundle is, and how it must be found."""

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.property.moderation.audit.specimen import Files, Specimen

type Alteration = Callable[[Specimen, random.Random], Altered]

FOUND_BY = {
    "entries.jsonl": {"entry", "form", "chain"},
    "proofs/leaves": {"leaves"},
    "proofs/range": {"range", "root", "anchor"},
    "checkpoint": {"note", "signature", "witness"},
    "seal": {"note", "signature", "seal"},
    "heads.jsonl": {"heads", "seal"},
    "later.jsonl": {"later", "chain", "heads"},
    "proofs/consistency": {"anchor"},
    "documents.jsonl": {"document", "seal"},
    "payloads.jsonl": {"payload", "seal"},
    "manifest.json": {"seal", "manifest"},
    "READ-ME.txt": {"seal"},
    "entries.csv": {"seal"},
    "": {"container", "file"},
}
"""The kinds of failure by which an alteration of a file may show; "" is the zip around them."""


@dataclass(frozen=True)
class Altered:
    """An altered bundle, and how it must be found.

    `kinds` are those the first failure may have; `index` is where the first bad entry stands,
    `file` one that some failure must name.
    """

    name: str
    data: bytes
    kinds: frozenset[str]
    index: int | None = None
    file: str = ""
    receipts: tuple[bytes, ...] = ()


def repack(files: Files, honest: Specimen | None = None, *, manifest: bool = True) -> bytes:
    """Return files as a zip, as any zip program makes it, with the manifest's digests made anew."""
    if manifest:
        fields = json.loads(files["manifest.json"])
        fields["sha256"] = {
            name: _digest(name, data, honest)
            for name, data in files.items()
            if name not in {"manifest.json", "seal"}
        }
        files = files | {"manifest.json": canonical(fields)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _digest(name: str, data: bytes, honest: Specimen | None) -> str:
    if honest is not None and honest.files.get(name) is data:
        return honest.digests[name]
    return hashlib.sha256(data).hexdigest()


def canonical(fields: object) -> bytes:
    """Return canonical JSON as a line."""
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def one_file(
    name: str, honest: Specimen, file: str, data: bytes, index: int | None = None
) -> Altered:
    """One file replaced, and the manifest with it."""
    keep = file == "manifest.json"
    packed = repack(honest.files | {file: data}, honest, manifest=not keep)
    return Altered(name, packed, kinds_of(file), index, file)


def kinds_of(file: str) -> frozenset[str]:
    """Return the kinds of failure by which an altered file may show."""
    if file.startswith("anchors/"):
        # A cosignature whose key is no longer known is passed over; the sealed manifest shows it.
        return frozenset({"note", "signature", "anchor", "witness", "seal"})
    return frozenset(FOUND_BY[file])


def index_of(honest: Specimen, file: str, at: int) -> int | None:
    """Which entry a byte of a file belongs to."""
    if file == "entries.jsonl":
        return honest.begin + honest.files[file][:at].count(b"\n")
    return honest.begin + at // 32 if file == "proofs/leaves" else None
