"""How fast the audit log is sequenced, exported and verified, beside what cannot be saved."""

import hashlib
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from moderation.audit import verify
from moderation.audit.merkle import Frontier, inclusion_proof
from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure
from tests.perf.bench.timing import medians
from tests.perf.moderation.audit.figures import (
    acted,
    exporting,
    exporting_bytes,
    memory_bytes,
    sequencing,
    verifying,
    write_subjects,
)
from tests.support.audit_fakes import ORIGIN

WAITING = 1_960
"""What waits in one run of the sequencer: twenty full batches."""

MIB = 1 << 20
HASH = 32
PROOFS = 1_000


def figures(effort: Effort) -> Iterator[Figure]:
    """Every rate of the audit log."""
    with tempfile.TemporaryDirectory() as name:
        yield weight("audit.verify.memory", Path(name), effort.subjects)
        yield weight("audit.verify.memory_most", Path(name), effort.most_subjects)
        yield export_weight(effort.entries)
        merkle = 0.0
        for floor in floors(effort):
            merkle = floor.value
            yield floor
        yield from writing(effort, merkle)
        yield from reading(Path(name), effort)
    yield from proofs(effort)


def floors(effort: Effort) -> Iterator[Figure]:
    """What hashing and parsing alone take, over the lines of a log; the tree comes last."""
    waiting = acted(effort.entries // 6, effort.entries // 120).forum.table.pending
    lines = [entry.body for entry in waiting.values()]
    hashes = [entry.leaf for entry in waiting.values()]
    times = medians(
        effort.rounds,
        lambda: [hashlib.sha256(line).digest() for line in lines],
        lambda: [(hashlib.sha256(line).digest(), json.loads(line)) for line in lines],
        lambda: Frontier().extend(hashes),
    )
    named = (
        ("audit.floor.sha256", "raw SHA-256 of each entry"),
        ("audit.floor.sha256_json", "SHA-256 and json.loads of each entry"),
        ("audit.floor.merkle", "streaming Merkle tree over leaf hashes"),
    )
    for (figure_id, what), seconds in zip(named, times, strict=True):
        yield Figure(
            id=figure_id,
            name=f"floor: {what}",
            value=len(lines) / seconds,
            unit="entries/s",
            anchor=None,
            target=None,
            better="higher",
        )


def writing(effort: Effort, merkle: float) -> Iterator[Figure]:
    """The sequencer and the exporter on stores in memory."""
    waiting = min(WAITING, effort.entries)
    yield Figure(
        id="audit.sequence.rate",
        name="sequencer, tiles and bundles included",
        value=median(sequencing(waiting) for _ in range(effort.rounds)),
        unit="entries/s",
        anchor=merkle,
        target=40_000,
        better="higher",
    )
    yield Figure(
        id="audit.export.rate",
        name="export, pinning included",
        value=median(exporting(effort.entries // 2) for _ in range(effort.rounds)),
        unit="entries/s",
        anchor=merkle,
        target=100_000,
        better="higher",
    )


def reading(folder: Path, effort: Effort) -> Iterator[Figure]:
    """The verifier with all its checks, beside json.loads and a Merkle tree over the same lines."""
    rates = verifying(folder, effort.entries, effort.rounds)
    yield Figure(
        id="audit.verify.rate",
        name="verifier, all checks",
        value=rates.rate,
        unit="entries/s",
        anchor=rates.floor,
        target=None,
        better="higher",
    )
    yield Figure(
        id="audit.verify.ratio",
        name="verifier beside json.loads and a streaming Merkle tree",
        value=rates.ratio,
        unit="times",
        anchor=1,
        target=1.2,
        better="higher",
    )


def weight(figure_id: str, folder: Path, subjects: int) -> Figure:
    """The verifier's memory at a log of many subjects, each with one entry."""
    most = 64 * MIB + 120 * subjects
    return Figure(
        id=figure_id,
        name=f"verifier, peak memory at {subjects:,} subjects",
        value=memory_bytes(write_subjects(folder, subjects)) / MIB,
        unit="MiB",
        anchor=120 * subjects / MIB,
        target=most / MIB,
    )


def export_weight(entries: int) -> Figure:
    """The exporter's own memory while a bundle passes through it."""
    peak, written = exporting_bytes(entries, max(1, entries // 100))
    return Figure(
        id="audit.export.memory",
        name="exporter, peak of what it allocates",
        value=peak / MIB,
        unit="MiB",
        anchor=written / MIB,
        target=16,
    )


def proofs(effort: Effort) -> Iterator[Figure]:
    """Inclusion proofs in a tree of a million leaves, checked as the verifier checks them."""
    size = effort.leaves
    levels = tree(size)

    def node(level: int, index: int) -> bytes:
        return levels[level][HASH * index : HASH * (index + 1)]

    chance = random.Random(3)  # noqa: S311
    made = [(at, inclusion_proof(at, size, node)) for at in chance.sample(range(size), PROOFS)]
    root = Frontier().extend(node(0, at) for at in range(size)).root()
    known = verify.Tree(ORIGIN, size, root)
    assert all(verify.included(node(0, at), at, known, proof) for at, proof in made)
    longest = max(len(proof) for _, proof in made)
    seconds, hashing = medians(
        effort.rounds,
        lambda: [verify.included(node(0, at), at, known, proof) for at, proof in made],
        lambda: [hashlib.sha256(b"\x01" + root + each).digest() for _, p in made for each in p],
    )
    yield Figure(
        id="audit.proof.hashes",
        name=f"inclusion proof at {size:,} entries, the longest of {PROOFS:,}",
        value=longest,
        unit="hashes",
        anchor=(size - 1).bit_length(),
        target=20,
        deterministic=True,
    )
    yield Figure(
        id="audit.proof.check",
        name="check of one such proof",
        value=seconds / PROOFS * 1e6,
        unit="µs",
        anchor=hashing / PROOFS * 1e6,
        target=25,
    )


def tree(size: int) -> list[bytes]:
    """The hashes of every perfect subtree, level by level, each level end to end."""
    level = b"".join(hashlib.sha256(b"%d" % index).digest() for index in range(size))
    levels = [level]
    while len(level) > HASH:
        pairs = range(0, len(level) - 2 * HASH + 1, 2 * HASH)
        level = b"".join(hashlib.sha256(b"\x01" + level[at : at + 64]).digest() for at in pairs)
        levels.append(level)
    return levels
