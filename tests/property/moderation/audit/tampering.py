"""Random alterations of a bundle, each with the place at which a verifier must find it."""

import json
import random

from moderation.audit.note import sign_note
from tests.property.moderation.audit.altered import (
    Alteration,
    Altered,
    canonical,
    index_of,
    kinds_of,
    one_file,
    repack,
)
from tests.property.moderation.audit.line_edits import (
    cut_lines,
    double_line,
    drop_line,
    edit_line,
    leaf_of,
    redate_line,
    swap_lines,
    swap_withheld,
)
from tests.property.moderation.audit.specimen import Specimen, reseal
from tests.support.audit_fakes import ORIGIN, SIGNER


def flip_bit(honest: Specimen, chance: random.Random) -> Altered:
    """Flip one bit anywhere in the zip."""
    at = chance.randrange(len(honest.data))
    data = bytearray(honest.data)
    data[at] ^= 1 << chance.randrange(8)
    for first, end, name in honest.members:
        if first <= at < end:
            index = index_of(honest, name, at - first)
            return Altered("bit", bytes(data), kinds_of(name), index, name)
    return Altered("bit", bytes(data), kinds_of(""))


def flip_in_frame(honest: Specimen, chance: random.Random) -> Altered:
    """Flip one bit in what the zip adds to the files: headers, descriptors, directory."""
    frame: list[int] = []
    position = 0
    for first, end, _ in honest.members:
        frame += range(position, first)
        position = end
    frame += range(position, len(honest.data))
    at = chance.choice(frame)
    data = bytearray(honest.data)
    data[at] ^= 1 << chance.randrange(8)
    return Altered("frame", bytes(data), kinds_of(""))


def truncate(honest: Specimen, chance: random.Random) -> Altered:
    """Cut the zip off."""
    return Altered("truncation", honest.data[: chance.randrange(len(honest.data))], kinds_of(""))


def flip_in_file(honest: Specimen, chance: random.Random) -> Altered:
    """Flip one bit in one file and pack again with a fitting manifest."""
    name = chance.choice([name for name, data in honest.files.items() if data])
    data = bytearray(honest.files[name])
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    return one_file("bit in a file", honest, name, bytes(data), index_of(honest, name, at))


def edit_consistently(honest: Specimen, chance: random.Random) -> Altered:
    """Change an entry and the list of leaves with it.

    Nothing signed says then which entry it is. The subject's next act shows it, or the next anchor,
    whichever comes first, or the root.
    """
    at = chance.choice(honest.shown)
    line, lines = honest.lines[at], list(honest.lines)
    lines[at] = line.replace(b'"reason":"illegal"', b'"reason":"spam"')
    leaves = bytearray(honest.files["proofs/leaves"])
    leaves[32 * at : 32 * at + 32] = leaf_of(lines[at])
    changed = {"entries.jsonl": b"".join(lines), "proofs/leaves": bytes(leaves)}
    pointer = b'"prev":"%b"' % leaf_of(line).hex().encode()
    shown = (honest.begin + each for each in honest.shown if pointer in honest.lines[each])
    successor = next(shown, None)
    mark = min((size for size in honest.anchors.values() if size > honest.begin + at), default=None)
    kind, index = ("root", None) if mark is None else ("anchor", mark)
    if successor is not None and (mark is None or successor < mark):
        kind, index = "chain", successor
    packed = repack(honest.files | changed, honest)
    return Altered("edit both", packed, frozenset({kind}), index, "entries.jsonl")


def edit_head(honest: Specimen, chance: random.Random) -> Altered:
    """Change, drop or double a subject's head."""
    lines = honest.files["heads.jsonl"].splitlines(keepends=True)
    at = chance.randrange(len(lines))
    head = json.loads(lines[at])
    head["rev"] += chance.choice([-1, 1])
    variants = [
        [*lines[:at], canonical(head), *lines[at + 1 :]],
        [*lines[:at], *lines[at + 1 :]],
        [*lines[:at], lines[at], *lines[at:]],
    ]
    return one_file("head", honest, "heads.jsonl", b"".join(chance.choice(variants)))


def edit_manifest(honest: Specimen, chance: random.Random) -> Altered:
    """Change a number or a digest in the manifest."""
    manifest = json.loads(honest.files["manifest.json"])
    key = chance.choice(["size", "range", "counts", "export", "from", "to", "sha256"])
    manifest[key] = chance.choice([7, "x", None, {}, [], {"a": "b"}])
    return one_file("manifest", honest, "manifest.json", canonical(manifest))


