"""What is known about a text beside its words: its place, its author, who runs the forum."""

from dataclasses import dataclass, field
from enum import StrEnum

from moderation.detection.taxonomy import Category


class Strictness(StrEnum):
    """How a board turns confidence into action; the thresholds stand in `policy.py`."""

    LENIENT = "lenient"
    STANDARD = "standard"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class BoardPolicy:
    """A board's policy: its strictness, and thresholds calibrated from its decided cases.

    `flag_at_ppm` overrides the score at which a category is flagged on this board; a hold never
    comes below it.
    """

    strictness: Strictness = Strictness.STANDARD
    flag_at_ppm: tuple[tuple[Category, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorFacts:
    """What the community knows of the author at this moment.

    `posts_this_hour` counts writes, `same_text_elsewhere` other posts with the same text, both of
    the hour that the clock shows. `reports_upheld` counts the warnings and the suspension that
    decisions of the last 90 days brought the author.
    """

    account_age_days: int = 365
    posts_this_hour: int = 0
    same_text_elsewhere: int = 0
    reports_upheld: int = 0
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one screen. `language` is a hint (BCP 47); None lets the text speak.

    `operator_names` are the names of the company, its brands and its products.
    """

    language: str | None = None
    board: BoardPolicy = field(default_factory=BoardPolicy)
    operator_names: tuple[str, ...] = ()
    author: AuthorFacts = field(default_factory=AuthorFacts)
