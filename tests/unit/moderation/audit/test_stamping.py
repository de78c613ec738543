"""Asking an authority for time stamps, and what is taken of its answers."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.anchor import Anchors
from moderation.audit.order import Built, NotYet
from moderation.audit.pinning import STAMP_PATIENCE
from moderation.audit.ports import StampError
from moderation.audit.stamping import AnchorStamps, query, taken
from tests.support.audit_fakes import World
from tests.support.authority import Authority

NONCE = bytes(range(248, 256))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority."""
    return Authority(tmp_path_factory.mktemp("tsa"))


class Silent:
    """An authority that gives no answer, and counts how often it was asked."""

    asked = 0

    def stamp(self, data: bytes) -> bytes:
        """Give none."""
        self.asked += 1
        raise StampError(f"no answer to {len(data)} bytes")


def test_a_query_is_answered_by_openssl(authority: Authority) -> None:
    """With this digest, this number and its certificate."""
    asked = query(b"hello", NONCE)
    answer = authority.answer(asked)
    stamp = verify.read_stamp(answer)

    assert answer == taken(answer, b"hello", asked)
    assert (stamp.name, stamp.is_of(b"hello")) == ("sha256", True)
    assert stamp.nonce == int.from_bytes(bytes([NONCE[0] & 0x3F | 0x40]) + NONCE[1:])


def test_only_what_was_asked_for_is_taken(authority: Authority) -> None:
    """No other bytes, no answer to an earlier query, nothing that is no stamp."""
    asked = query(b"hello", NONCE)
    answer = authority.answer(asked)
    for wrong, data, number in (
        (answer, b"other", NONCE),
        (answer, b"hello", bytes(8)),
        (answer[:-1], b"hello", NONCE),
        (b"<html>", b"hello", NONCE),
    ):
        with pytest.raises(StampError):
            taken(wrong, data, query(data, number))


def test_an_anchor_is_stamped_once(authority: Authority) -> None:
    """And again where a cosigned one was put over it."""
    world = World()
    (name,) = world.forum.names(1)
    stamps = AnchorStamps(world.anchors, authority, world.clock)
    assert not stamps.run()
    world.forum.act(name)
    world.sequence()

    assert (stamps.run(), stamps.run()) == (True, False)
    first = world.anchors.objects["2026-03-01.tsr"]
    world.anchors.objects["2026-03-01"] += b"\n"
    assert (stamps.run(), stamps.run()) == (True, False)
    second = world.anchors.objects["2026-03-01.tsr"]
    anchor = world.anchors.objects["2026-03-01"]
    assert [verify.read_stamp(each).is_of(anchor) for each in (first, second)] == [False, True]


def test_yesterdays_anchor_is_left_as_it_is() -> None:
    """A stamp of today would say little about it, and bundles may have it already."""
    world = World()
    world.forum.act(*world.forum.names(1))
    world.sequence()
    silent = Silent()
    later = world.clock.at + timedelta(days=1)

    assert not AnchorStamps(world.anchors, silent, lambda: later).run()
    assert silent.asked == 0


def test_an_anchor_may_bear_no_stamp() -> None:
    """The authority was silent all day."""
    world = World()
    world.forum.act(*world.forum.names(1))
    world.sequence()
    with pytest.raises(StampError):
        AnchorStamps(world.anchors, Silent(), world.clock).run()
    end = world.clock.at.date() + timedelta(days=1)
    anchors = Anchors(world.anchors, end)
    (anchor,) = anchors.of_range(world.clock.at.date(), 0, 1)

    assert anchors.stamp(anchor) is None


def names_of(bundle: bytes) -> list[str]:
    """The files of a bundle."""
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        return archive.namelist()


def sequenced(authority: Authority | Silent | None) -> World:
    """A log of one entry, exported with an authority at hand."""
    world = World(timestamper=authority)
    world.forum.act(*world.forum.names(1))
    world.sequence()
    return world


def test_a_bundle_waits_for_a_stamp_for_a_while() -> None:
    """Then it goes without, and stays so however often it is built."""
    silent = Silent()
    world = sequenced(silent)
    order = world.order()
    early, late = (order.requested_at + STAMP_PATIENCE + timedelta(seconds=at) for at in (-1, 0))
    assert world.exporter(lambda: early).build(order) == NotYet(
        f"no answer to {len(world.objects.objects['checkpoint'])} bytes"
    )
    built = world.exporter(lambda: late).build(order)
    assert isinstance(built, Built)
    first = world.bundles.bundles[built.path]

    assert silent.asked == 2
    world.exporter(lambda: late).build(order)
    assert (silent.asked, world.bundles.bundles[built.path]) == (2, first)
    assert "checkpoint.tsr" not in names_of(first)


def test_a_stamp_is_asked_for_once(authority: Authority) -> None:
    """A rebuild has the same, and so the same bytes."""
    world = sequenced(authority)
    before = authority.asked
    first, second = world.export(), world.export()

    assert authority.asked == before + 1
    assert first == second
    assert "checkpoint.tsr" in names_of(first)


def test_without_an_authority_there_is_no_stamp(tmp_path: Path) -> None:
    """Also not where one was named after the export was pinned."""
    world = sequenced(None)
    order = world.order()
    world.exporter().build(order)
    world.timestamper = Authority(tmp_path)
    built = world.exporter().build(order)

    assert isinstance(built, Built)
    assert "checkpoint.tsr" not in names_of(world.bundles.bundles[built.path])
