"""What a selection shows, and how a bundle that withholds the rest still proves what it shows."""

import json
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from moderation.audit import verify
from moderation.audit.actions import Action
from moderation.audit.dossier import Document, Dossier
from moderation.audit.entry import BODY, state_commitment
from moderation.audit.order import Built, Order
from moderation.audit.pin import Pin
from moderation.audit.pinning import NothingThereError
from moderation.audit.ports import ObjectMissingError
from moderation.audit.selection import EVERYTHING, Profile, Selection, belongs, causes_of_case
from tests.support.audit_fakes import SIGNER, MemoryTable, World

KEY = verify.parse_key(str(SIGNER.key))
CASE = "01" + "C" * 24
SALT = b"s" * 32
STATE = b'{"state":"decided"}'


def files(bundle: bytes) -> dict[str, bytes]:
    """The files of a bundle."""
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check(bundle: bytes, folder: Path) -> tuple[list[str], Any]:
    """What the verifier says: kinds of failure, and facts."""
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    failures, facts = verify.check(path, KEY, [], 0)
    return [each.kind for each in failures], facts


def build(world: World, order: Order) -> bytes:
    """The bundle of an order."""
    built = world.exporter().build(order)
    assert isinstance(built, Built)
    return world.bundles.bundles[built.path]


@pytest.fixture
def world() -> World:
    """A log of two posts and a case that has a part in one of them, sequenced."""
    world = World()
    act = world.forum.act
    act("post:A", actor="a" * 32, reason="found:INSULT")
    opened = act(f"case:{CASE}", Action.CASE_OPEN, reason="found:LIFE_THREAT", part=(1, 1))
    act("post:B", actor="b" * 32)
    act("member:M", Action.MEMBER_WARN)
    decided = act(
        f"case:{CASE}",
        Action.CASE_DECIDE,
        part=(1, 2),
        reason="remove:LIFE_THREAT",
        after=state_commitment(SALT, STATE),
    )
    act("post:A", Action.POST_REMOVE, cause=decided.cause, part=(2, 2), reason="remove:LIFE_THREAT")
    act("post:A", Action.POST_EDIT, actor="a" * 32)
    assert opened.cause != decided.cause
    world.sequence()
    heads = world.forum.heads([f"case:{CASE}", "post:A", "member:M"])
    documents = (
        Document(f"case:{CASE}", "META", STATE, SALT),
        Document("post:A", "REV#000001", b'{"body":"Alt"}', None),
        Document("post:A", "META", b'{"body":"Neu"}', b"t" * 32),
    )
    world.dossiers.cases[CASE] = Dossier(tuple(heads), documents)
    return world


@pytest.mark.parametrize(
    ("selection", "shown"),
    [
        (EVERYTHING, [0, 1, 2, 3, 4, 5, 6]),
        (Selection(actors=frozenset({"a" * 32})), [0, 6]),
        (Selection(action="case:open"), [1]),
        (Selection(kinds=frozenset({"post"})), [0, 2, 5, 6]),
        (Selection(silent=frozenset({"LIFE_THREAT"})), [2, 3]),
        (Selection(start="2026-03-01T08:00:00.014Z"), [2, 3, 4, 5, 6]),
        (Selection(end="2026-03-01T08:00:00.014Z"), [0, 1]),
        (Selection(action="board:create"), []),
    ],
)
def test_what_is_not_asked_for_is_withheld(
    world: World, selection: Selection, shown: list[int], tmp_path: Path
) -> None:
    """Its leaf hash stands in its place; the bundle holds, and the withheld lines are counted."""
    bundle = build(world, world.order(selection=selection))
    lines = files(bundle)["entries.jsonl"].splitlines()
    failures, facts = check(bundle, tmp_path)

    assert shown == [at for at, line in enumerate(lines) if b'"action"' in line]
    assert failures == []
    assert facts["withheld"] == 7 - len(shown)
    table = files(bundle)["entries.csv"].decode().splitlines()[1:]
    assert [int(row.partition(",")[0]) for row in table] == shown
    manifest = json.loads(files(bundle)["manifest.json"])
    assert manifest["counts"]["withheld"] == 7 - len(shown)


def test_the_manifest_says_what_was_asked_for(world: World) -> None:
    """In the request's own words."""
    selection = Selection(actors=frozenset({"b" * 32}), action="post:hold")
    order = world.order(selection=selection, profile=Profile.OUTSIDER)
    manifest = json.loads(files(build(world, order))["manifest.json"])

    assert manifest["profile"] == "outsider"
    assert manifest["selection"] == {"action": "post:hold", "actors": ["b" * 32]}


def test_what_comes_later_is_withheld_too(world: World, tmp_path: Path) -> None:
    """The chain to a subject's head goes over the leaves of what is not shown."""
    order = world.order(selection=Selection(action="post:hold"))
    world.forum.act("post:A", Action.POST_EDIT)
    world.forum.act("post:A", Action.POST_HOLD)
    world.forum.act("post:B", Action.POST_EDIT)
    world.sequence()
    bundle = build(world, order)
    later = files(bundle)["later.jsonl"].splitlines()
    failures, facts = check(bundle, tmp_path)

    assert [b'"leaf"' in line for line in later] == [True, False, True]
    assert failures == []
    assert facts["withheld"] == 5 + 2


