"""What an outsider is shown never says by its gaps of whom it keeps silent."""

import json
from pathlib import Path
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.audit.dossier import Dossier
from moderation.audit.order import Order
from moderation.audit.pinning import NothingThereError
from moderation.audit.selection import Profile, Selection
from tests.support.audit_fakes import World
from tests.unit.moderation.audit.test_selection import build, check, files

OUTSIDER = Selection(kinds=frozenset({"case", "post"}), silent=frozenset({"LIFE_THREAT"}))
SILENT = "found:LIFE_THREAT"


def outside(world: World, **asked: Any) -> Order:
    """An outsider's order."""
    return world.order(selection=OUTSIDER, profile=Profile.OUTSIDER, **asked)


def named(bundle: bytes) -> set[str]:
    """Every subject that a bundle names: in its lines, its table, or its heads."""
    found = files(bundle)
    heads = {json.loads(line)["subject"] for line in found["heads.jsonl"].splitlines()}
    text = b"".join(found[name] for name in ("entries.jsonl", "entries.csv", "later.jsonl"))
    named = {name for name in ("case:A", "case:B", "post:A", "post:B") if name.encode() in text}
    assert named == heads
    return named


def acted(world: World, *subjects: str, reason: str = "found:INSULT") -> None:
    """One cause on several subjects."""
    first = world.forum.act(subjects[0], reason=reason, part=(1, len(subjects)))
    for at, subject in enumerate(subjects[1:], 2):
        world.forum.act(subject, reason=reason, cause=first.cause, part=(at, len(subjects)))


@pytest.fixture
def world() -> World:
    """A log in which post and case B were held for an insult."""
    world = World()
    acted(world, "case:B", "post:B")
    return world


def test_one_silent_act_silences_the_whole_subject(world: World, tmp_path: Path) -> None:
    """A claim behind a withheld line would say what the line was."""
    acted(world, "case:A", "post:A", reason=SILENT)
    world.forum.act("case:A", Action.CASE_CLAIM)
    world.forum.act("case:B", Action.CASE_CLAIM)
    world.sequence()
    bundle = build(world, outside(world))
    failures, facts = check(bundle, tmp_path)

    assert {"case:B", "post:B"} == named(bundle)
    assert ([], 3) == (failures, facts["withheld"])


def test_whoever_had_a_part_in_its_causes_is_silenced_too(world: World) -> None:
    """An edit under review would tell of its case by the part that is missing."""
    acted(world, "case:A", "notice:A", reason="notice:LIFE_THREAT")
    acted(world, "member:A", "case:A", "post:A", reason="post:edit")
    world.forum.act("post:A", Action.POST_PUBLISH, reason="keep:REVIEW_OPINION")
    acted(world, "member:A", "post:B", "case:B", reason="remove:INSULT")
    world.sequence()

    assert {"case:B", "post:B"} == named(build(world, outside(world)))


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
def test_what_it_did_in_another_period_counts(
    world: World, is_before: bool, tmp_path: Path
) -> None:
    """Gaps show from one export to the next, and in what leads to a head."""
    acted(world, "case:A", reason=SILENT if is_before else "claim:new")
    middle = world.forum.clock.at
    acted(world, "case:A", "post:A", reason="post:edit" if is_before else SILENT)
    world.forum.act("case:B", Action.CASE_CLAIM)
    world.sequence()
    if is_before:
        bundle = build(world, outside(world, start=middle))
    else:
        bundle = build(world, outside(world, end=middle))

    assert named(bundle) == ({"case:B"} if is_before else {"case:B", "post:B"})
    assert [] == check(bundle, tmp_path)[0]


def test_an_export_that_was_pinned_stays_as_it_was(world: World) -> None:
    """What has since become silent is not taken back, since the bundle is in other hands."""
    world.forum.act("case:A", Action.CASE_OPEN)
    world.sequence()
    order = outside(world)
    first = build(world, order)
    world.forum.act("case:A", Action.CASE_DECIDE, reason="remove:LIFE_THREAT")
    world.sequence()

    assert "case:A" in named(first)
    assert build(world, order) == first


def test_of_what_is_silent_there_is_no_bundle(world: World) -> None:
    """An empty one would say so; the same is answered for what does not exist."""
    acted(world, "case:A", "post:A", "member:A", reason=SILENT)
    world.sequence()
    heads = world.forum.heads(["case:A", "post:A", "member:A"])
    world.dossiers.cases["A"] = Dossier(tuple(heads), ())
    for asked in ({"subject": "post:A"}, {"subject": "member:A"}, {"case": "A"}):
        with pytest.raises(NothingThereError):
            world.exporter().build(outside(world, **asked))

    assert {"post:B"} == named(build(world, outside(world, subject="post:B")))
