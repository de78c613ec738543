import pytest

from moderation.detection.calibration import Decided, calibrated
from moderation.detection.facts import BoardPolicy, Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action


def decided(score_ppm: int, upheld: int, kept: int, category: Category) -> list[Decided]:
    """Decisions at one confidence."""
    outcomes = [True] * upheld + [False] * kept
    return [Decided(category, score_ppm, outcome) for outcome in outcomes]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [((10, 10), (10, 10), 540_000), ((2, 18), (16, 4), 720_000), ((0, 20), (1, 19), 720_001)],
)
def test_the_threshold_rises_until_enough_is_upheld(
    low: tuple[int, int], high: tuple[int, int], expected: int
) -> None:
    """The lowest confidence from which half is upheld, above all of them where none is."""
    cases = [
        *decided(540_000, *low, category=Category.INSULT),
        *decided(720_000, *high, category=Category.INSULT),
    ]
    assert calibrated(cases) == ((Category.INSULT, expected),)


def test_few_decisions_say_nothing() -> None:
    """Below thirty decisions the default stays."""
    assert calibrated(decided(600_000, 0, 29, Category.SPAM)) == ()


def test_grave_categories_keep_their_threshold() -> None:
    """However often threats are kept, they go on being flagged."""
    assert calibrated(decided(900_000, 0, 100, Category.LIFE_THREAT)) == ()


def test_a_threshold_never_leaves_the_scale() -> None:
    """Above certainty there is nothing."""
    assert calibrated(decided(1_000_000, 0, 40, Category.SPAM)) == ((Category.SPAM, 1_000_000),)


def test_a_calibrated_board_flags_less() -> None:
    """What a board mostly keeps is no longer flagged there."""
    text, rules = "Ach, fick dich doch.", load_rules()
    policy = BoardPolicy(flag_at_ppm=calibrated(decided(540_000, 3, 40, Category.INSULT)))
    assert screen(text, Facts(), rules).action is Action.FLAG
    assert screen(text, Facts(board=policy), rules).action is Action.KEEP
