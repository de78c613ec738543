"""The examination names whatever disagrees, and puts right what follows from the entries."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from moderation.audit.fsck import Examination, Finding
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import Frontier
from moderation.audit.ports import START, Head
from tests.support.audit_fakes import ORIGIN, SIGNER, World


def world_of(acts: int = 300) -> World:
    """A sequenced world."""
    world = World()
    names = world.forum.names(7)
    for number in range(acts):
        world.forum.act(names[number % 7])
    world.sequence()
    return world


def examined(world: World) -> list[Finding]:
    """Look at everything."""
    return list(
        Examination(
            table=world.forum.table,
            entries=world.forum.table,
            heads=world.forum,
            objects=world.objects,
            log=LogReader(world.objects, ORIGIN, [SIGNER.key]),
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


EDGE = "tile/entries/001.p/44"


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (drop("tile/0/000"), ["tile"]),
        (drop("tile/0/001.p/44"), ["tile"]),
        (alter("tile/1/000.p/1", b"", b""), ["tile"]),
        (drop("tile/entries/000"), ["entries"]),
        (alter(EDGE, b"illegal", b"unlawfu"), ["chain", "entries", "tile", "subject"]),
        (
            alter(EDGE, b'"via":"api"', b'"via":"apj"'),
            ["entry", "entries", "tile", "subject"],
        ),
        (set_back, ["head"]),
        (fork, ["head"]),
        (take_back, ["subject"]),
        (misplace, ["place"]),
    ],
)
def test_damage_is_named(damage: Callable[[World], None], expected: list[str]) -> None:
    """By what it concerns."""
    world = world_of()
    damage(world)

    assert list(dict.fromkeys(kinds(world))) == expected


@pytest.mark.parametrize(
    "damage", [drop("tile/0/000"), alter("tile/1/000.p/1", b"", b""), misplace]
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


def test_evidence_is_left_alone() -> None:
    """What differs in the entries themselves cannot be mended from here."""
    missing, altered = world_of(), world_of()
    missing.objects.objects.pop(EDGE)
    alter(EDGE, b"illegal", b"unlawfu")(altered)

    assert [finding.mend for finding in examined(missing)] == [None]
    assert {finding.mend for finding in examined(altered)} == {None}
