"""A rule: what must stand together in a text for a category to be raised, as data.

A rule never looks at characters. It speaks of classes of terms that the lexicon has found, and of
where these stand to one another, so that its time depends on the hits and not on the text.
"""

from dataclasses import dataclass
from enum import StrEnum

from moderation.detection.taxonomy import Category


class Context(StrEnum):
    """What a match may stand in that takes its edge away; see `context.py` for how each is told."""

    NEGATED = "negated"
    QUOTED = "quoted"
    REPORTED = "reported"
    COUNTER = "counter"
    QUESTION = "question"
    EDUCATION = "education"
    ART = "art"
    RECLAIMED = "reclaimed"
    FIGURATIVE = "figurative"
    OPERATOR = "operator"
    LESSON = "lesson"
    FICTION = "fiction"


class Status(StrEnum):
    """LIVE counts; SHADOW raises advisory signals that change no verdict; OFF is never matched."""

    LIVE = "live"
    SHADOW = "shadow"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts a rule must match and must leave alone; they run as tests."""

    match: tuple[str, ...]
    leave: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack.

    `all` lists what must stand together: each item is a set of class names, any of which will do.
    The first item is the anchor; `@link`, `@email` and the like are found by patterns, `@repeated`,
    `@burst` and the like are facts of the author. `within` is the greatest number of words between
    them, their own not counted; `ordered` asks for the order of `all`; `across` lets them stand in
    two neighbouring sentences, `clause` wants no comma between them, `opens` wants the first of
    them to open a clause, as an imperative does. No class of `not_after` may stand directly before
    the anchor, an article between them or not, and no class of `none` in the sentence. `unless`
    names the contexts in which the rule is silent.
    """

    id: str
    version: int
    category: Category
    language: str
    score_ppm: int
    explanation: str
    all: tuple[frozenset[str], ...]
    none: frozenset[str]
    unless: tuple[Context, ...]
    within: int
    ordered: bool
    across: bool
    clause: bool
    opens: bool
    not_after: frozenset[str]
    status: Status
    examples: Examples

    @property
    def name(self) -> str:
        """The rule's id at its version, as signals carry it."""
        return f"{self.id}@{self.version}"
