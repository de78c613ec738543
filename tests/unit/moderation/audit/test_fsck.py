"""The examination names whatever disagrees, and puts right what follows from the entries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from moderation.audit.entry import Entry, decode, encode, leaf_hash
from moderation.audit.fsck import Examination, Finding
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import Frontier
from moderation.audit.ports import START, Head, Pending, SubjectHead
from tests.support.audit_fakes import ORIGIN, SIGNER, MemoryForum, World


def world_of(acts: int = 300) -> World:
    """A sequenced world."""
    world = World()
    names = world.forum.names(7)
    for number in range(acts):
        world.forum.act(names[number % 7])
    world.sequence()
    return world


@dataclass
class Whole:
    """`WholeTables`: all that the forum holds."""

    forum: MemoryForum

    def subjects(self) -> list[SubjectHead]:
        """All heads."""
        return list(self.forum.subjects.values())

    def entries(self) -> list[tuple[str, int]]:
        """All entries that are there."""
        chains = self.forum.table.chains
        return [(name, at + 1) for name in chains for at, body in enumerate(chains[name]) if body]

    def bodies(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
        """Those that are there."""
        assert len(keys) <= 100
        chains = self.forum.table.chains
        found = {(name, rev): chains[name][rev - 1 : rev] for name, rev in keys if name in chains}
        return {key: body for key, bodies in found.items() for body in bodies if body}

    def restore_entry(self, entry: Entry) -> None:
        """Put it back."""
        self.forum.table.chains[entry.subject][entry.rev - 1] = encode(entry)

    def restore_marker(self, entry: Entry) -> None:
        """Have it wait."""
        body = encode(entry)
        waiting = Pending(entry.id, entry.subject, leaf_hash(body), body)
        self.forum.table.pending[entry.id] = waiting

    def rewrite_marker(self, entry: Entry) -> None:
        """Have it say what the entry says."""
        if entry.id in self.forum.table.pending:
            self.restore_marker(entry)

    def remove_marker(self, waiting: Pending) -> None:
        """Have it wait no longer."""
        del self.forum.table.pending[waiting.id]


@dataclass
class Sequencing(Whole):
    """A sequencer runs between the reads of entries and subjects, and two acts are done."""

    def __init__(self, world: World) -> None:
        super().__init__(world.forum)
        self._world = world

    def subjects(self) -> list[SubjectHead]:
        """The heads after all that."""
        for name in list(self.forum.subjects)[:2]:
            self.forum.act(name)
        self._world.sequence()
        return super().subjects()


def examined(world: World) -> list[Finding]:
    """Look at everything."""
    return list(
        Examination(
            table=world.forum.table,
            entries=world.forum.table,
            objects=world.objects,
            log=LogReader(world.objects, ORIGIN, [SIGNER.key]),
            whole=Whole(world.forum),
        ).run()
    )


def kinds(world: World) -> list[str]:
    """The kinds of what is found."""
    return [finding.kind.value for finding in examined(world)]


def test_a_sound_log_agrees() -> None:
    """Nothing is found, waiting acts included."""
    world = world_of()
    world.forum.act(next(iter(world.forum.subjects)))

    assert kinds(world) == []


def test_a_log_that_is_longer_than_one_look_agrees() -> None:
    """Tiles that were partial where a look ends are held against what was written then."""
    assert kinds(world_of(25_800)) == []


def test_before_the_first_checkpoint() -> None:
    """There is nothing to hold anything against."""
    assert kinds(World()) == ["checkpoint"]


def drop(path: str) -> Callable[[World], None]:
    """Delete an object."""

    def change(world: World) -> None:
        del world.objects.objects[path]

    return change


def alter(path: str, old: bytes, new: bytes) -> Callable[[World], None]:
    """Change an object."""

    def change(world: World) -> None:
        held = world.objects.objects[path]
        world.objects.objects[path] = held.replace(old, new) if old else held[::-1]

    return change


def set_back(world: World) -> None:
    """Put the head back to the beginning."""
    world.forum.table.state = START


def fork(world: World) -> None:
    """Give the head another tree of the same size."""
    state = world.forum.table.state
    world.forum.table.state = Head(
        Frontier().extend([b"x" * 32] * state.size), state.staged, state.fence
    )


def take_back(world: World) -> None:
    """A subject says that its last act never was."""
    name = next(iter(world.forum.subjects))
    world.forum.subjects[name] = replace(world.forum.subjects[name], rev=1)


def misplace(world: World) -> None:
    """An index is missing, another is wrong."""
    first, second, *_ = world.forum.table.index
    del world.forum.table.index[first]
    world.forum.table.index[second] = 77


def forge_checkpoint(world: World) -> None:
    """Somebody else's note stands where the checkpoint was."""
    world.objects.objects["checkpoint"] = b"x\n"


