"""Each day's first checkpoint is kept, and a later history must agree with it."""

import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

from moderation.audit import verify
from moderation.audit.anchor import Anchors, DailyAnchors
from moderation.audit.cosigning import COSIGNED_PATH
from moderation.audit.keys import Algorithm, VerificationKey, cosigned_message
from moderation.audit.note import Note, Signature, parse_note
from moderation.audit.order import Built, NotYet
from moderation.audit.pinning import WITNESS_PATIENCE
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import SIGNER, MemoryObjects, World

KEY = verify.parse_key(str(SIGNER.key))
WITNESS_SIGNER = LocalSigner(b"w" * 32, "witness.example")
WITNESS = VerificationKey("witness.example", Algorithm.COSIGNATURE, WITNESS_SIGNER.key.material)


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


def test_anchors_below_the_range_are_left_out() -> None:
    """No entry of it stands below them."""
    world = days(3)
    start = world.order().start + timedelta(days=2)
    with zipfile.ZipFile(BytesIO(world.export(start))) as archive:
        names = [name for name in archive.namelist() if name.startswith("anchors/")]

    assert names == ["anchors/2026-03-03"]


def test_the_first_anchor_above_the_range_comes_with_a_proof(tmp_path: Path) -> None:
    """All its entries stand below it, and the proof leads from it to the checkpoint."""
    world = days(4)
    start = world.order().start
    bundle = world.export(start, start + timedelta(days=2))
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        names = [name for name in archive.namelist() if name.startswith("anchors/")]
        proofs = archive.read("proofs/consistency").decode()
    path = tmp_path / "b.zip"
    path.write_bytes(bundle)
    failures, facts = verify.check(path, KEY, [], 0)

    assert names == ["anchors/2026-03-01", "anchors/2026-03-02", "anchors/2026-03-03"]
    assert [line.split(" ")[0] for line in proofs.splitlines()] == ["2026-03-03"]
    assert (failures, facts["anchors"]) == ([], 3)


def test_a_chain_comes_with_the_first_anchor_above_each_of_its_acts(tmp_path: Path) -> None:
    """So that each of them is bound in time, and the anchors to the checkpoint."""
    world = days(4)
    (subject, *_) = world.forum.subjects
    built = world.exporter().build(world.order(subject=subject))
    assert isinstance(built, Built)
    path = tmp_path / "b.zip"
    path.write_bytes(world.bundles.bundles[built.path])
    failures, facts = verify.check(path, KEY, [], 0)

    assert failures == []
    assert [each["size"] for each in facts["anchored"]] == [1, 3, 5, 7]


def test_no_day_is_read_again_for_acts_below_the_same_anchor() -> None:
    """However many there are: a read for each day that is looked at."""
    world = days(3)
    read: list[str] = []

    class Counting(MemoryObjects):
        def get_tagged(self, path: str) -> tuple[bytes, str] | None:
            read.append(path)
            return super().get_tagged(path)

    anchors = Anchors(Counting(world.anchors.objects), date(2026, 3, 4))
    acts = [(index, date(2026, 3, 1)) for index in (0, 1, 2, 2, 2, 3, 9, 10, 11)]

    assert [each.size for each in anchors.of_entries(acts)] == [1, 3, 5]
    assert read == [f"2026-03-0{day}" for day in (1, 1, 2, 1, 2, 3, 1, 2, 3)]


def test_an_act_of_today_has_no_anchor_yet() -> None:
    """The day is not over."""
    world = days(1)
    world.forum.clock.at -= timedelta(days=1)
    (subject, *_) = world.forum.subjects
    built = world.exporter().build(world.order(subject=subject))
    assert isinstance(built, Built)
    with zipfile.ZipFile(BytesIO(world.bundles.bundles[built.path])) as archive:
        assert {"proofs/consistency", "anchors/2026-03-01"}.isdisjoint(archive.namelist())


