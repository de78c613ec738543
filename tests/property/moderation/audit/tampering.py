"""Random alterations of a bundle, each with the place at which a verifier must find it."""

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

type Files = dict[str, bytes]
type Edit = Callable[[list[bytes], random.Random], tuple[list[bytes], int]]


@dataclass(frozen=True)
class Altered:
    """An altered bundle; `index` is where the first bad entry stands, `file` which file is bad."""

    name: str
    data: bytes
    index: int | None = None
    file: str | None = None


def unpack(bundle: bytes) -> Files:
    """Return the files of a bundle."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repack(files: Files, *, manifest: bool = True) -> bytes:
    """Return files as a zip, as any zip program makes it, with the manifest's digests made anew."""
    if manifest:
        fields = json.loads(files["manifest.json"])
        fields["sha256"] = {
            name: hashlib.sha256(files[name]).hexdigest()
            for name in files
            if name not in {"manifest.json", "seal"}
        }
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        files = files | {"manifest.json": text.encode() + b"\n"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def flip_bit(bundle: bytes, _begin: int, chance: random.Random) -> Altered:
    """Flip one bit anywhere in the zip."""
    at = chance.randrange(len(bundle))
    data = bytearray(bundle)
    data[at] ^= 1 << chance.randrange(8)
    return Altered("bit", bytes(data))


def truncate(bundle: bytes, _begin: int, chance: random.Random) -> Altered:
    """Cut the zip off."""
    return Altered("truncation", bundle[: chance.randrange(len(bundle))])


def flip_in_file(bundle: bytes, begin: int, chance: random.Random) -> Altered:
    """Flip one bit in one file and pack again with a fitting manifest."""
    files = unpack(bundle)
    name = chance.choice([name for name in files if files[name]])
    data = bytearray(files[name])
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    index = begin + files[name][:at].count(b"\n") if name == "entries.jsonl" else None
    if name == "proofs/leaves":
        index = begin + at // 32
    keep = name == "manifest.json"
    altered = repack(files | {name: bytes(data)}, manifest=not keep)
    return Altered("bit in " + name, altered, index, name)


def _lines(name: str) -> "Callable[[Edit], Alteration]":
    def wrap(edit: "Edit") -> "Alteration":
        @wraps(edit)
        def alter(bundle: bytes, begin: int, chance: random.Random) -> Altered:
            files = unpack(bundle)
            lines, first = edit(files["entries.jsonl"].splitlines(keepends=True), chance)
            return Altered(name, repack(files | {"entries.jsonl": b"".join(lines)}), begin + first)

        return alter

    return wrap


@_lines("drop")
def drop_line(lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Leave an entry out."""
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + 1 :], at


@_lines("double")
def double_line(lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Write an entry twice."""
    at = chance.randrange(len(lines))
    return lines[: at + 1] + lines[at:], at + 1


@_lines("swap")
def swap_lines(lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Let two entries change places."""
    one, two = sorted(chance.sample(range(len(lines)), 2))
    lines[one], lines[two] = lines[two], lines[one]
    return lines, one


@_lines("cut")
def cut_lines(lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Leave out the newest entries."""
    at = chance.randrange(len(lines))
    return lines[:at], at


@_lines("withhold another")
def swap_withheld(lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Put the hash of another entry where an entry stands."""
    one, two = chance.sample(range(len(lines)), 2)
    leaf = hashlib.sha256(b"\x00" + lines[two].rstrip(b"\n")).hexdigest()
    return [*lines[:one], b'{"leaf":"%b"}\n' % leaf.encode(), *lines[one + 1 :]], one


@_lines("edit")
def edit_line(lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Give an act another reason."""
    at = chance.randrange(len(lines))
    lines[at] = lines[at].replace(b'"reason":"illegal"', b'"reason":"spam"')
    return lines, at


def edit_consistently(bundle: bytes, _begin: int, chance: random.Random) -> Altered:
    """Change an entry and the list of leaves with it."""
    files = unpack(bundle)
    lines = files["entries.jsonl"].splitlines(keepends=True)
    at = chance.randrange(len(lines))
    lines[at] = lines[at].replace(b'"reason":"illegal"', b'"reason":"spam"')
    leaves = bytearray(files["proofs/leaves"])
    leaves[32 * at : 32 * at + 32] = hashlib.sha256(b"\x00" + lines[at].rstrip(b"\n")).digest()
    changed = {"entries.jsonl": b"".join(lines), "proofs/leaves": bytes(leaves)}
    return Altered("edit both", repack(files | changed), None, "entries.jsonl")


def edit_head(bundle: bytes, _begin: int, chance: random.Random) -> Altered:
    """Change, drop or double a subject's head."""
    files = unpack(bundle)
    lines = files["heads.jsonl"].splitlines(keepends=True)
    at = chance.randrange(len(lines))
    head = json.loads(lines[at])
    head["rev"] += chance.choice([-1, 1])
    changed = json.dumps(head, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    variants = [
        [*lines[:at], changed, *lines[at + 1 :]],
        [*lines[:at], *lines[at + 1 :]],
        [*lines[:at], lines[at], *lines[at:]],
    ]
    heads = b"".join(chance.choice(variants))
    return Altered("head", repack(files | {"heads.jsonl": heads}), None, "heads.jsonl")


def edit_manifest(bundle: bytes, _begin: int, chance: random.Random) -> Altered:
    """Change a number or a digest in the manifest."""
    files = unpack(bundle)
    manifest = json.loads(files["manifest.json"])
    key = chance.choice(["size", "range", "counts", "export", "from", "to", "sha256"])
    manifest[key] = chance.choice([7, "x", None, {}, [], {"a": "b"}])
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    altered = repack(files | {"manifest.json": text}, manifest=False)
    return Altered("manifest", altered, None, "")


def forge_signature(bundle: bytes, _begin: int, chance: random.Random) -> Altered:
    """Change a character of the checkpoint's or the seal's signature."""
    files = unpack(bundle)
    name = chance.choice(["checkpoint", "seal"])
    text = bytearray(files[name])
    at = len(text) - 2 - chance.randrange(80)
    text[at] = ord("A") if text[at] != ord("A") else ord("B")
    return Altered("signature", repack(files | {name: bytes(text)}), None, name)


def roll_back(bundle: bytes, _begin: int, chance: random.Random) -> Altered:
    """Claim a smaller tree."""
    files = unpack(bundle)
    lines = files["checkpoint"].split(b"\n")
    lines[1] = b"%d" % (int(lines[1]) - chance.randrange(1, 5))
    altered = repack(files | {"checkpoint": b"\n".join(lines)})
    return Altered("rollback", altered, None, "checkpoint")


def lose_file(bundle: bytes, _begin: int, chance: random.Random) -> Altered:
    """Leave out a file, or add one."""
    files = unpack(bundle)
    name = chance.choice([name for name in files if name != "manifest.json"])
    if chance.random() < 0.5:
        return Altered("extra file", repack(files | {"extra.txt": b"x"}), None, "extra.txt")
    return Altered("lost file", repack({k: v for k, v in files.items() if k != name}), None, name)


type Alteration = Callable[[bytes, int, random.Random], Altered]

ALTERATIONS: tuple[Alteration, ...] = (
    flip_bit,
    truncate,
    flip_in_file,
    drop_line,
    double_line,
    swap_lines,
    cut_lines,
    swap_withheld,
    edit_line,
    edit_consistently,
    edit_head,
    edit_manifest,
    forge_signature,
    roll_back,
    lose_file,
)
