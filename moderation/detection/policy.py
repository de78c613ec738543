"""From signals to keep, flag or hold: category x confidence x board.

A category's `automatic` is the most a verdict may do; content about the operator is never held;
lawful categories never stand against a text; a model's score flags and never holds. What is on a
list of known files is held in any case: it is no opinion about anybody (ADR 027).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moderation.detection.facts import BoardPolicy, Strictness
from moderation.detection.signal import KNOWN, PPM, RULES, Signal
from moderation.detection.taxonomy import Automatic, Category, facts_of
from moderation.detection.verdict import Action


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The confidence from which a category is flagged or held, in parts per million."""

    flag_ppm: int
    hold_ppm: int


THRESHOLDS: Mapping[Strictness, Thresholds] = {
    Strictness.LENIENT: Thresholds(700_000, 950_000),
    Strictness.STANDARD: Thresholds(500_000, 900_000),
    Strictness.STRICT: Thresholds(350_000, 850_000),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the policy makes of all signals: the action and the leading category."""

    action: Action
    category: Category | None


def confidence_ppm(scores_ppm: Iterable[int]) -> int:
    """Join independent signals for one category: 1 - (1 - a)(1 - b)…, in whole numbers."""
    doubt = PPM
    for score in scores_ppm:
        doubt = doubt * (PPM - score) // PPM
    return PPM - doubt


def decide(signals: Iterable[Signal], board: BoardPolicy, *, about_operator: bool) -> Outcome:
    """Weigh the signals that are not advisory; the gravest category that is reached leads."""
    found: dict[Category, list[Signal]] = {}
    for signal in signals:
        if not signal.advisory and not facts_of(signal.category).lawful:
            found.setdefault(signal.category, []).append(signal)
    reached = [
        (action, category, confidence_ppm(signal.score_ppm for signal in against))
        for category, against in found.items()
        for action in (_action(category, against, board, about_operator=about_operator),)
        if action is not Action.KEEP
    ]
    if not reached:
        return Outcome(Action.KEEP, None)
    held = any(action is Action.HOLD for action, _, _ in reached)
    _, category, _ = max(reached, key=lambda item: (facts_of(item[1]).severity, item[2]))
    return Outcome(Action.HOLD if held else Action.FLAG, category)


def _action(
    category: Category, against: list[Signal], board: BoardPolicy, *, about_operator: bool
) -> Action:
    thresholds = THRESHOLDS[board.strictness]
    flag_ppm = dict(board.flag_at_ppm).get(category, thresholds.flag_ppm)
    if confidence_ppm(signal.score_ppm for signal in against) < flag_ppm:
        return Action.KEEP
    if any(signal.detector == KNOWN for signal in against):
        return Action.HOLD
    if about_operator or facts_of(category).automatic is Automatic.NONE:
        return Action.FLAG
    by_rules = confidence_ppm(s.score_ppm for s in against if s.detector == RULES)
    return Action.HOLD if by_rules >= max(flag_ppm, thresholds.hold_ppm) else Action.FLAG
