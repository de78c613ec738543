"""A unit of work in memory, as strict as the real one: versions, absence, acts, carried posts.

Commands can be interleaved: `begin` reads and decides, `commit` writes, or says that somebody else
was faster.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from moderation.cases.case import Case, CaseState, Guard
from moderation.change import Act, Change, Command, Context, More, Seen
from moderation.records import Record, Ref
from moderation.stores.duty import AUDITED, owes_entry
from tests.support.community import NOW, ulid

WAITING = frozenset({CaseState.OPEN, CaseState.AWAITING_APPROVAL})
ACTIONS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Begun[A]:
    """A command that has read and decided: its change, and the versions it saw."""

    change: Change[A]
    versions: dict[Ref[Any], int]
    reads: int


@dataclass(slots=True)
class Office:
    """The records, and everything that was done to them.

    `acts` is the audit log in order; `reads` counts the read requests of the last command.
    """

    now: datetime = NOW
    records: dict[Ref[Any], Record] = field(default_factory=dict)
    versions: dict[Ref[Any], int] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    reads: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: count(9001))
    watch: Callable[["Office"], None] = lambda _: None

    def put(self, *records: Record) -> None:
        """Have these records there."""
        for record in records:
            self.records[record.ref] = record
            self.versions[record.ref] = self.versions.get(record.ref, 0) + 1

    def get[R](self, ref: Ref[R]) -> R:
        """The record that must be there."""
        found: Any = self.records[ref]
        return found  # type: ignore[no-any-return]

    def all[R](self, kind: type[R]) -> list[R]:
        """Every record of a type, in the order in which they came."""
        return [record for record in self.records.values() if isinstance(record, kind)]

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def run[A](self, command: Command[A]) -> A:
        """Carry out, again from the start where somebody else was faster."""
        begun = self.begin(command)
        assert self.commit(begun)
        assert self._recalls(command, begun.change)
        return begun.change.answer

    def begin[A](self, command: Command[A]) -> Begun[A]:
        """Read and decide; nothing is written yet."""
        context = Context(now=self.now, new_id=lambda: ulid(next(self.numbers)))
        seen: dict[Ref[Any], Record | None] = {}
        versions: dict[Ref[Any], int] = {}
        reads = 0
        wanted: tuple[Ref[Any], ...] = command.reads()
        while True:
            reads += bool(wanted)
            for ref in wanted:
                self._read(ref, seen, versions)
            decided = command.decide(Seen(dict(seen)), context)
            if isinstance(decided, Change):
                self.reads = reads
                return Begun(decided, versions, reads)
            wanted = tuple(ref for ref in decided.refs if ref not in seen)
            assert wanted, "asks for what it has seen"

    def commit(self, begun: Begun[Any]) -> bool:
        """Write all or nothing; False where what was read is no longer so."""
        change = begun.change
        touched = [record.ref for record in change.puts] + list(change.deletes)
        assert len(touched) == len(set(touched)), "a record is written twice"
        assert set(change.deletes) | set(change.checks) <= begun.versions.keys()
        for ref in (*touched, *change.checks):
            if self.versions.get(ref, 0) != begun.versions.get(ref, 0):
                return False
        self._check_acts(change)
        self.put(*change.puts)
        for ref in change.deletes:
            del self.records[ref]
            self.versions[ref] = 0
        self.acts += change.acts
        self.watch(self)
        return True

    def _read(
        self, ref: Ref[Any], seen: dict[Ref[Any], Record | None], versions: dict[Ref[Any], int]
    ) -> None:
        record = self.records.get(ref)
        seen[ref], versions[ref] = record, self.versions.get(ref, 0)
        if isinstance(record, Case) and record.state in WAITING:
            guard = Guard.at(record.post.id)
            for carried in (record.post.ref, guard):
                if carried not in seen:
                    seen[carried] = self.records[carried]
                    versions[carried] = self.versions[carried]

    def _check_acts(self, change: Change[Any]) -> None:
        """Exactly one act for each audited subject that changes; none on what is not written."""
        subjects = [act.subject for act in change.acts]
        assert len(subjects) == len(set(subjects)), "two acts on one subject"
        puts: dict[Ref[Any], Any] = {record.ref: record for record in change.puts}
        assert all(isinstance(puts[subject], AUDITED) for subject in subjects)
        for ref, record in puts.items():
            before: Any = self.records.get(ref)
            assert ref in subjects or not owes_entry(before, record), f"no act on {ref}"
        assert all(act.reason for act in change.acts), "an act needs a reason code"
        writes = len(puts) + len(change.deletes) + len(change.checks) + 2 * len(subjects)
        assert writes < ACTIONS_LIMIT, f"{writes} actions and the idempotency record"

    def _recalls[A](self, command: Command[A], change: Change[A]) -> bool:
        """A repeated request gets the answer the first one got."""
        if change.reference is None:
            return True
        seen: dict[Ref[Any], Record | None] = {change.reference: self._at(change.reference)}
        answer = command.recall(change.reference, Seen(dict(seen)))
        while isinstance(answer, More):
            seen |= {ref: self._at(ref) for ref in answer.refs}
            answer = command.recall(change.reference, Seen(dict(seen)))
        return bool(answer == change.answer)

    def _at(self, ref: Ref[Any]) -> Record | None:
        return self.records.get(ref)
