"""Each day's first checkpoint is kept, and a later history must agree with it."""

import zipfile
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from moderation.audit import verify
from moderation.audit.anchor import anchors_of
from moderation.audit.order import Built
from tests.support.audit_fakes import SIGNER, World

KEY = verify.parse_key(str(SIGNER.key))


def days(count: int) -> World:
    """A world with two acts and two runs of the sequencer on each of so many days."""
    world = World()
    name, other = world.forum.names(2)
    for _ in range(count):
        for subject in (name, other):
            world.forum.act(subject)
            world.sequence()
        world.forum.clock.at += timedelta(days=1)
        world.clock.at += timedelta(days=1)
    return world


def test_the_first_checkpoint_of_a_day_is_anchored() -> None:
    """And stays, whatever is published later that day."""
    world = days(3)
    sizes = [note.split(b"\n")[1] for note in world.anchors.objects.values()]

    assert sorted(world.anchors.objects) == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert sizes == [b"1", b"3", b"5"]


def test_a_sequencer_looks_once_a_day() -> None:
    """One that lives on does not ask for the anchor again."""
    world = days(1)
    sequencer = world.sequencer()
    sequencer.run(timedelta(minutes=1))
    anchored = list(world.anchors.objects)
    world.anchors.objects.clear()
    sequencer.run(timedelta(minutes=1))

    assert anchored == ["2026-03-01", "2026-03-02"]
    assert world.anchors.objects == {}


def test_a_bundle_holds_the_anchors_of_its_days(tmp_path: Path) -> None:
    """Those the range passes, of days before the request; the verifier compares them."""
    world = days(3)
    bundle = world.export()
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        names = [name for name in archive.namelist() if name.startswith("anchors/")]
    path = tmp_path / "b.zip"
    path.write_bytes(bundle)
    failures, facts = verify.check(path, KEY, [], 0)

    assert names == ["anchors/2026-03-01", "anchors/2026-03-02", "anchors/2026-03-03"]
    assert (failures, facts["anchors"]) == ([], 3)


def test_anchors_outside_the_range_are_left_out() -> None:
    """An anchor that the range does not pass proves nothing about it."""
    world = days(3)
    start = world.order().start + timedelta(days=2)
    with zipfile.ZipFile(BytesIO(world.export(start))) as archive:
        names = [name for name in archive.namelist() if name.startswith("anchors/")]

    assert names == ["anchors/2026-03-03"]


def test_an_exporter_without_anchors_builds_all_the_same() -> None:
    """Where none are kept."""
    world = days(1)
    exporter = world.exporter()
    exporter._anchors = None

    assert isinstance(exporter.build(world.order()), Built)


def test_days_without_an_anchor_are_passed_over() -> None:
    """The log slept."""
    world = days(3)
    del world.anchors.objects["2026-03-02"]
    with zipfile.ZipFile(BytesIO(world.export())) as archive:
        names = [name for name in archive.namelist() if name.startswith("anchors/")]

    assert names == ["anchors/2026-03-01", "anchors/2026-03-03"]


def test_an_anchor_of_those_days_may_lie_outside_the_range() -> None:
    """Its tree ends before the range begins, or behind its end."""
    found = anchors_of(days(3).anchors, date(2026, 3, 1), date(2026, 3, 4), 1, 4)

    assert [name for name, _ in found] == ["2026-03-02"]
