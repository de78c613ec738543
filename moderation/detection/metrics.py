"""Counts, rates with their confidence intervals, precision, recall and F1."""

from dataclasses import dataclass
from math import sqrt

_Z = 1.959964  # two-sided 95 % of the normal distribution


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `n` with its 95 % Wilson interval, which holds for few and for extreme counts."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share, 0 where there is nothing to share."""
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson score interval (E. B. Wilson, 1927)."""
        if not self.n:
            return 0.0, 1.0
        square = _Z * _Z
        middle = (self.value + square / (2 * self.n)) / (1 + square / self.n)
        spread = self.value * (1 - self.value) / self.n + square / (4 * self.n * self.n)
        half = _Z * sqrt(spread) / (1 + square / self.n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Flagged against labelled; a flag is any verdict above keep."""

    true_flags: int
    false_flags: int
    misses: int

    @property
    def precision(self) -> Rate:
        """The share of flags that were right."""
        return Rate(self.true_flags, self.true_flags + self.false_flags)

    @property
    def recall(self) -> Rate:
        """The share of positives that were flagged."""
        return Rate(self.true_flags, self.true_flags + self.misses)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = 2 * self.true_flags + self.false_flags + self.misses
        return 2 * self.true_flags / both if both else 0.0
