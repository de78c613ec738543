"""What the audit log's parts cost, beside the floors they cannot fall below; for the bench, too.

Rates are entries a second of CPU time on one core, the best of a few rounds that alternate with
their floor, so that a busy machine disturbs both alike.
"""

import gc
import hashlib
import json
import random
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from moderation.audit import verify
from moderation.audit.actions import Action
from moderation.audit.bundle import BundleWriter, range_proof
from moderation.audit.canonical import Json
from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.audit.entry import NOTHING, Entry, Via, encode, leaf_hash
from moderation.audit.merkle import Frontier, inclusion_proof, root_from_inclusion
from moderation.audit.note import sign_note
from moderation.audit.pin import PinnedHead
from moderation.ids import encode as ulid
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, World

KEY = verify.parse_key(str(SIGNER.key))


@dataclass(frozen=True)
class Rates:
    """Entries a second: of the thing measured, and of its floor in the same rounds."""

    rate: float
    floor: float

    @property
    def ratio(self) -> float:
        """How many times the floor's rate was reached."""
        return self.rate / self.floor


def seconds(work: Callable[[], object]) -> float:
    """CPU time of one call, with the collector's debts paid before."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def acted(acts: int, subjects: int) -> World:
    """A world in which so many acts wait."""
    world = World()
    chance = random.Random(8)  # noqa: S311
    names = world.forum.names(subjects)
    for _ in range(acts):
        world.forum.act(chance.choice(names), payload="c" * 64)
    return world


def json_floor(path: Path) -> int:
    """json.loads and a streaming Merkle root over a bundle's lines: no check at all."""
    stack: list[bytes] = []
    size = 0
    with zipfile.ZipFile(path) as archive, archive.open("entries.jsonl") as lines:
        for line in lines:
            json.loads(line)
            node, carry = hashlib.sha256(b"\x00" + line[:-1]).digest(), size
            while carry & 1:
                node = hashlib.sha256(b"\x01" + stack.pop() + node).digest()
                carry >>= 1
            stack.append(node)
            size += 1
    return size


def verifying(folder: Path, entries: int = 60_000, rounds: int = 6) -> Rates:
    """The verifier with all its checks against the JSON floor."""
    world = acted(entries, entries // 20)
    world.sequence()
    path = folder / "bundle.zip"
    path.write_bytes(world.export())
    del world
    times = [
        (seconds(lambda: verify.check(path, KEY, [], 0)), seconds(lambda: json_floor(path)))
        for _ in range(rounds)
    ]
    return Rates(entries / min(each[0] for each in times), entries / min(each[1] for each in times))


def sequencing(entries: int = 20_000) -> float:
    """Entries a second through the sequencer on stores in memory, tiles and bundles included."""
    world = acted(entries, entries // 20)
    return entries / seconds(lambda: world.sequencer().run(timedelta(hours=1)))


def exporting(entries: int = 60_000) -> float:
    """Entries a second into a bundle on stores in memory, pinning included."""
    world = acted(entries, entries // 20)
    world.sequence()
    order = world.order()
    gc.freeze()
    rate = entries / seconds(lambda: world.exporter().build(order))
    gc.unfreeze()
    return rate


def exporting_bytes(entries: int = 60_000, subjects: int = 600) -> tuple[int, int]:
    """The exporter's own peak of memory, and the size of the bundle it wrote meanwhile."""
    world = acted(entries, subjects)
    world.sequence()
    counting = Counting()
    world.bundles = counting  # type: ignore[assignment]
    order = world.order()
    gc.collect()
    tracemalloc.start()
    world.exporter().build(order)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak, counting.written


class Counting:
    """A `BundleStore` that counts bytes and keeps none."""

    def __init__(self) -> None:
        self.written = 0

    @contextmanager
    def writer(self, _path: str) -> Iterator["Counting"]:
        """Count what is written."""
        yield self

    def write(self, data: bytes, /) -> int:
        """Count."""
        self.written += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept."""


def proving(size: int = 1_000_000, rounds: int = 2_000) -> tuple[int, float]:
    """Hashes of an inclusion proof in a tree of `size`, and microseconds to check one."""
    node = leaf_hash(b"")
    proof = inclusion_proof(size // 3, size, lambda _level, _index: node)
    checks = seconds(
        lambda: [root_from_inclusion(node, size // 3, size, proof) for _ in range(rounds)]
    )
    return len(proof), checks / rounds * 1e6


def write_subjects(folder: Path, subjects: int) -> Path:
    """Write a bundle of so many subjects with one act each, without holding it in memory."""
    lines, leaves, path = folder / "lines", folder / "leaves", folder / "subjects.zip"
    frontier = Frontier()
    with lines.open("wb") as line_file, leaves.open("wb") as leaf_file:
        for number in range(subjects):
            body = _line(number)
            leaf = leaf_hash(body)
            frontier = frontier.extend([leaf])
            line_file.write(body + b"\n")
            leaf_file.write(leaf)
    checkpoint = Checkpoint(ORIGIN, subjects, frontier.root())
    with path.open("wb") as out, leaves.open("rb") as hashes:
        writer = BundleWriter(_Stream(out), large=False)
        writer.put("READ-ME.txt", b"")
        writer.put("checkpoint", sign_checkpoint(checkpoint, SIGNER))
        _copy(writer, "entries.jsonl", lines)
        _copy(writer, "proofs/leaves", leaves)
        writer.put("entries.csv", b"")
        writer.put("proofs/range", range_proof(0, subjects, subjects, lambda _level, _index: b""))
        with writer.member("heads.jsonl") as member:
            for number in range(subjects):
                head = PinnedHead(_subject(number), 1, hashes.read(32).hex(), None)
                member.write(head.line())
        writer.put("later.jsonl", b"")
        manifest: dict[str, Json] = {
            "counts": {"entries": subjects, "heads": subjects, "later": 0, "withheld": 0},
            "origin": ORIGIN,
            "profile": "full",
            "range": [0, subjects],
            "selection": {},
            "size": subjects,
        }
        writer.finish(manifest, lambda text: sign_note(text, SIGNER).encode())
    return path


def memory_bytes(path: Path) -> int:
    """Peak resident size of a process that verifies a bundle, and finds that it holds."""
    program = (
        "import runpy, sys\n"
        "sys.argv = ['verify', *sys.argv[2:]]\n"
        "try:\n"
        f"    runpy.run_path({verify.__file__!r}, run_name='__main__')\n"
        "except SystemExit as end:\n"
        "    assert end.code == 0\n"
        "peak = next(each for each in open('/proc/self/status') if each.startswith('VmHWM'))\n"
        "print(peak.split()[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, "-", str(path), "--key", str(SIGNER.key)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1]) * 1024


class _Stream:
    """A file that has no position, as an upload has none."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write
        self.flush = file.flush


def _copy(writer: BundleWriter, name: str, path: Path) -> None:
    with writer.member(name) as member, path.open("rb") as file:
        while chunk := file.read(1 << 20):
            member.write(chunk)


def _subject(number: int) -> str:
    return f"post:{ulid((1 << 100) + number)}"


def _line(number: int) -> bytes:
    return encode(
        Entry(
            id=ulid((1 << 100) + number),
            at=BEGIN,
            origin=ORIGIN,
            actor="0" * 32,
            via=Via.API,
            action=Action.POST_HOLD,
            subject=_subject(number),
            rev=1,
            content=1,
            prev=NOTHING,
            prev_id=None,
            part=(1, 1),
            reason="illegal",
            rule=None,
            before=NOTHING,
            after="a" * 64,
            payload=None,
            cause=ulid((1 << 100) + number),
        )
    )
