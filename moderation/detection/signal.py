"""What a detector says about a text: one signal for each reason, never only the first."""

from dataclasses import dataclass

from moderation.detection.taxonomy import Category

PPM = 1_000_000
VERSION_CHARACTERS = 12
"""Of the digest by which signals name a rule set."""

RULES = "rules"
"""The detector whose signals may lead to an automatic hold, by their confidence."""
KNOWN = "known"
"""The detector that knows listed files: its signals hold, and nobody is shown their spans."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the stored text, in code points, end exclusive."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no span: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to look at a text: who says so, how sure, where, and in words for a moderator.

    `score_ppm` is the detector's confidence in parts per million. `span` points into the text as
    it is stored, None where the whole text is meant. `rule` is the rule's id at its version, or the
    label of a model's head. `advisory` marks a signal that may not change a verdict (a score in a
    language the model does not know, a rule in shadow).
    """

    detector: str
    version: str
    category: Category
    score_ppm: int
    span: Span | None
    excerpt: str
    explanation: str
    rule: str
    advisory: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.score_ppm <= PPM:
            raise ValueError(f"score_ppm out of range: {self.score_ppm}")
