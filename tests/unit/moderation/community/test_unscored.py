"""What stands in for a score that never came."""

from moderation.community.unscored import DETECTOR, unscored
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action


def test_it_asks_for_a_human_and_says_nothing_against_the_text() -> None:
    """Flagged, never held, without confidence and without a place in the text."""
    verdict = unscored("de")
    (signal,) = verdict.signals

    assert (verdict.action, verdict.category, verdict.language) == (
        Action.FLAG,
        Category.UNSPEC,
        "de",
    )
    assert (signal.detector, signal.score_ppm, signal.span) == (DETECTOR, 0, None)
    assert verdict.checked_by == ()
