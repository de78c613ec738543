"""The contents of a bundle, file by file, out of the log and what is pinned."""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from re import Match
from tempfile import SpooledTemporaryFile
from typing import IO

from moderation.audit import spreadsheet
from moderation.audit.anchor import DAY, STAMP, Anchor
from moderation.audit.bundle import BundleWriter, Member, consistency_line, range_proof
from moderation.audit.bundle_source import Source
from moderation.audit.canonical import Json
from moderation.audit.dossier import unbound
from moderation.audit.entry import SHAPE, at_text, leaf_hash, leaf_hashes
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    root_from_inclusion,
    subtrees,
)
from moderation.audit.pin import PinnedHead
from moderation.audit.ports import EntryTable, LogBrokenError, Sink
from moderation.audit.selection import belongs, causes_of_case

SPOOL_BYTES = 1 << 22
COPY_BYTES = 1 << 20
LARGE_ENTRIES = 4_000_000
"""From here on a member may exceed 4 GiB: an entry's line has at most 841 bytes."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry behind the range, where it stands, and what it says."""

    index: int
    body: bytes
    entry: Match[str]


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
        self._revs: dict[str, str] = {}
        self._subjects: set[str] = set()
        self._withheld = 0
        self._ends_withheld: set[str] = set()
        self._times: dict[int, str] = {}
        self.shown = 0
        """How many of the entries that were asked for the bundle shows."""

    def write(self, sink: Sink) -> str:
        """Write the whole bundle; return the text it is sealed by."""
        pin = self._source.pin
        writer = BundleWriter(sink, large=pin.end - pin.begin >= LARGE_ENTRIES)
        writer.put("READ-ME.txt", self._source.readme())
        writer.put("checkpoint", self._source.published.note)
        if self._source.stamp is not None:
            writer.put(f"checkpoint{STAMP}", self._source.stamp)
        with (
            SpooledTemporaryFile(SPOOL_BYTES) as leaves,
            SpooledTemporaryFile(SPOOL_BYTES) as table,
        ):
            with writer.member("entries.jsonl") as lines:
                self._write_entries(lines, leaves, table)
            later = list(self._later(table))
            _copy(writer, "proofs/leaves", leaves)
            _copy(writer, "entries.csv", table)
        writer.put("proofs/range", range_proof(pin.begin, pin.end, self._size, self._node))
        anchors = self._anchors()
        if proofs := b"".join(self._consistency(anchors)):
            writer.put("proofs/consistency", proofs)
        writer.put("heads.jsonl", b"".join(head.line() for head in self._heads()))
        writer.put("later.jsonl", b"".join(later))
        for name, data in self._source.personal.items():
            is_bound = name != "documents.jsonl"
            writer.put(name, data if is_bound else unbound(data, self._ends_withheld))
        self._put_anchors(writer, anchors)
        return writer.finish(self._source.manifest(self._counts(len(later))), self._seal)

    def _write_entries(self, lines: Member, leaves: IO[bytes], table: IO[bytes]) -> None:
        """Write lines, leaf hashes and table rows in one pass, and hold them against the root."""
        pin = self._source.pin
        frontier = Frontier().join(
            (level, self._node(level, at)) for level, at in subtrees(0, pin.begin)
        )
        table.write(spreadsheet.HEADER)
        for run in self._log.bodies(pin.begin, pin.end, self._size):
            hashes = leaf_hashes(run)
            shown = self._read(run)
            self._times = self._times or {pin.begin: at_text(run[0])}
            rows = spreadsheet.rows(shown, frontier.size)
            table.write("".join(rows).encode())
            leaves.write(b"".join(hashes))
            lines.write(b"\n".join([*map(_line, run, hashes, shown), b""]))
            frontier = frontier.extend(hashes)
            self._progress(100 * (frontier.size - pin.begin) // (pin.end - pin.begin))
        tree = frontier.join(
            (level, self._node(level, at)) for level, at in subtrees(pin.end, self._size)
        )
        if tree.size != self._size or tree.root() != self._root:
            raise LogBrokenError("the entries do not hash to the checkpoint")

    def _read(self, run: list[bytes]) -> Sequence[Match[str] | None]:
        """Return what each entry says, None where it is withheld."""
        entries = [SHAPE.fullmatch(body.decode()) for body in run]
        known = [entry for entry in entries if entry is not None]
        if len(known) != len(run):
            raise LogBrokenError("the log holds something that is no entry")
        self._revs.update([(entry["subject"], entry["rev"]) for entry in known])
        shows = self._source.selection.shows
        if not self._source.selection.is_everything:
            entries = [entry if shows(entry) else None for entry in known]
        withheld = entries.count(None)
        self.shown += len(run) - withheld
        self._withheld += withheld
        return entries

    def _later(self, table: IO[bytes]) -> Iterator[bytes]:
        """Yield the lines that lead from the last act in range to each subject's head.

        Where whole chains are asked for, that is all the bundle holds, and the table has them too.
        """
        links = sorted(self._links(), key=lambda link: link.index)
        causes = None
        if self._source.case is not None:
            causes = causes_of_case(link.body for link in links)
        selection = self._source.selection
        shown = {
            link.index
            for link in links
            if selection.shows(link.entry) and belongs(link.entry, causes)
        }
        ends = {link.entry["subject"]: link.index for link in links}
        self._ends_withheld = {subject for subject, end in ends.items() if end not in shown}
        if self._source.is_of_chains:
            # A chain of which nothing is shown proves nothing.
            self._subjects = {link.entry["subject"] for link in links if link.index in shown}
            links = [link for link in links if link.entry["subject"] in self._subjects]
        for link in links:
            proof = inclusion_proof(link.index, self._size, self._node)
            leaf = leaf_hash(link.body)
            if root_from_inclusion(leaf, link.index, self._size, proof) != self._root:
                raise LogBrokenError("a later entry is not the one in the log")
            is_shown = link.index in shown
            if is_shown and self._source.is_of_chains:
                self.shown += 1
                self._times[link.index] = link.entry["at"]
                table.write(spreadsheet.row(link.index, link.entry).encode())
            self._withheld += not is_shown
            text = _line(link.body, leaf, link.entry if is_shown else None)
            hashes = ",".join(f'"{base64.b64encode(node).decode()}"' for node in proof)
            yield b'{"entry":%b,"index":%d,"proof":[%b]}\n' % (text, link.index, hashes.encode())

    def _links(self) -> Iterator[Link]:
        for head in self._source.pin.heads:
            if head.later is None:
                continue
            first = int(self._revs.get(head.subject, 0)) + 1
            bodies = self._entries.chain(head.subject, first, head.rev)
            entries = [
                _opened(body, "a subject's chain holds something that is no entry")
                for body in bodies
            ]
            places = self._entries.places([entry["id"] for entry in entries])
            for body, entry in zip(bodies, entries, strict=True):
                yield Link(places[entry["id"]], body, entry)

    def _anchors(self) -> list[Anchor]:
        """The anchors that entries of the bundle stand below, for each entry the first one."""
        anchors, pin = self._source.anchors, self._source.pin
        if anchors is None or not self._times:
            return []
        if pin.begin < pin.end:
            return list(anchors.of_range(_day_before(self._times[pin.begin]), pin.begin, pin.end))
        days = ((index, _day_before(at)) for index, at in self._times.items())
        return list(anchors.of_entries(days))

    def _put_anchors(self, writer: BundleWriter, anchors: list[Anchor]) -> None:
        """Write the anchors, each followed by its time stamp where it bears one."""
        held = self._source.anchors
        for anchor in anchors:
            writer.put(f"anchors/{anchor.name}", anchor.note)
            if held is not None and (stamp := held.stamp(anchor)) is not None:
                writer.put(f"anchors/{anchor.name}{STAMP}", stamp)

    def _consistency(self, anchors: list[Anchor]) -> Iterator[bytes]:
        """Yield the proofs for anchors that the entries of the range don't lead to themselves."""
        pin = self._source.pin
        for anchor in anchors:
            if not pin.begin < anchor.size <= pin.end:
                proof = consistency_proof(anchor.size, self._size, self._node)
                yield consistency_line(anchor.name, proof)

    def _heads(self) -> tuple[PinnedHead, ...]:
        """The heads of the subjects of which something is shown."""
        heads = self._source.pin.heads
        if not self._source.is_of_chains:
            return heads
        return tuple(head for head in heads if head.subject in self._subjects)

    def _counts(self, later: int) -> dict[str, Json]:
        return {
            "entries": self._source.pin.end - self._source.pin.begin,
            "heads": len(self._heads()),
            "later": later,
            "withheld": self._withheld,
        }


def _copy(writer: BundleWriter, name: str, spool: IO[bytes]) -> None:
    spool.seek(0)
    with writer.member(name) as member:
        while chunk := spool.read(COPY_BYTES):
            member.write(chunk)


def _day_before(at: str) -> date:
    """Return the first day whose anchor may be above an entry: clocks may differ by a day."""
    return date.fromisoformat(at[:10]) - DAY


def _opened(body: bytes, complaint: str) -> Match[str]:
    found = SHAPE.fullmatch(body.decode())
    if found is None:
        raise LogBrokenError(complaint)
    return found


def _line(body: bytes, leaf: bytes, entry: Match[str] | None) -> bytes:
    """Return an entry's line, or its leaf where it is withheld."""
    return body if entry is not None else b'{"leaf":"%b"}' % leaf.hex().encode()
