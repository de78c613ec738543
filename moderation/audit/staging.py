"""What one step of the sequencer writes, as one object that is put before the head moves.

Whoever finds the head moved and the rest not done reads it and does the rest: canonical JSON on
the first line says what follows, end to end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from moderation.audit.canonical import canonical, parse
from moderation.audit.entry import at_text
from moderation.audit.merkle import Frontier
from moderation.audit.ports import Places, Span
from moderation.audit.tiles import TILE_WIDTH, Put


@dataclass(frozen=True, slots=True)
class Step:
    """The objects a step takes, in the order they are put, and the places of its entries."""

    puts: tuple[Put, ...]
    places: Places


def staging_path(frontier: Frontier) -> str:
    """Return the path of a step's object, named by the tree the step leads to."""
    return f"staging/{frontier.size}-{frontier.root().hex()}"


def pack_step(step: Step) -> bytes:
    """Return a step as one object."""
    header = canonical(
        {
            "v": 1,
            "puts": [[path, len(data)] for path, data in step.puts],
            "indexes": [[entry_id, index] for entry_id, index in step.places.indexes],
            "spans": [[span.bundle, span.first_at, span.last_at] for span in step.places.spans],
        }
    )
    return header + b"\n" + b"".join(data for _, data in step.puts)


def unpack_step(data: bytes) -> Step:
    """Return the step that `pack_step` wrote; raises ValueError for anything else."""
    header, _, rest = data.partition(b"\n")
    fields = cast("dict[str, list[list[str | int]]]", parse(header))
    puts, position = [], 0
    for path, length in cast("list[tuple[str, int]]", fields["puts"]):
        puts.append((path, rest[position : position + length]))
        position += length
    if position != len(rest):
        raise ValueError("a staged step ends early or late")
    indexes = cast("list[tuple[str, int]]", fields["indexes"])
    spans = cast("list[tuple[int, str, str]]", fields["spans"])
    return Step(
        tuple(puts),
        Places(
            tuple((entry_id, index) for entry_id, index in indexes),
            tuple(Span(bundle, first, last) for bundle, first, last in spans),
        ),
    )


def full_spans(first: int, bodies: Sequence[bytes]) -> tuple[Span, ...]:
    """Return the spans of the bundles that the bodies fill, the first of them numbered `first`."""
    full = range(0, len(bodies) - TILE_WIDTH + 1, TILE_WIDTH)
    return tuple(_span(first + at // TILE_WIDTH, bodies[at : at + TILE_WIDTH]) for at in full)


def _span(bundle: int, bodies: Sequence[bytes]) -> Span:
    times = [at_text(body) for body in bodies]
    return Span(bundle, min(times), max(times))