def lose_entry(world: World) -> None:
    """The table has no copy of an entry any more."""
    next(iter(world.forum.table.chains.values()))[3] = b""


def rewrite_entry(world: World) -> None:
    """The table's copy of an entry says something else."""
    chain = next(iter(world.forum.table.chains.values()))
    chain[3] = chain[3].replace(b"illegal", b"unlawfu")


def wait_again(world: World) -> None:
    """An entry that is in the log waits once more."""
    Whole(world.forum).restore_marker(decode(next(iter(world.forum.table.chains.values()))[3]))


def wait_no_more(world: World) -> None:
    """An entry that is not in the log lost its marker."""
    entry = world.forum.act(next(iter(world.forum.subjects)))
    del world.forum.table.pending[entry.id]


def wait_altered(world: World) -> None:
    """The marker of an entry that is not in the log has another leaf, that of another no body."""
    first, second = (world.forum.act(name).id for name in list(world.forum.subjects)[:2])
    pending = world.forum.table.pending
    pending[first] = replace(pending[first], leaf=bytes(32))
    pending[second] = replace(pending[second], subject="post:other", body=b"")


def wait_again_altered(world: World) -> None:
    """An entry that is in the log waits once more, as that of another subject."""
    wait_again(world)
    ((entry_id, waiting),) = world.forum.table.pending.items()
    world.forum.table.pending[entry_id] = replace(waiting, subject="post:other")


def wait_altered_in_a_broken_chain(world: World) -> None:
    """A marker has another leaf, and its subject another head."""
    entry = world.forum.act(next(iter(world.forum.subjects)))
    pending = world.forum.table.pending
    pending[entry.id] = replace(pending[entry.id], leaf=bytes(32))
    head = world.forum.subjects[entry.subject]
    world.forum.subjects[entry.subject] = replace(head, head="00" * 32)


def wait_for_nothing(world: World) -> None:
    """Two markers stand for no entry: one says nothing, one speaks of an act nobody did."""
    other = World()
    entry = other.forum.act("post:01KJM6JM00ZZDEXCD7VMZR8TZY")
    world.forum.table.pending |= other.forum.table.pending
    world.forum.table.pending["x"] = replace(other.forum.table.pending[entry.id], id="x", body=b"x")


def count_less(world: World) -> None:
    """An act was taken back before it was sequenced; its entry is left over."""
    name = next(iter(world.forum.subjects))
    before = world.forum.subjects[name]
    world.forum.act(name)
    world.forum.subjects[name] = before
    world.forum.table.pending.clear()


def lose_subject(world: World) -> None:
    """A subject is gone, with its acts in the log."""
    del world.forum.subjects[next(iter(world.forum.subjects))]


def lose_new_subject(world: World) -> None:
    """A subject is gone before its act was sequenced."""
    entry = world.forum.act("post:01KJM6JM00ZZDEXCD7VMZR8TZY")
    del world.forum.subjects[entry.subject]


def garble_later(world: World) -> None:
    """The table's copy of an entry that waits is no entry."""
    entry = world.forum.act(next(iter(world.forum.subjects)))
    world.forum.table.chains[entry.subject][-1] = b"x"
    world.forum.table.pending.clear()


