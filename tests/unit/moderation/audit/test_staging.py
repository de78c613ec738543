"""A step of the sequencer is one object that can be carried out by whoever finds it."""

import pytest

from moderation.audit.merkle import Frontier
from moderation.audit.ports import Places, Span
from moderation.audit.staging import Step, full_spans, pack_step, staging_path, unpack_step

STEP = Step(
    (("tile/0/000.p/1", b"\n\x00{}"), ("tile/entries/000.p/1", b"")),
    Places((("01KJM6MRBQ0PQB1NT7P0ABATVB", 7),), (Span(0, "a", "b"),)),
)


def test_a_step_is_read_again() -> None:
    """Objects, indexes and spans, in their order."""
    assert unpack_step(pack_step(STEP)) == STEP


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x"])
def test_a_step_of_another_length_is_refused(change: object) -> None:
    """What was cut off is not carried out in part."""
    assert callable(change)
    with pytest.raises(ValueError, match="early or late"):
        unpack_step(change(pack_step(STEP)))


def test_a_step_is_named_by_the_tree_it_leads_to() -> None:
    """Two different steps never share a name."""
    frontier = Frontier().extend([b"x" * 32])

    assert staging_path(frontier) == f"staging/1-{(b'x' * 32).hex()}"


def test_spans_are_those_of_full_bundles() -> None:
    """Earliest and latest time, wherever in the bundle they stand."""
    bodies = [b'{"at":"%024d"' % (number * 7 % 256) for number in range(256)]
    low, high = f"{0:024d}", f"{255:024d}"

    assert full_spans(3, [*bodies, *bodies, *bodies[:255]]) == (
        Span(3, low, high),
        Span(4, low, high),
    )