def test_the_anchor_of_a_day_counts_ten_minutes_after_it() -> None:
    """Until then it may be on its way; a rebuild must find the same."""
    world = days(2)
    midnight = world.forum.clock.at.replace(hour=0)
    exporter = world.exporter(lambda: midnight + timedelta(hours=1))
    names = []
    for minutes in (9, 10):
        asked = midnight + timedelta(minutes=minutes)
        built = exporter.build(replace(world.order(), requested_at=asked, id=world.forum.new_id()))
        assert isinstance(built, Built)
        with zipfile.ZipFile(BytesIO(world.bundles.bundles[built.path])) as archive:
            names.append([each for each in archive.namelist() if each.startswith("anchors/")])

    assert names == [
        ["anchors/2026-03-01"],
        ["anchors/2026-03-01", "anchors/2026-03-02"],
    ]


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


def test_anchors_are_looked_for_up_to_the_first_that_covers_the_range() -> None:
    """Those below the range are passed over, and the days behind it not asked for."""
    found = Anchors(days(3).anchors, date(2026, 3, 4)).of_range(date(2026, 3, 1), 1, 3)

    assert [anchor.name for anchor in found] == ["2026-03-02"]


def cosigned(world: World, at: datetime) -> bytes:
    """What is published, cosigned at a time, as the gathering keeps it."""
    parsed = parse_note(world.objects.objects["checkpoint"])
    time = int(at.timestamp())
    blob = time.to_bytes(8) + WITNESS_SIGNER.sign(cosigned_message(parsed.text, time))
    line = Signature(WITNESS.name, WITNESS.key_id, blob)
    note = Note(parsed.text, (*parsed.signatures, line)).encode()
    world.objects.objects[COSIGNED_PATH] = note
    return note


def test_a_cosigned_checkpoint_becomes_the_days_anchor() -> None:
    """The first of the day, over the plain one, and once."""
    world = days(1)
    anchors = DailyAnchors(world.objects, world.anchors, [WITNESS], world.clock)
    cosigned(world, world.clock.at - timedelta(days=1))
    anchors.run()
    plain = world.anchors.objects["2026-03-02"]
    anchors.run()
    assert world.anchors.objects["2026-03-02"] == plain == world.objects.objects["checkpoint"]

    note = cosigned(world, world.clock.at)
    anchors.run()
    cosigned(world, world.clock.at + timedelta(hours=1))
    anchors.run()
    DailyAnchors(world.objects, world.anchors, [WITNESS], world.clock).run()
    assert world.anchors.objects["2026-03-02"] == note


def test_without_a_cosignature_the_plain_anchor_stays() -> None:
    """Nobody came that day."""
    world = days(1)
    anchors = DailyAnchors(world.objects, world.anchors, [WITNESS], world.clock)
    anchors.run()
    anchors.run()

    assert world.anchors.objects["2026-03-02"] == world.objects.objects["checkpoint"]


def test_a_bundle_waits_for_a_cosigned_checkpoint_for_a_while() -> None:
    """Then it goes without; one that covers it is taken at once."""
    world = days(1)
    exporter, order = world.exporter(), world.order()
    in_time = order.requested_at + WITNESS_PATIENCE - timedelta(seconds=1)
    exporter._pinning = replace(exporter._pinning, witnessed=True, now=lambda: in_time)
    assert exporter.build(order) == NotYet("witnesses have not cosigned it yet")

    note = cosigned(world, world.clock.at)
    built = exporter.build(order)
    assert isinstance(built, Built)
    with zipfile.ZipFile(BytesIO(world.bundles.bundles[built.path])) as archive:
        assert archive.read("checkpoint") == note


def test_a_bundle_goes_without_witnesses_that_do_not_come() -> None:
    """After two minutes."""
    world = days(1)
    exporter = world.exporter()
    exporter._pinning = replace(exporter._pinning, witnessed=True)

    assert isinstance(exporter.build(world.order()), Built)
