"""The log changes its key, and whoever knows the old one can follow."""

from datetime import timedelta
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from moderation.audit.entry import decode, leaf_hash
from moderation.audit.export import Exporter
from moderation.audit.keys import NoteError
from moderation.audit.note import Note, parse_note
from moderation.audit.order import Built
from moderation.audit.ports import Signer
from moderation.audit.receipt import sign_receipt
from moderation.audit.sequence import Sequencer
from moderation.audit.succession import Succession, sign_succession
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, World

NEW = LocalSigner(b"n" * 32, ORIGIN)
NEWER = LocalSigner(b"m" * 32, ORIGIN)
OTHER = LocalSigner(b"n" * 32, "other.example/log")
KEY = verify.parse_key(str(SIGNER.key))
HANDOVER = BEGIN + timedelta(days=3)


def sequence(world: World, signer: Signer, *former: LocalSigner) -> None:
    """Sequence with a key that has followed others."""
    keys = [each.key for each in former]
    Sequencer(
        world.forum.table, world.objects, signer, ORIGIN, world.clock, world.anchors, keys
    ).run(timedelta(minutes=1))


def day(world: World, signer: LocalSigner, *former: LocalSigner) -> None:
    """Two acts and two runs, then the next day."""
    for _ in range(2):
        world.forum.act("post:a")
        sequence(world, signer, *former)
    world.forum.clock.at += timedelta(days=1)
    world.clock.at += timedelta(days=1)


def last(world: World) -> Checkpoint:
    """What is published."""
    note = world.objects.objects["checkpoint"]
    return open_checkpoint(note, ORIGIN, [SIGNER.key, NEW.key, NEWER.key])


@pytest.fixture
def turned() -> tuple[World, bytes]:
    """Three days under the old key, three under the new one; and the note."""
    world = World()
    for _ in range(3):
        day(world, SIGNER)
    note = sign_succession(last(world), SIGNER, NEW, HANDOVER)
    for _ in range(3):
        day(world, NEW, SIGNER)
    return world, note


def bundle_of(world: World, signer: LocalSigner) -> bytes:
    """A bundle of everything, sealed with a key."""
    exporter = Exporter(
        table=world.forum.table,
        entries=world.forum.table,
        heads=world.forum,
        objects=world.objects,
        bundles=world.bundles,
        signer=signer,
        origin=ORIGIN,
        now=lambda: world.forum.clock.at + timedelta(hours=1),
        anchors=world.anchors,
        former=[SIGNER.key, NEW.key],
    )
    built = exporter.build(world.order())
    assert isinstance(built, Built), built
    return world.bundles.bundles[built.path]


def found(
    folder: Path, bundle: bytes, *notes: bytes, receipt: bytes | None = None
) -> list[verify.Failure]:
    """Verify with the old key, given succession notes."""
    (folder / "b").write_bytes(bundle)
    paths = [folder / f"succession-{number}" for number in range(len(notes))]
    for path, note in zip(paths, notes, strict=True):
        path.write_bytes(note)
    receipts = []
    if receipt is not None:
        receipts = [folder / "receipt"]
        receipts[0].write_bytes(receipt)
    failures, _ = verify.check(folder / "b", KEY, [], 0, receipts, successions=paths)
    return failures


def test_a_bundle_across_a_rotation_holds(turned: tuple[World, bytes], tmp_path: Path) -> None:
    """With the old key and the note; anchors of both keys and the tree of the note are compared."""
    world, note = turned
    bundle = bundle_of(world, NEW)
    (tmp_path / "s").write_bytes(note)
    (tmp_path / "b").write_bytes(bundle)
    failures, facts = verify.check(tmp_path / "b", KEY, [], 0, successions=[tmp_path / "s"])

    assert failures == []
    assert (facts["anchors"], facts["key"]) == (6, NEW.key.key_id.hex())
    assert "signature" in {each.kind for each in found(tmp_path, bundle)}