def forge_signature(honest: Specimen, chance: random.Random) -> Altered:
    """Change a character of a signature: of the checkpoint, the seal, an anchor, a witness."""
    names = ["checkpoint", "seal", *(n for n in honest.files if n.startswith("anchors/"))]
    name = chance.choice(names)
    text = bytearray(honest.files[name])
    at = len(text) - 2 - chance.randrange(80)
    text[at] = ord("A") if text[at] != ord("A") else ord("B")
    return one_file("signature", honest, name, bytes(text))


def claim_smaller(honest: Specimen, chance: random.Random) -> Altered:
    """Claim a smaller tree under the signature of the larger."""
    lines = honest.files["checkpoint"].split(b"\n")
    lines[1] = b"%d" % (int(lines[1]) - chance.randrange(1, 5))
    return one_file("smaller tree", honest, "checkpoint", b"\n".join(lines))


def roll_back(honest: Specimen, chance: random.Random) -> Altered:
    """Give out an older checkpoint, which the log did sign once.

    Alone, it does not fit; as a whole bundle sealed by the log itself, the anchors show it.
    """
    assert honest.older is not None
    older = honest.older.files
    if chance.random() < 0.5:
        files = honest.files | {"checkpoint": older["checkpoint"]}
        return Altered("rollback", repack(files, honest), frozenset({"range"}), None, "checkpoint")
    size = int(older["checkpoint"].split(b"\n")[1])
    later = chance.choice([name for name, at in honest.anchors.items() if at > size])
    return Altered(
        "sealed rollback", reseal(older | {later: honest.files[later]}),
        frozenset({"anchor"}), None, later,
    )  # fmt: skip


def lose_file(honest: Specimen, chance: random.Random) -> Altered:
    """Leave out a file."""
    name = chance.choice([n for n in honest.files if n != "manifest.json"])
    files = {key: data for key, data in honest.files.items() if key != name}
    # Of an anchor nothing signed says that it was there but the sealed manifest.
    kinds, told = frozenset({"file", "seal"}), name
    if name.startswith("anchors/"):
        kinds, told = frozenset({"seal"}), "manifest.json"
    if name == "later.jsonl":
        kinds = frozenset({"heads"})
    return Altered("lost file", repack(files, honest), kinds, None, told)


def add_file(honest: Specimen, chance: random.Random) -> Altered:
    """Add a file."""
    name = chance.choice(["extra.txt", "proofs/more", "anchors/x y"])
    packed = repack(honest.files | {name: b"x"}, honest)
    return Altered("extra file", packed, frozenset({"file", "note"}), None, name)


def alter_receipt(honest: Specimen, chance: random.Random) -> Altered:
    """Flip a bit of a receipt that is held."""
    number = chance.randrange(len(honest.receipts))
    text = bytearray(honest.receipts[number])
    text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
    receipts = (*honest.receipts[:number], bytes(text), *honest.receipts[number + 1 :])
    kinds = frozenset({"note", "signature"})
    return Altered("receipt", honest.data, kinds, None, f"receipt-{number}", receipts)


def break_promise(honest: Specimen, chance: random.Random) -> Altered:
    """Hold a receipt for an entry that the log never took."""
    text = honest.receipts[0].decode().partition("\n\n")[0].split("\n")
    text[3] = chance.randbytes(32).hex()
    assert text[0] == ORIGIN
    receipt = sign_note("\n".join(text) + "\n", SIGNER).encode()
    receipts = (*honest.receipts, receipt)
    file = f"receipt-{len(honest.receipts)}"
    return Altered("broken promise", honest.data, frozenset({"receipt"}), None, file, receipts)


ALTERATIONS: tuple[Alteration, ...] = (
    flip_bit,
    flip_in_frame,
    truncate,
    flip_in_file,
    drop_line,
    double_line,
    swap_lines,
    cut_lines,
    swap_withheld,
    edit_line,
    redate_line,
    edit_consistently,
    edit_head,
    edit_manifest,
    forge_signature,
    claim_smaller,
    roll_back,
    lose_file,
    add_file,
    alter_receipt,
    break_promise,
)
