import pytest

from moderation.detection.metrics import Confusion, Rate


def test_the_interval_is_wilsons() -> None:
    """10 of 100: the 95 % Wilson interval of the textbooks."""
    low, high = Rate(10, 100).interval
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (5, 5), (0, 0)])
def test_the_interval_stays_within_bounds(hits: int, n: int) -> None:
    """Extreme counts keep an interval within 0 and 1 that holds the share."""
    rate = Rate(hits, n)
    low, high = rate.interval
    assert 0.0 <= low <= rate.value <= high <= 1.0 + 1e-12


def test_precision_recall_and_f1() -> None:
    """Six right flags, two wrong, four misses."""
    confusion = Confusion(true_flags=6, false_flags=2, misses=4)
    assert confusion.precision.value == 0.75
    assert confusion.recall.value == 0.6
    assert round(confusion.f1, 4) == 0.6667
