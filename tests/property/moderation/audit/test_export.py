"""A crash anywhere in an export is mended by building it again, to the same bytes."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from moderation.audit.dossier import Document, Dossier, Wording
from moderation.audit.entry import payload_commitment, payload_salt, state_commitment
from moderation.audit.order import Built, Order
from moderation.audit.selection import Profile
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


CASE = "01" + "C" * 24
SALT = b"s" * 32
STATE = b'{"state":"decided"}'


def case_world() -> tuple[World, Order]:
    """A log with a case in it, its records, and the order of its full bundle."""
    world = World()
    for _ in range(3):
        world.forum.act(f"case:{CASE}", after=state_commitment(SALT, STATE))
        world.forum.act("post:A")
    entry_id = world.forum.new_id()
    words = Wording(f"case:{CASE}", b'{"facts":"Steht da."}', SALT)
    bound = payload_commitment(payload_salt(SALT, entry_id), words.text)
    after = state_commitment(SALT, STATE)
    world.forum.act(f"case:{CASE}", id=entry_id, payload=bound, after=after)
    world.sequence()
    heads = tuple(world.forum.heads([f"case:{CASE}", "post:A"]))
    document = Document(f"case:{CASE}", "META", STATE, SALT)
    world.dossiers.cases[CASE] = Dossier(heads, (document,), (words,))
    return world, world.order(case=CASE, profile=Profile.FULL)


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_crash_anywhere_leads_to_the_same_evidence(side: str) -> None:
    """Of a case with its records, too; whatever becomes of them once they are pinned."""
    world, order = case_world()
    count = FaultPlan()
    world.wrap = lambda port: Faulty(port, count)
    world.exporter().build(order)
    expected = world.bundles.bundles[order.path]
    assert count.calls > 15
    for at in range(count.calls):
        world, order = case_world()
        world.wrap = partial(Faulty, plan=FaultPlan(at, side))
        with pytest.raises(CrashError):
            world.exporter().build(order)
        world.wrap = lambda port: port
        if f"exports/{order.id}/pin" in world.objects.objects:
            world.dossiers.cases[CASE] = replace(world.dossiers.cases[CASE], documents=())
        world.exporter().build(order)

        assert world.bundles.bundles[order.path] == expected, at
