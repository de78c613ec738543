"""A batch holds the oldest entries that wait, each behind its predecessor and none before it."""

from dataclasses import dataclass, field, replace

from moderation.audit.batch import BATCH_LIMIT, LOOK_LIMIT, Batch, next_batch
from moderation.audit.ports import Pending
from tests.support.audit_fakes import MemoryForum, MemoryTable


@dataclass
class Hiding(MemoryTable):
    """A query that missed some entries, and a count of what was read."""

    hidden: set[str] = field(default_factory=set)
    read: list[int] = field(default_factory=list)

    def waiting(self, limit: int) -> list[Pending]:
        """Return the oldest of those that are not hidden."""
        seen = [entry for entry in super().waiting(10**6) if entry.id not in self.hidden][:limit]
        self.read.append(len(seen))
        return seen


def acted(*counts: int) -> tuple[Hiding, list[list[str]]]:
    """A table in which each of some subjects waits with so many entries; their ids."""
    table = Hiding()
    forum = MemoryForum(table)
    names = forum.names(len(counts))
    return table, [
        [forum.act(name).id for _ in range(count)]
        for name, count in zip(names, counts, strict=True)
    ]


def malform(table: MemoryTable, *entry_ids: str) -> None:
    """Give markers other leaves."""
    for entry_id in entry_ids:
        table.pending[entry_id] = replace(table.pending[entry_id], leaf=bytes(32))


def ids_of(batch: Batch) -> list[str]:
    """What is taken."""
    return [entry.id for entry in batch.entries]


def test_nothing_waits() -> None:
    """Nothing is taken."""
    assert next_batch(Hiding()) == Batch((), ())


def test_a_batch_is_read_once() -> None:
    """Where nothing is held back, whatever waits behind it."""
    table, (chain,) = acted(2 * BATCH_LIMIT)

    assert ids_of(next_batch(table)) == chain[:BATCH_LIMIT]
    assert table.read == [BATCH_LIMIT]


def test_predecessors_that_the_query_missed_go_first() -> None:
    """As far back as they wait, and at the expense of what is younger."""
    table, (chain, other) = acted(5, BATCH_LIMIT)
    table.hidden = set(chain[:3])

    assert ids_of(next_batch(table)) == [*chain, *other][:BATCH_LIMIT]


def test_a_malformed_predecessor_that_the_query_missed_holds_back() -> None:
    """All that comes behind it, and it is named."""
    table, (chain, other) = acted(4, 2)
    table.hidden = {chain[1]}
    malform(table, chain[1])

    assert next_batch(table) == Batch(
        tuple(table.pending[entry_id] for entry_id in (chain[0], *other)), (chain[1],)
    )


def test_a_chain_that_is_held_back_is_read_past() -> None:
    """One marker is malformed, and more come behind it than one look shows."""
    table, (chain, other) = acted(2 * BATCH_LIMIT, 3)
    malform(table, chain[0])

    assert next_batch(table).malformed == (chain[0],)
    assert ids_of(next_batch(table)) == other


def test_reading_past_what_is_held_back_has_an_end() -> None:
    """The limit is met and said, by the time and memory that a look may take."""
    table, (chain, _) = acted(LOOK_LIMIT, 1)
    malform(table, chain[0])

    assert ids_of(next_batch(table)) == []
    assert max(table.read) == LOOK_LIMIT
    assert len(table.read) < 10
