"""The port of the ML scorer: what a model says about a text, beside the rules.

Toxic is not unlawful: a score raises a case for a person, and never holds or removes. A score says
whether the model knows the language; where it does not, the signal is advisory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from moderation.detection.signal import PPM, Signal
from moderation.detection.taxonomy import Category

# The heads of the models in use, by name and never by position: their order differs from model to
# model. `obscene` and `severe_toxicity` map to nothing: coarse language is no category.
CATEGORY_OF_HEAD: Mapping[str, Category] = {
    "toxicity": Category.INSULT,
    "insult": Category.INSULT,
    "threat": Category.THREAT,
    "identity_attack": Category.HATE,
    "sexual_explicit": Category.MINOR_HARM,
}
SIGNAL_AT_PPM = 800_000
# A model alone flags and never holds: its confidence counts as no more than this.
_CEILING_PPM = 850_000


class ScorerUnavailable(Exception):
    """The scorer could not score: not loaded, timed out, or out of memory. Worth another try."""


class ScorerRefused(Exception):
    """The scorer will never score with what it has: wrong or missing weights, a wrong digest."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one text in parts per million, by head.

    `windows` is the number of windows the text was read in; each score is the highest of them.
    """

    model: str
    model_version: str
    heads: Mapping[str, int]
    language_supported: bool
    windows: int


class Scorer(Protocol):
    """Scores texts. Fails closed: without a score a post stays unchecked until a person has looked.

    Whoever can write to the model's files decides what is flagged, not what is removed.
    """

    @property
    def version(self) -> str:
        """The model and the digest of its weights; part of the key a score is stored under."""

    def language_supported(self, language: str) -> bool:
        """Whether the model was trained on a language (BCP 47)."""

    def score(self, text: str, language: str) -> Scores | None:
        """Score a text; None where there is nothing to score. Raises ScorerUnavailable.

        The same text gets the same score, whatever was scored before or beside it.
        """


def signals_from(scores: Scores) -> tuple[Signal, ...]:
    """Turn scores into signals, highest first; those too low to look at are left out."""
    signals = [
        Signal(
            detector=scores.model,
            version=scores.model_version,
            category=CATEGORY_OF_HEAD[head],
            score_ppm=min(score_ppm, _CEILING_PPM),
            span=None,
            excerpt="",
            explanation=_explanation(head, score_ppm, supported=scores.language_supported),
            rule=head,
            advisory=not scores.language_supported,
        )
        for head, score_ppm in scores.heads.items()
        if head in CATEGORY_OF_HEAD and score_ppm >= SIGNAL_AT_PPM
    ]
    return tuple(sorted(signals, key=lambda signal: signal.score_ppm, reverse=True))


def _explanation(head: str, score_ppm: int, *, supported: bool) -> str:
    said = f"The model gives {head} {score_ppm * 100 // PPM} %."
    return said if supported else f"{said} It was not trained on this language."
