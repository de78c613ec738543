"""A crash anywhere in an export is mended by building it again, to the same bytes."""

import random
from collections.abc import Iterator

import pytest

from moderation.audit.order import Built
from tests.support.audit_fakes import CrashError, FaultPlan, Faulty, World


def world_with(plan: FaultPlan) -> World:
    """A log of two bundles whose subjects have moved on since the period; the ports fail."""
    world = World()
    chance = random.Random(6)  # noqa: S311
    names = world.forum.names(9)
    for _ in range(300):
        world.forum.act(chance.choice(names))
    world.sequence()
    world.wrap = lambda port: Faulty(port, plan)
    return world


def expected() -> bytes:
    """The bundle that no crash disturbed."""
    world = world_with(FaultPlan())
    order = world.order()
    world.forum.act(next(iter(world.forum.subjects)))
    world.sequence()
    world.exporter().build(order)
    return next(iter(world.bundles.bundles.values()))


def faults() -> Iterator[FaultPlan]:
    """Every call of a whole build, before and after."""
    count = FaultPlan()
    world = world_with(FaultPlan())
    order = world.order()
    world.forum.act(next(iter(world.forum.subjects)))
    world.sequence()
    world.wrap = lambda port: Faulty(port, count)
    world.exporter().build(order)
    for at in range(count.calls):
        yield FaultPlan(at, "before")
        yield FaultPlan(at, "after")


@pytest.mark.parametrize("plan", tuple(faults()), ids=lambda plan: f"{plan.side}-{plan.at}")
def test_a_crash_anywhere_leads_to_the_same_bundle(plan: FaultPlan) -> None:
    """What a crash left is taken up, and later acts change nothing."""
    world = world_with(FaultPlan())
    order = world.order()
    world.forum.act(next(iter(world.forum.subjects)))
    world.sequence()
    world.wrap = lambda port: Faulty(port, plan)
    with pytest.raises(CrashError):
        world.exporter().build(order)
    world.wrap = lambda port: port
    for seal in [path for path in world.objects.objects if "/seal-" in path]:
        assert world.objects.objects[seal]
    built = world.exporter().build(order)

    assert isinstance(built, Built)
    assert world.bundles.bundles[built.path] == EXPECTED


EXPECTED = expected()
