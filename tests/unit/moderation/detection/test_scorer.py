from moderation.detection.facts import BoardPolicy, Facts
from moderation.detection.pipeline import load_rules, screen, with_scores
from moderation.detection.scorer import Scores, signals_from
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action

RULES = load_rules()
CLEAN = screen("Schönes Wetter heute.", Facts(), RULES)


def scores(supported: bool = True, **heads: int) -> Scores:
    """Scores of one window."""
    return Scores("detoxify", "tiny-1", heads, supported, windows=1)


def test_high_scores_become_signals_highest_first() -> None:
    """Heads of a category become signals by name; low ones and coarse language do not."""
    signals = signals_from(
        scores(insult=820_000, threat=840_000, obscene=990_000, toxicity=100_000)
    )
    assert [signal.rule for signal in signals] == ["threat", "insult"]


def test_a_score_opens_a_case_and_never_holds() -> None:
    """The highest score there is flags a post and does not hold it."""
    verdict = with_scores(CLEAN, scores(threat=1_000_000, insult=1_000_000), BoardPolicy())
    assert (verdict.action, verdict.category) == (Action.FLAG, Category.THREAT)


def test_a_score_does_not_raise_a_flag_to_a_hold() -> None:
    """A rule that flags and a score that agrees still only flag."""
    text = "Ich komme vorbei und schlage dir die Zähne ein."
    flagged = screen(text, Facts(), RULES)
    both = with_scores(flagged, scores(threat=1_000_000), BoardPolicy())
    assert (flagged.action, both.action) == (Action.FLAG, Action.FLAG)


def test_a_hold_by_the_rules_stays() -> None:
    """A low score takes nothing back."""
    held = screen("Ich bringe dich um.", Facts(), RULES)
    assert with_scores(held, scores(threat=1), BoardPolicy()).action is Action.HOLD


def test_a_score_in_an_unknown_language_is_advisory() -> None:
    """Where the model does not know the language the signal is shown and changes nothing."""
    verdict = with_scores(CLEAN, scores(supported=False, threat=990_000), BoardPolicy())
    assert verdict.action is Action.KEEP
    assert [signal.advisory for signal in verdict.signals] == [True]
    assert "not trained" in verdict.signals[0].explanation


def test_the_verdict_says_who_has_read() -> None:
    """Rules and model are named with their versions, and the same model counts once."""
    once = with_scores(CLEAN, scores(threat=990_000), BoardPolicy())
    assert once.checked_by == (f"rules@{RULES.version}", "detoxify@tiny-1")
    assert with_scores(once, scores(threat=990_000), BoardPolicy()) == once


def test_a_clean_text_stays_kept() -> None:
    """Low scores leave a clean text without a category."""
    verdict = with_scores(CLEAN, scores(threat=1_000), BoardPolicy())
    assert (verdict.action, verdict.category, verdict.severity) == (Action.KEEP, None, None)
