"""Fit a board's flag thresholds to what its moderators decided.

A category that is flagged and mostly kept on a board costs moderators time and teaches them to
click it away: its threshold rises until enough of what is flagged is upheld. Grave categories (S3,
S4) are left alone, since there a false alarm is cheaper than a miss.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from moderation.detection.signal import PPM
from moderation.detection.taxonomy import Category, Severity, facts_of

LEAST_DECISIONS = 30
WANTED_SHARE_PPM = 500_000


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided case that detection opened: its category, its confidence, whether it was upheld."""

    category: Category
    score_ppm: int
    upheld: bool


def calibrated(
    cases: Iterable[Decided],
    *,
    least: int = LEAST_DECISIONS,
    wanted_share_ppm: int = WANTED_SHARE_PPM,
) -> tuple[tuple[Category, int], ...]:
    """Give thresholds for `BoardPolicy.flag_at_ppm`, in the order of the codes.

    The lowest confidence from which on the wanted share of decisions was upheld, one above the
    highest where there is none. A category with fewer than `least` decisions gets no threshold.
    """
    by_category: dict[Category, list[Decided]] = {}
    for case in cases:
        if facts_of(case.category).severity < Severity.S3:
            by_category.setdefault(case.category, []).append(case)
    return tuple(
        (category, _threshold(by_category[category], wanted_share_ppm))
        for category in sorted(by_category)
        if len(by_category[category]) >= least
    )


def _threshold(cases: list[Decided], wanted_share_ppm: int) -> int:
    scores = sorted({case.score_ppm for case in cases})
    for score in scores:
        above = [case.upheld for case in cases if case.score_ppm >= score]
        if sum(above) * PPM >= wanted_share_ppm * len(above):
            return score
    return min(scores[-1] + 1, PPM)
