"""An export holds every act of its period, waits for the log, and is always the same bytes."""

import json
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.order import Built, NotYet, Order
from moderation.audit.ports import LogBrokenError
from tests.support.audit_fakes import BEGIN, SIGNER, World

KEY = verify.parse_key(str(SIGNER.key))


def world_of(acts: int, subjects: int = 3) -> World:
    """A sequenced world, one act after another in turn on its subjects."""
    world = World()
    names = world.forum.names(subjects)
    for number in range(acts):
        world.forum.act(names[number % subjects])
    world.sequence()
    return world


def build(world: World, order: Order | None = None) -> Built | NotYet:
    """Build once."""
    return world.exporter().build(order or world.order())


def entries(bundle: bytes) -> list[str]:
    """The times in a bundle."""
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        return [json.loads(line)["at"] for line in archive.read("entries.jsonl").splitlines()]


def holds(bundle: bytes, folder: Path) -> bool:
    """Verify."""
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    return verify.check(path, KEY, [], 0)[0] == []


def at(milliseconds: int) -> datetime:
    """A time after the first act."""
    return BEGIN + timedelta(milliseconds=milliseconds)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [(0, 7 * 600, 0, 599), (7, 14, 1, 1), (7 * 300, 7 * 301, 300, 300), (1, 15, 1, 2)],
)
def test_the_range_is_the_smallest_that_holds_the_period(
    start: int, end: int, first: int, last: int, tmp_path: Path
) -> None:
    """From the start, inclusive, to the end, exclusive."""
    world = world_of(600)
    bundle = world.export(at(start), at(end))
    times = entries(bundle)

    assert len(times) == last - first + 1
    assert datetime.fromisoformat(times[0]) == at(7 * first)
    assert holds(bundle, tmp_path)


def test_nothing_happened(tmp_path: Path) -> None:
    """A period without acts has a bundle, too."""
    bundle = world_of(10).export(at(1), at(2))

    assert entries(bundle) == []
    assert holds(bundle, tmp_path)


def test_acts_after_the_request_are_not_in_it() -> None:
    """The period ends at the request where that is earlier."""
    world = world_of(10)
    order = world.order(end=at(1_000_000))
    world.forum.act(next(iter(world.forum.subjects)))
    world.sequence()
    built = build(world, order)

    assert isinstance(built, Built)
    assert built.entries == 10


def test_an_export_waits_for_acts_on_their_way() -> None:
    """What was done a moment ago may not be committed yet."""
    world = world_of(10)
    exporter = world.exporter(lambda: world.order().cut)

    assert exporter.build(world.order()) == NotYet("acts of the period may still be on their way")


def test_an_export_waits_for_what_is_not_sequenced() -> None:
    """An act of the period that still waits belongs into it."""
    world = world_of(10)
    world.forum.act(next(iter(world.forum.subjects)))

    assert build(world) == NotYet("acts of the period wait to be sequenced")


def test_an_export_waits_for_what_cannot_be_read() -> None:
    """Bytes without a time may belong to the period: it does not claim to be complete."""
    world = world_of(10)
    world.forum.act(next(iter(world.forum.subjects)))
    pending = world.forum.table.pending
    key = next(iter(pending))
    pending[key] = replace(pending[key], body=b"\xff")

    assert isinstance(build(world), NotYet)


def test_an_export_does_not_wait_for_later_acts(tmp_path: Path) -> None:
    """What waits and happened after the period does not hold it up."""
    world = world_of(10)
    order = world.order(end=at(14))
    world.forum.act("post:other")

    assert isinstance(build(world, order), Built)
    assert holds(world.bundles.bundles[f"{order.id}.zip"], tmp_path)


def test_an_export_waits_for_publication() -> None:
    """What was sequenced must stand under a signed checkpoint."""
    world = world_of(10)
    before = dict(world.objects.objects)
    world.forum.act(next(iter(world.forum.subjects)))
    world.sequence()
    world.objects.objects["checkpoint"] = before["checkpoint"]

    assert build(world) == NotYet("the log has not published what it sequenced")
    del world.objects.objects["checkpoint"]
    assert build(world) == NotYet("the log has not published what it sequenced")


