"""A board's detection policy as those see it who keep the rules."""

from moderation.community.board import Board
from moderation.community.calibrating import Suggestion, Thresholds
from schemas.calibration import CalibrationView, ThresholdView


def calibration_view(board: Board, suggestion: Suggestion) -> CalibrationView:
    """The policy in force, and the thresholds that decided cases suggest."""
    return CalibrationView(
        board=board.slug,
        strictness=board.policy.strictness.value,
        thresholds=_thresholds(board.policy.flag_at_ppm),
        suggested=_thresholds(suggestion.thresholds),
        cases=suggestion.cases,
    )


def _thresholds(thresholds: Thresholds) -> list[ThresholdView]:
    return [ThresholdView(category=c.value, flag_at_ppm=ppm) for c, ppm in thresholds]
