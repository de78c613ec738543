import pytest

from moderation.detection.signal import Signal, Span
from moderation.detection.taxonomy import Category


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_runs_forward(start: int, end: int) -> None:
    """A span before the text or backwards is refused."""
    with pytest.raises(ValueError, match="no span"):
        Span(start, end)


@pytest.mark.parametrize("score", [-1, 1_000_001])
def test_a_score_is_in_parts_per_million(score: int) -> None:
    """A score below none or above all is refused."""
    with pytest.raises(ValueError, match="score_ppm"):
        Signal("rules", "1", Category.SPAM, score, None, "", "why", "a@1")
