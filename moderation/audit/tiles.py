"""Tiles and entry bundles: the log as files, as C2SP tlog-tiles v0.1.0 has them.

A tile holds up to 256 hashes of one level (a level is eight of the tree), an entry bundle up to
256 entries. Full ones never change; a partial one is named by its width and never changes either.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from moderation.audit.entry import leaf_hash
from moderation.audit.merkle import HASH_BYTES, Frontier, NodeReader, ProofError

TILE_WIDTH = 256
TILE_LEVELS = 8
ENTRY_LIMIT_BYTES = 0xFFFF
CHECKPOINT_PATH = "checkpoint"

type Put = tuple[str, bytes]
"""A path in the log's bucket and what is to stand there."""


class TileError(ValueError):
    """A tile or bundle that is missing, has another length, or hashes to something else."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The partial tiles at the right edge of a tree, level 0 first, and the partial bundle."""

    levels: tuple[tuple[bytes, ...], ...] = ()
    bodies: tuple[bytes, ...] = ()


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of a tile; a width below 256 names a partial one."""
    return f"tile/{level}/{_number(index)}{_partial(width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return the path of an entry bundle; a width below 256 names a partial one."""
    return f"tile/entries/{_number(index)}{_partial(width)}"


def pack_entries(bodies: Iterable[bytes]) -> bytes:
    """Return an entry bundle: each body behind its length in two bytes, big-endian."""
    return b"".join(len(body).to_bytes(2) + body for body in bodies)


def unpack_entries(bundle: bytes) -> list[bytes]:
    """Return the bodies of an entry bundle; raises TileError where it ends inside one."""
    bodies, position, end = [], 0, len(bundle)
    while position + 2 <= end:
        start = position + 2
        position = start + (bundle[position] << 8 | bundle[position + 1])
        bodies.append(bundle[start:position])
    if position != end:
        raise TileError("an entry bundle ends inside an entry")
    return bodies


def unpack_tile(tile: bytes) -> tuple[bytes, ...]:
    """Return the hashes of a tile."""
    if len(tile) % HASH_BYTES:
        raise TileError("a tile ends inside a hash")
    return tuple(tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES))


def read_edge(frontier: Frontier, read: Callable[[str], bytes]) -> Edge:
    """Return the right edge of the tree, read from the tiles and held against the frontier.

    The tiles need not be trusted: what doesn't hash to the frontier raises TileError.
    """
    levels, rest, size, level = [], list(frontier.hashes), frontier.size, 0
    while size:
        width = size % TILE_WIDTH
        hashes = unpack_tile(read(tile_path(level, size // TILE_WIDTH, width))) if width else ()
        ends = Frontier().extend(hashes).hashes
        if len(hashes) != width or tuple(rest[len(rest) - len(ends) :]) != ends:
            raise TileError(f"the tile at the edge of level {level} is not that of the tree")
        del rest[len(rest) - len(ends) :]
        levels.append(hashes)
        size, level = size // TILE_WIDTH, level + 1
    width = frontier.size % TILE_WIDTH
    if not width:
        return Edge(tuple(levels), ())
    bodies = unpack_entries(read(entries_path(frontier.size // TILE_WIDTH, width)))
    if tuple(map(leaf_hash, bodies)) != levels[0]:
        raise TileError("the entry bundle at the edge is not that of the tree")
    return Edge(tuple(levels), tuple(bodies))


def grow(
    size: int, edge: Edge, leaves: Sequence[bytes], bodies: Sequence[bytes]
) -> tuple[Edge, list[Put]]:
    """Return the edge after appending to a tree of `size`, and the bundles and tiles it takes."""
    parts, bodies_left = _cut(size, edge.bodies, bodies)
    puts = [(entries_path(index, len(part)), pack_entries(part)) for index, part in parts]
    levels, level, added = list(edge.levels), 0, list(leaves)
    while added:
        held = levels[level] if level < len(levels) else ()
        parts, left = _cut(size >> TILE_LEVELS * level, held, added)
        levels[level : level + 1] = [left]
        puts += [(tile_path(level, index, len(part)), b"".join(part)) for index, part in parts]
        full = [part for _, part in parts if len(part) == TILE_WIDTH]
        level, added = level + 1, [Frontier().extend(part).root() for part in full]
    return Edge(tuple(levels), bodies_left), puts


def node_reader(size: int, read: Callable[[str], bytes]) -> NodeReader:
    """Return a reader of perfect subtrees out of the tiles of a tree of `size`.

    One request a tile: what was read is kept for the reader's lifetime.
    """
    kept: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def tile(level: int, index: int) -> tuple[bytes, ...]:
        if (level, index) not in kept:
            width = min(TILE_WIDTH, (size >> TILE_LEVELS * level) - index * TILE_WIDTH)
            hashes = unpack_tile(read(tile_path(level, index, width)))
            if len(hashes) != width:
                raise TileError("a tile of another width than its name says")
            kept[level, index] = hashes
        return kept[level, index]

    def node(level: int, index: int) -> bytes:
        if not 0 <= index < size >> level:
            raise ProofError("no such subtree in a tree of this size")
        above, within = divmod(level, TILE_LEVELS)
        begin = index << within
        hashes = tile(above, begin // TILE_WIDTH)
        start = begin % TILE_WIDTH
        return Frontier().extend(hashes[start : start + (1 << within)]).root()

    return node


def _cut(
    size: int, held: Sequence[bytes], added: Sequence[bytes]
) -> tuple[list[tuple[int, Sequence[bytes]]], tuple[bytes, ...]]:
    """Return the (index, part) of each tile that changes, and what the last one is partial of."""
    row, first = [*held, *added], size // TILE_WIDTH
    starts = range(0, len(row), TILE_WIDTH)
    parts: list[tuple[int, Sequence[bytes]]] = [
        (first + at // TILE_WIDTH, row[at : at + TILE_WIDTH]) for at in starts
    ]
    return parts, tuple(row[len(row) - len(row) % TILE_WIDTH :])


def _number(index: int) -> str:
    """Return a number in groups of three digits, all but the last behind an `x`."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    return re.sub(r"(...)(?=.)", r"x\1/", digits)


def _partial(width: int) -> str:
    if not 0 < width <= TILE_WIDTH:
        raise TileError("a tile holds 1 to 256")
    return "" if width == TILE_WIDTH else f".p/{width}"