def test_an_export_waits_for_the_heads_of_its_subjects(tmp_path: Path) -> None:
    """A subject has moved on; its last act must be in the log, too."""
    world = world_of(10)
    name = next(iter(world.forum.subjects))
    order = world.order(end=at(14))
    world.forum.act(name)

    assert build(world, order) == NotYet("a subject's latest act is not published yet")
    world.forum.act(name)
    world.sequence()
    assert isinstance(build(world, order), Built)
    assert holds(world.bundles.bundles[f"{order.id}.zip"], tmp_path)


def test_a_rebuild_gives_the_same_bytes() -> None:
    """Whatever has happened meanwhile."""
    world = world_of(300)
    order = world.order(end=at(7 * 200))
    first = build(world, order)
    bundle = dict(world.bundles.bundles)
    for name in list(world.forum.subjects):
        world.forum.act(name)
    world.sequence()

    assert build(world, order) == first
    assert world.bundles.bundles == bundle


def test_two_worlds_with_one_history_give_one_bundle() -> None:
    """No clock, no randomness and no machine goes into a bundle."""
    assert world_of(300).export() == world_of(300).export()


def test_the_record_says_what_was_bound() -> None:
    """Range, size, where the heads are kept, and the digest of what was sealed."""
    built = build(world_of(10))

    assert isinstance(built, Built)
    record = json.loads(built.record)
    assert (record["begin"], record["end"], record["size"]) == (0, 10, 10)
    assert set(record) == {"begin", "end", "size", "pin", "seal"}


def test_progress_is_told() -> None:
    """In per cent, up to a hundred."""
    world = world_of(600)
    told: list[int] = []
    world.exporter().build(world.order(), told.append)

    assert told == sorted(told)
    assert told[-1] == 100


def test_a_log_that_does_not_hash_to_its_checkpoint_is_not_handed_out() -> None:
    """An altered bundle of entries stops the export."""
    world = world_of(300)
    path = "tile/entries/001.p/44"
    world.objects.objects[path] = world.objects.objects[path].replace(b"illegal", b"unlawfu")

    with pytest.raises(LogBrokenError, match="do not hash"):
        build(world)
    assert world.bundles.bundles == {}


def test_what_is_no_entry_is_not_handed_out() -> None:
    """Bytes in the bucket that are no entry stop the export."""
    world = world_of(300)
    path = "tile/entries/001.p/44"
    world.objects.objects[path] = world.objects.objects[path].replace(
        b'"via":"api"', b'"via":"apj"'
    )

    with pytest.raises(LogBrokenError, match="no entry"):
        build(world)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [(b"illegal", b"unlawfu", "not the one"), (b'"via":"api"', b'"via":"apj"', "no entry")],
)
def test_an_altered_later_entry_is_not_handed_out(old: bytes, new: bytes, complaint: str) -> None:
    """The subject's chain in the table is held against the tree."""
    world = world_of(10)
    name = next(iter(world.forum.subjects))
    order = world.order(end=at(14))
    world.forum.act(name)
    world.sequence()
    chain = world.forum.table.chains[name]
    chain[-1] = chain[-1].replace(old, new)

    with pytest.raises(LogBrokenError, match=complaint):
        build(world, order)


def test_a_pin_of_another_worker_holds() -> None:
    """Whoever was first has pinned for all."""
    world = world_of(10)
    order = world.order()
    assert isinstance(build(world, order), Built)
    path = f"exports/{order.id}/pin"
    pinned = world.objects.objects.pop(path)
    original = world.objects.replace

    def late(at_path: str, data: bytes, tag: str | None) -> bool:
        world.objects.objects.setdefault(path, pinned)
        return original(at_path, data, tag)

    world.objects.replace = late  # type: ignore[method-assign,assignment]

    assert isinstance(build(world, order), Built)
    assert world.objects.objects[path] == pinned