def test_the_command_follows(
    turned: tuple[World, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--succession`, and the key that signed is named."""
    world, note = turned
    (tmp_path / "b.zip").write_bytes(bundle_of(world, NEW))
    (tmp_path / "s").write_bytes(note)
    said = [str(tmp_path / "b.zip"), "--key", str(SIGNER.key), "--succession", str(tmp_path / "s")]

    assert verify.main(said) == 0
    assert f"signed by key {NEW.key.key_id.hex()}" in capsys.readouterr().out


def test_two_rotations_are_followed_in_order(turned: tuple[World, bytes], tmp_path: Path) -> None:
    """Each note begins with the key before it."""
    world, first = turned
    second = sign_succession(last(world), NEW, NEWER, HANDOVER + timedelta(days=3))
    day(world, NEWER, SIGNER, NEW)
    bundle = bundle_of(world, NEWER)

    assert found(tmp_path, bundle, first, second) == []
    assert [each.kind for each in found(tmp_path, bundle, second, first)] == ["succession"]


def test_a_replaced_key_signs_no_later_tree(turned: tuple[World, bytes], tmp_path: Path) -> None:
    """A key that leaked after its time is over does no harm."""
    world, note = turned
    now = last(world)
    world.objects.objects["checkpoint"] = sign_checkpoint(now, SIGNER)
    world.anchors.objects.clear()

    assert [(each.kind, each.file) for each in found(tmp_path, bundle_of(world, NEW), note)] == [
        ("signature", "checkpoint")
    ]


def test_a_tree_that_does_not_continue_the_old_one_is_found(
    turned: tuple[World, bytes], tmp_path: Path
) -> None:
    """The note says which tree was handed over."""
    world, _ = turned
    note = sign_succession(Checkpoint(ORIGIN, 6, bytes(32)), SIGNER, NEW, HANDOVER)
    failures = found(tmp_path, bundle_of(world, NEW), note)

    assert [(each.kind, each.file, each.at) for each in failures] == [("anchor", "succession", 6)]


def test_a_rotation_outside_the_range_is_not_compared(
    turned: tuple[World, bytes], tmp_path: Path
) -> None:
    """Its tree is not passed."""
    world, note = turned
    world.bundles.bundles.clear()
    order = world.order(BEGIN + timedelta(days=4))
    exporter = Exporter(
        table=world.forum.table,
        entries=world.forum.table,
        heads=world.forum,
        objects=world.objects,
        bundles=world.bundles,
        signer=NEW,
        origin=ORIGIN,
        now=lambda: world.forum.clock.at + timedelta(hours=1),
    )
    built = exporter.build(order)
    assert isinstance(built, Built)

    assert found(tmp_path, world.bundles.bundles[built.path], note) == []


@pytest.mark.parametrize(
    ("days", "signer", "verdict"),
    [(1, SIGNER, []), (4, SIGNER, ["signature"]), (4, NEW, []), (1, NEW, [])],
)
def test_a_receipt_is_held_against_the_time_of_its_key(
    days: int,
    signer: LocalSigner,
    verdict: list[str],
    turned: tuple[World, bytes],
    tmp_path: Path,
) -> None:
    """The old key promises nothing after the handover."""
    world, note = turned
    body = world.forum.table.chains["post:a"][0]
    at = BEGIN + timedelta(days=days)
    receipt = sign_receipt(decode(body).id, leaf_hash(body).hex(), at, signer)
    failures = found(tmp_path, bundle_of(world, NEW), note, receipt=receipt)

    assert [each.kind for each in failures] == verdict


def altered(note: bytes, how: str) -> bytes:
    """A succession note that is none."""
    match how:
        case "one signature":
            parsed = parse_note(note)
            return Note(parsed.text, parsed.signatures[:1]).encode()
        case "forged":
            return note.replace(b"-03-04T", b"-03-05T")
        case "another log":
            return sign_other()
        case "another text":
            return note.replace(b"succession/v1", b"succession/v2")
        case "a key that is none":
            return note.replace(str(NEW.key).encode(), b"x" + str(NEW.key).encode()[1:])
        case _:
            return b"no note"


def sign_other() -> bytes:
    """A note of another log."""
    old = LocalSigner(bytes(range(32)), OTHER.key.name)
    return sign_succession(Checkpoint(OTHER.key.name, 6, bytes(32)), old, OTHER, HANDOVER)


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("one signature", "succession"),
        ("forged", "signature"),
        ("another log", "succession"),
        ("another text", "succession"),
        ("a key that is none", "succession"),
        ("no note", "succession"),
    ],
)
def test_what_is_no_succession_is_not_followed(
    how: str, kind: str, turned: tuple[World, bytes], tmp_path: Path
) -> None:
    """Signed by one key alone, altered, of another log, or something else."""
    world, note = turned

    assert [each.kind for each in found(tmp_path, bundle_of(world, NEW), altered(note, how))] == [
        kind
    ]


@pytest.mark.parametrize(("old", "new"), [(SIGNER, SIGNER), (SIGNER, OTHER), (OTHER, NEW)])
def test_a_key_is_followed_by_another_of_the_same_log(old: LocalSigner, new: LocalSigner) -> None:
    """Not by itself, nor across logs."""
    with pytest.raises(NoteError):
        sign_succession(Checkpoint(ORIGIN, 6, bytes(32)), old, new, HANDOVER)


def test_the_text_of_the_specification() -> None:
    """Origin, format, both keys, size, root, time."""
    text = Succession(SIGNER.key, NEW.key, Checkpoint(ORIGIN, 6, bytes(32)), HANDOVER).text()

    assert text.split("\n") == [
        ORIGIN,
        "hausrecht-succession/v1",
        str(SIGNER.key),
        str(NEW.key),
        "6",
        "A" * 43 + "=",
        "2026-03-04T08:00:00.000Z",
        "",
    ]


def test_a_log_that_was_set_back_before_a_rotation_is_not_continued(
    turned: tuple[World, bytes],
) -> None:
    """The new key's sequencer still knows what the old key signed."""
    world, _ = turned
    again = World()
    day(again, SIGNER)
    again.objects.objects["checkpoint"] = sign_checkpoint(Checkpoint(ORIGIN, 6, bytes(32)), SIGNER)
    with pytest.raises(RuntimeError, match="behind"):
        sequence(again, NEW, SIGNER)
    assert world.objects.objects["checkpoint"].startswith(ORIGIN.encode())


def test_the_new_key_signs_at_once_what_is_published(turned: tuple[World, bytes]) -> None:
    """Not only with the next entry; and never goes back behind a larger tree."""
    world, _ = turned
    sequence(world, NEWER, SIGNER, NEW)
    note = world.objects.objects["checkpoint"]
    assert parse_note(note).signed_by(NEWER.key)

    head = world.forum.table.state
    world.forum.act("post:a")
    sequence(world, NEW, SIGNER)
    larger = world.objects.objects["checkpoint"]
    behind = Sequencer(
        world.forum.table, world.objects, NEWER, ORIGIN, world.clock, None, [SIGNER.key, NEW.key]
    )
    behind._publish(head)
    assert world.objects.objects["checkpoint"] == larger