def lose_later(world: World) -> None:
    """Of two acts that wait, the table has the second one only."""
    name = next(iter(world.forum.subjects))
    world.forum.act(name)
    world.forum.act(name)
    del world.forum.table.chains[name][-2]
    world.forum.table.pending.clear()


EDGE = "tile/entries/001.p/44"


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (drop("tile/0/000"), ["tile"]),
        (drop("tile/0/001.p/44"), ["tile"]),
        (alter("tile/1/000.p/1", b"", b""), ["tile"]),
        (drop("tile/entries/000"), ["entries"]),
        (alter(EDGE, b"illegal", b"unlawfu"), ["chain", "entries", "item", "tile", "subject"]),
        (
            alter(EDGE, b'"via":"api"', b'"via":"apj"'),
            ["entry", "entries", "tile", "marker"],
        ),
        (set_back, ["head"]),
        (fork, ["head"]),
        (take_back, ["stray", "subject"]),
        (misplace, ["place"]),
        (forge_checkpoint, ["checkpoint"]),
        (lose_entry, ["item"]),
        (rewrite_entry, ["item"]),
        (wait_again, ["marker"]),
        (wait_no_more, ["marker"]),
        (wait_altered, ["marker"]),
        (wait_again_altered, ["marker"]),
        (wait_altered_in_a_broken_chain, ["subject", "stray"]),
        (wait_for_nothing, ["stray"]),
        (count_less, ["stray"]),
        (lose_subject, ["subject"]),
        (lose_new_subject, ["stray"]),
        (garble_later, ["subject"]),
        (lose_later, ["subject"]),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_damage_is_named(damage: Callable[[World], None], expected: list[str]) -> None:
    """By what it concerns."""
    world = world_of()
    damage(world)

    assert list(dict.fromkeys(kinds(world))) == expected


@pytest.mark.parametrize(
    "damage",
    [
        drop("tile/0/000"),
        alter("tile/1/000.p/1", b"", b""),
        misplace,
        lose_entry,
        wait_again,
        wait_no_more,
        wait_altered,
        wait_again_altered,
    ],
)
def test_what_can_be_derived_is_put_right(damage: Callable[[World], None]) -> None:
    """Tiles and places follow from the entries."""
    world = world_of()
    damage(world)
    world.forum.table.index = {
        key: index for key, index in world.forum.table.index.items() if index != 77
    }
    for finding in examined(world):
        assert finding.mend is not None
        finding.mend()

    assert kinds(world) == []


def test_a_marker_that_was_altered_costs_no_chain_its_order() -> None:
    """What it holds back goes behind it once it is repaired, and the log can be exported."""
    world = world_of(7)
    name = next(iter(world.forum.subjects))
    first, second = world.forum.act(name), world.forum.act(name)
    pending = world.forum.table.pending
    pending[first.id] = replace(pending[first.id], leaf=bytes(32))
    held = world.sequence()
    for finding in examined(world):
        assert finding.mend is not None
        finding.mend()
    mended = world.sequence()

    assert (held.appended, held.malformed) == (0, (first.id,))
    assert (mended.appended, mended.malformed) == (2, ())
    assert kinds(world) == []
    assert world.forum.table.places([first.id, second.id]) == {first.id: 7, second.id: 8}
    assert world.export()


def test_evidence_is_left_alone() -> None:
    """What differs in the entries themselves cannot be mended from here."""
    for damage in (drop(EDGE), alter(EDGE, b"illegal", b"unlawfu"), rewrite_entry, count_less):
        world = world_of()
        damage(world)

        assert {finding.mend for finding in examined(world)} == {None}


def test_what_moves_on_meanwhile_is_no_finding() -> None:
    """Entries that are sequenced while the subjects are read have lost their markers rightly."""
    world = world_of()
    world.forum.act(next(iter(world.forum.subjects)))
    examination = Examination(
        table=world.forum.table,
        entries=world.forum.table,
        objects=world.objects,
        log=LogReader(world.objects, ORIGIN, [SIGNER.key]),
        whole=Sequencing(world),
    )

    assert list(examination.run()) == []
    assert examination.size == 300
