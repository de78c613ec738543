"""The contents of a bundle, file by file, out of the log and what is pinned."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from moderation.audit import spreadsheet
from moderation.audit.bundle import BundleWriter, Member, range_proof
from moderation.audit.canonical import Json
from moderation.audit.entry import BODY, leaf_hash
from moderation.audit.keys import VerificationKey
from moderation.audit.log_reader import LogReader, Published
from moderation.audit.merkle import Frontier, inclusion_proof, root_from_inclusion, subtrees
from moderation.audit.pin import Pin
from moderation.audit.ports import EntryTable, LogBrokenError, Sink
from moderation.audit.readme import readme

SPOOL_BYTES = 1 << 22
COPY_BYTES = 1 << 20
LARGE_ENTRIES = 4_000_000
"""From here on a member may exceed 4 GiB: an entry's line has at most 841 bytes."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a bundle is built from; the same source gives the same bytes.

    `start`, `end` and `requested_at` are as entries write times.
    """

    export_id: str
    origin: str
    start: str
    end: str
    requested_at: str
    pin: Pin
    published: Published
    key: VerificationKey
    anchors: tuple[tuple[str, bytes], ...]


class BundleBuilder:
    """Writes one bundle. What does not hash to the checkpoint raises LogBrokenError.

    The owner of the sink discards then what was written.
    """

    def __init__(
        self,
        source: Source,
        log: LogReader,
        entries: EntryTable,
        seal: Callable[[str], bytes],
        progress: Callable[[int], None],
    ) -> None:
        self._source = source
        self._log = log
        self._entries = entries
        self._seal = seal
        self._progress = progress
        self._size = source.published.checkpoint.size
        self._root = source.published.checkpoint.root
        self._node = log.nodes(self._size)
        self._revs: dict[str, int] = {}

    def write(self, sink: Sink) -> str:
        """Write the whole bundle; return the text it is sealed by."""
        pin = self._source.pin
        writer = BundleWriter(sink, large=pin.end - pin.begin >= LARGE_ENTRIES)
        writer.put("READ-ME.txt", self._readme())
        writer.put("checkpoint", self._source.published.note)
        with (
            SpooledTemporaryFile(SPOOL_BYTES) as leaves,
            SpooledTemporaryFile(SPOOL_BYTES) as table,
        ):
            with writer.member("entries.jsonl") as lines:
                self._write_entries(lines, leaves, table)
            _copy(writer, "proofs/leaves", leaves)
            _copy(writer, "entries.csv", table)
        writer.put("proofs/range", range_proof(pin.begin, pin.end, self._size, self._node))
        writer.put("heads.jsonl", b"".join(head.line() for head in pin.heads))
        later = list(self._later())
        writer.put("later.jsonl", b"".join(later))
        for name, note in self._source.anchors:
            writer.put(f"anchors/{name}", note)
        return writer.finish(self._manifest(len(later)), self._seal)

    def _write_entries(self, lines: Member, leaves: IO[bytes], table: IO[bytes]) -> None:
        """Write lines, leaf hashes and table rows in one pass, and hold them against the root."""
        pin = self._source.pin
        frontier = Frontier().join(
            (level, self._node(level, at)) for level, at in subtrees(0, pin.begin)
        )
        table.write(spreadsheet.HEADER)
        for run in self._log.bodies(pin.begin, pin.end, self._size):
            hashes = [leaf_hash(body) for body in run]
            table.write("".join(self._rows(frontier.size, run)).encode())
            leaves.write(b"".join(hashes))
            lines.write(b"\n".join(run) + b"\n")
            frontier = frontier.extend(hashes)
            self._progress(100 * (frontier.size - pin.begin) // (pin.end - pin.begin))
        whole = frontier.join(
            (level, self._node(level, at)) for level, at in subtrees(pin.end, self._size)
        )
        if whole.size != self._size or whole.root() != self._root:
            raise LogBrokenError("the entries do not hash to the checkpoint")

    def _rows(self, first: int, run: list[bytes]) -> Iterator[str]:
        for index, body in enumerate(run, first):
            found = BODY.fullmatch(body.decode())
            if found is None:
                raise LogBrokenError("the log holds something that is no entry")
            self._revs[found["subject"]] = int(found["rev"])
            yield spreadsheet.row(index, found)

    def _later(self) -> Iterator[bytes]:
        """Yield the lines that lead from the last act in range to each subject's head."""
        links: list[tuple[int, bytes]] = []
        for head in self._source.pin.heads:
            if head.later is not None:
                bodies = self._entries.chain(head.subject, self._revs[head.subject] + 1, head.rev)
                ids = [_id_of(body) for body in bodies]
                places = self._entries.places(ids)
                links += [(places[id_], body) for id_, body in zip(ids, bodies, strict=True)]
        for index, body in sorted(links):
            proof = inclusion_proof(index, self._size, self._node)
            if root_from_inclusion(leaf_hash(body), index, self._size, proof) != self._root:
                raise LogBrokenError("a later entry is not the one in the log")
            hashes = ",".join(f'"{base64.b64encode(node).decode()}"' for node in proof)
            yield b'{"entry":%b,"index":%d,"proof":[%b]}\n' % (body, index, hashes.encode())

    def _readme(self) -> bytes:
        source = self._source
        return readme(
            origin=source.origin,
            start=source.start,
            end=source.end,
            begin=source.pin.begin,
            finish=source.pin.end,
            size=self._size,
            key=str(source.key),
            key_id=source.key.key_id.hex(),
        )

    def _manifest(self, later: int) -> dict[str, Json]:
        source, pin = self._source, self._source.pin
        return {
            "counts": {"entries": pin.end - pin.begin, "heads": len(pin.heads), "later": later},
            "export": source.export_id,
            "from": source.start,
            "origin": source.origin,
            "range": [pin.begin, pin.end],
            "requested_at": source.requested_at,
            "size": self._size,
            "to": source.end,
        }


def _copy(writer: BundleWriter, name: str, spool: IO[bytes]) -> None:
    spool.seek(0)
    with writer.member(name) as member:
        while chunk := spool.read(COPY_BYTES):
            member.write(chunk)


def _id_of(body: bytes) -> str:
    found = BODY.fullmatch(body.decode())
    if found is None:
        raise LogBrokenError("a subject's chain holds something that is no entry")
    return found["id"]
