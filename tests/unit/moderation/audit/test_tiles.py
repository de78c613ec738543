"""Tiles and bundles are those of C2SP tlog-tiles."""

import random

import pytest

from moderation.audit.entry import leaf_hash
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import Frontier, ProofError, inclusion_proof, root_from_inclusion
from moderation.audit.tiles import (
    Edge,
    TileError,
    entries_path,
    grow,
    node_reader,
    pack_entries,
    read_edge,
    tile_path,
    unpack_entries,
    unpack_tile,
)
from tests.support.audit_fakes import ORIGIN, SIGNER, World

BODIES = [b"%d" % number for number in range(70_000)]
LEAVES = [leaf_hash(body) for body in BODIES]


def grown(*sizes: int) -> tuple[dict[str, bytes], Frontier, Edge]:
    """Grow a tree to each size in turn."""
    objects: dict[str, bytes] = {}
    frontier, edge = Frontier(), Edge()
    for size in sizes:
        new = slice(frontier.size, size)
        edge, puts = grow(frontier.size, edge, LEAVES[new], BODIES[new])
        objects.update(puts)
        frontier = frontier.extend(LEAVES[new])
    return objects, frontier, edge


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (tile_path(0, 0), "tile/0/000"),
        (tile_path(0, 1_234_067), "tile/0/x001/x234/067"),
        (tile_path(1, 999, 17), "tile/1/999.p/17"),
        (tile_path(2, 1000, 1), "tile/2/x001/000.p/1"),
        (entries_path(273, 112), "tile/entries/273.p/112"),
    ],
)
def test_paths(path: str, expected: str) -> None:
    """Groups of three digits, all but the last behind an x; a width only where partial."""
    assert expected == path


@pytest.mark.parametrize("width", [0, 257])
def test_a_tile_holds_one_to_256(width: int) -> None:
    """No path is made for another width."""
    with pytest.raises(TileError):
        tile_path(0, 0, width)


def test_the_tiles_of_seventy_thousand() -> None:
    """The specification's example: 273 full tiles and one of 112, one and 17, one of 1."""
    objects, _, _ = grown(70_000)
    tiles = [path for path in objects if path.startswith("tile/")]

    assert sum(path.startswith("tile/0/") and ".p" not in path for path in tiles) == 273
    assert {path for path in tiles if ".p/" in path} == {
        "tile/0/273.p/112",
        "tile/entries/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    }
    assert len(objects["tile/0/000"]) == 8192


def test_growing_in_steps_gives_the_same_tiles() -> None:
    """A full tile does not depend on how the tree came to its size."""
    chance = random.Random(5)  # noqa: S311
    at_once, frontier, edge = grown(3000)
    in_steps, same, same_edge = grown(*sorted(chance.sample(range(3000), 20)), 3000)

    assert (frontier, edge) == (same, same_edge)
    assert at_once == {path: in_steps[path] for path in at_once}
    assert edge == read_edge(frontier, in_steps.__getitem__)


@pytest.mark.parametrize("size", [0, 1, 256, 257, 65_536, 65_793])
def test_the_edge_is_read_back(size: int) -> None:
    """From the tiles alone, at every kind of size."""
    objects, frontier, edge = grown(size)

    assert edge == read_edge(frontier, objects.__getitem__)


@pytest.mark.parametrize("path", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_an_altered_edge_is_refused(path: str) -> None:
    """Whoever writes to the bucket cannot lead the log astray."""
    objects, frontier, _ = grown(300)
    altered = bytearray(objects[path])
    altered[-1] ^= 1

    with pytest.raises(TileError):
        read_edge(frontier, (objects | {path: bytes(altered)}).__getitem__)


def test_an_edge_of_another_width_is_refused() -> None:
    """A tile that lacks its last hash is not the one named."""
    objects, frontier, _ = grown(300)

    with pytest.raises(TileError):
        read_edge(frontier, (objects | {"tile/0/001.p/44": b""}).__getitem__)


def test_proofs_come_out_of_the_tiles() -> None:
    """Each subtree is found in the tile that holds it, each tile read once."""
    objects, frontier, _ = grown(70_000)
    reads: list[str] = []

    def read(path: str) -> bytes:
        reads.append(path)
        return objects[path]

    node = node_reader(70_000, read)
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        proof = inclusion_proof(index, 70_000, node)
        assert root_from_inclusion(LEAVES[index], index, 70_000, proof) == frontier.root()
    assert len(reads) == len(set(reads))


def test_subtrees_outside_the_tree_are_refused() -> None:
    """Neither beyond its size nor in a tile of another width."""
    objects, _, _ = grown(300)
    node = node_reader(300, objects.__getitem__)

    with pytest.raises(ProofError):
        node(0, 300)
    with pytest.raises(TileError):
        node_reader(300, lambda _: b"x" * 32)(0, 299)


def test_entries_are_packed_with_their_lengths() -> None:
    """Two bytes, big-endian, before each."""
    assert pack_entries([b"ab", b""]) == b"\x00\x02ab\x00\x00"
    assert unpack_entries(b"\x00\x02ab\x00\x00") == [b"ab", b""]


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x02a", b"\x00\x01ab"])
def test_a_bundle_that_ends_inside_an_entry_is_refused(bundle: bytes) -> None:
    """Lengths and bytes must fit."""
    with pytest.raises(TileError):
        unpack_entries(bundle)


def test_a_tile_that_ends_inside_a_hash_is_refused() -> None:
    """A tile is a multiple of 32 bytes."""
    with pytest.raises(TileError):
        unpack_tile(b"x" * 33)


def test_a_bundle_of_another_width_is_refused() -> None:
    """A reader gets as many entries as the path says, or none."""
    world = World()
    for name in world.forum.names(5):
        world.forum.act(name)
    world.sequence()
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    path = "tile/entries/000.p/5"
    bodies = unpack_entries(world.objects.objects[path])
    world.objects.objects[path] = pack_entries(bodies[:4])

    with pytest.raises(TileError, match="another width"):
        log.bundle(0, 5)
