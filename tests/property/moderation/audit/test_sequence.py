"""No crash and no interleaving loses, doubles or reorders an entry, or signs a size twice."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from moderation.audit.sequence import Sequencer
from tests.support.audit_fakes import (
    ORIGIN,
    Clock,
    CrashError,
    FaultPlan,
    Faulty,
    Interleaving,
    World,
    assert_sound,
)


def world_with(plan: FaultPlan, acts: int = 320) -> World:
    """A world whose ports fail as planned, with enough acts for two bundles and four batches."""
    world = World(wrap=lambda port: Faulty(port, plan))
    names = world.forum.names(9)
    chance = random.Random(2)  # noqa: S311
    for _ in range(acts):
        world.forum.act(chance.choice(names))
    return world


def faults() -> Iterator[FaultPlan]:
    """Every call of a whole run, before and after."""
    count = FaultPlan()
    world_with(count).sequence()
    for at in range(count.calls):
        yield FaultPlan(at, "before")
        yield FaultPlan(at, "after")


@pytest.mark.parametrize("plan", tuple(faults()), ids=lambda plan: f"{plan.side}-{plan.at}")
def test_a_crash_anywhere_is_repaired_by_the_next_run(plan: FaultPlan) -> None:
    """Whatever was done before the crash, the next run ends with the same sound log."""
    world = world_with(plan)
    with pytest.raises(CrashError):
        world.sequence()
    world.forum.act(next(iter(world.forum.subjects)))
    world.sequence()

    assert_sound(world)
    assert {len(roots) for roots in world.signer.roots().values()} == {1}


def test_crash_after_crash_after_crash() -> None:
    """A process that dies at every twentieth call still gets there."""
    plan = FaultPlan()
    world = world_with(plan)
    for _ in range(200):
        plan.calls, plan.at = 0, 19
        try:
            world.sequence()
            break
        except CrashError:
            continue

    assert_sound(world)
    assert {len(roots) for roots in world.signer.roots().values()} == {1}


@pytest.mark.parametrize("seed", range(60))
def test_three_sequencers_and_writers_interleaved(seed: int) -> None:
    """Any order of the calls of three sequencers, with acts in between, gives one sound log."""
    world = World()
    chance = random.Random(seed)  # noqa: S311
    names = world.forum.names(5)
    for _ in range(150):
        world.forum.act(chance.choice(names))
    turns = Interleaving(seed)
    table, objects, signer = (
        turns.port(port) for port in (world.forum.table, world.objects, world.signer)
    )

    def sequence() -> None:
        for _ in range(2):
            Sequencer(table, objects, signer, ORIGIN, Clock()).run(timedelta(minutes=1))

    def act() -> None:
        forum = turns.port(world.forum)
        for _ in range(40):
            forum.act(chance.choice(names))

    turns.run(sequence, sequence, sequence, act)
    world.sequence()

    assert turns.errors == []
    assert_sound(world)
    assert {len(roots) for roots in world.signer.roots().values()} == {1}


def calls_of_three(seed: int, plan: FaultPlan) -> tuple[World, list[BaseException]]:
    """Three sequencers and a writer, interleaved; the first sequencer dies as planned."""
    world = World()
    chance = random.Random(seed)  # noqa: S311
    names = world.forum.names(4)
    for _ in range(130):
        world.forum.act(chance.choice(names))
    turns = Interleaving(seed)
    ports = (world.forum.table, world.objects, world.signer, world.anchors)

    def sequence(*wrapped: Any) -> None:
        table, objects, signer, anchors = map(turns.port, wrapped)
        Sequencer(table, objects, signer, ORIGIN, Clock(), anchors).run(timedelta(minutes=1))

    def act() -> None:
        forum = turns.port(world.forum)
        for _ in range(20):
            forum.act(chance.choice(names))

    mortal = [Faulty(port, plan) for port in ports]
    turns.run(lambda: sequence(*mortal), lambda: sequence(*ports), lambda: sequence(*ports), act)
    return world, turns.errors


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("at", range(40))
def test_one_of_three_sequencers_dies_anywhere(at: int, side: str) -> None:
    """Before or after each of its calls, in an interleaving of its own; the others go on."""
    plan = FaultPlan(at, side)
    world, errors = calls_of_three(at, plan)
    world.sequence()

    # A run that ended before that call had nothing left to die of.
    assert [type(error) for error in errors] == [CrashError] * (plan.calls > at)
    assert_sound(world)
    roots = world.signer.roots()
    assert {len(each) for each in roots.values()} == {1}
    for note in world.anchors.objects.values():
        _, size, root, *_ = note.decode().split("\n")
        assert roots[int(size)] == {root}


def test_the_first_of_three_makes_calls_enough_to_die_of() -> None:
    """Most of the faults above do strike."""
    struck = sum(bool(calls_of_three(at, FaultPlan(at))[1]) for at in range(0, 40, 4))

    assert struck >= 5