def test_one_chain_is_exported_without_the_log_around_it(world: World, tmp_path: Path) -> None:
    """An empty range, and each entry of the subject with a proof of its own, from the first."""
    bundle = build(world, world.order(subject="post:A"))
    failures, facts = check(bundle, tmp_path)

    assert failures == []
    assert (facts["range"], facts["subjects"]) == ([0, 0], 1)
    assert files(bundle)["entries.jsonl"] == b""
    assert len(files(bundle)["later.jsonl"].splitlines()) == 3
    assert len(files(bundle)["entries.csv"].splitlines()) == 4


def test_what_does_not_exist_is_not_exported(world: World) -> None:
    """Neither a subject without acts, nor a case that is none."""
    for asked in ({"subject": "post:C"}, {"case": "01" + "D" * 24}):
        with pytest.raises(NothingThereError):
            world.exporter().build(world.order(**asked))


def test_a_case_is_exported_with_its_part_in_every_chain(world: World, tmp_path: Path) -> None:
    """What others did to its post, and other acts on its author, are withheld."""
    bundle = build(world, world.order(case=CASE))
    failures, facts = check(bundle, tmp_path)
    later = files(bundle)["later.jsonl"].splitlines()

    assert failures == []
    assert [b'"leaf"' in line for line in later] == [True, False, False, False, True]
    assert (facts["documents"], facts["documents_bound"]) == (3, 1)
    assert facts["open_causes"] == 0


def test_records_go_to_no_outsider(world: World) -> None:
    """And what holds some stands apart, where an erasure finds it."""
    outside = world.order(case=CASE, profile=Profile.OUTSIDER)
    inside = world.order(case=CASE, profile=Profile.FULL)

    assert "documents.jsonl" not in files(build(world, outside))
    assert outside.path == f"{outside.id}.zip"
    assert inside.path == f"personal/{inside.id}.zip"
    assert world.kept.objects == {}


def test_without_a_place_for_personal_data_none_goes_out(world: World) -> None:
    """The entries are there, the records are not."""
    exporter = world.exporter()
    pinning = replace(exporter._pinning, kept=None)
    order = world.order(case=CASE, profile=Profile.FULL)
    pin = pinning.pin(order)

    assert isinstance(pin, Pin)
    assert (pin.documents, pin.payloads, pinning.personal(order, pin)) == (None, None, {})


def test_a_case_is_rebuilt_to_the_same_bytes(world: World) -> None:
    """Whatever has happened to its records; once they are erased there is no rebuilding it."""
    order = world.order(case=CASE)
    first = build(world, order)
    world.dossiers.cases[CASE] = replace(world.dossiers.cases[CASE], documents=())
    world.forum.act("post:A")
    world.sequence()
    assert build(world, order) == first

    world.kept.objects.clear()
    with pytest.raises(ObjectMissingError):
        world.exporter().build(order)


def altered(bundle: bytes, name: str, data: bytes | None, folder: Path) -> Path:
    """An unpacked bundle of which one file is another (None: gone)."""
    for each, held in {**files(bundle), name: data}.items():
        path = folder / "unpacked" / each
        path.parent.mkdir(parents=True, exist_ok=True)
        if held is not None:
            path.write_bytes(held)
    return folder / "unpacked"


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (b'"decided"', b'"open"', "document"),
        (b'"decided"', b' "decided"', "document"),
        (b'{"body":"Alt"}', b"{no json}", "document"),
        (SALT.hex().encode(), b"0" * 64, "document"),
        (b'"Alt"', b'"Neu"', "seal"),
    ],
)
def test_an_altered_record_is_found(
    world: World, old: bytes, new: bytes, kind: str, tmp_path: Path
) -> None:
    """By the commitment where there is one, by the seal in any case."""
    bundle = build(world, world.order(case=CASE))
    data = files(bundle)["documents.jsonl"].replace(old, new)
    failures, _ = verify.check(altered(bundle, "documents.jsonl", data, tmp_path), KEY, [], 0)

    assert kind in [each.kind for each in failures]


def test_records_that_were_taken_out_are_missed(world: World, tmp_path: Path) -> None:
    """The seal names the file."""
    bundle = build(world, world.order(case=CASE))
    failures, _ = verify.check(altered(bundle, "documents.jsonl", None, tmp_path), KEY, [], 0)

    assert "seal" in [each.kind for each in failures]


def test_an_entry_swapped_for_its_leaf_is_noticed(world: World, tmp_path: Path) -> None:
    """A withheld line holds, and the seal says that nobody but the operator may withhold."""
    bundle = build(world, world.order(case=CASE))
    lines = files(bundle)["later.jsonl"].splitlines(keepends=True)
    found = verify.LATER.fullmatch(lines[1].rstrip(b"\n"))
    assert found is not None
    leaf = b'{"leaf":"%b"}' % verify.leaf_hash(found[1]).hex().encode()
    assert b"case:decide" not in lines[1]
    lines[1] = lines[1].replace(found[1], leaf)
    path = altered(bundle, "later.jsonl", b"".join(lines), tmp_path)

    assert [each.kind for each in verify.check(path, KEY, [], 0)[0]] == ["seal", "manifest"]


def test_a_case_without_acts_of_its_own_has_no_causes() -> None:
    """Bytes that are no entry have none either."""
    assert causes_of_case([b"?"]) == frozenset()
    world = World(forum=World().forum)
    entry = world.forum.act("post:A")
    table: MemoryTable = world.forum.table
    found = BODY.fullmatch(table.chains["post:A"][0].decode())
    assert found is not None
    assert belongs(found, None)
    assert not belongs(found, frozenset())
    assert belongs(found, frozenset({entry.cause}))
