"""Two rule sets compared on texts whose outcome is known: what is counted and kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """A text whose outcome is known. `label`: of a corpus, or what moderators decided."""

    id: str
    text: str
    label: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCount:
    """Of `n` texts of a label, how many were flagged (held ones among them) before and after."""

    label: str
    n: int
    flagged_before: int
    flagged_after: int
    held_before: int
    held_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two rule sets on the same texts: counts by label, and ids of texts that only one flags.

    At most 20 ids a side are named.
    """

    counts: tuple[LabelCount, ...] = ()
    newly_flagged: tuple[str, ...] = ()
    no_longer_flagged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusTrial:
    """What whoever proposes says of a corpus of his own, which stays with him."""

    content: str
    base: str
    before: str
    corpus: str
    found: Comparison
