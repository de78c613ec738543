"""A board's detection policy on the wire."""

from schemas.strict import Request, Response
from schemas.text import Reasons
from schemas.vocabulary import Category, Strictness


class NewCalibration(Request):
    """A policy to set: thresholds from decided cases, or none; a strictness, or as it is."""

    reason: Reasons
    from_cases: bool = True
    strictness: Strictness | None = None


class ThresholdView(Response):
    """The confidence from which a category is flagged on this board, in parts per million."""

    category: Category
    flag_at_ppm: int


class CalibrationView(Response):
    """A board's policy, and what decided cases suggest; `cases` is how many of them there are."""

    board: str
    strictness: Strictness
    thresholds: list[ThresholdView]
    suggested: list[ThresholdView]
    cases: int
