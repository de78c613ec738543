"""A figure of merit: what was measured, what it stands beside, and what it must reach."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the bench; `docs/performance.md` says how each is taken.

    `anchor` is what stands beside the value, in its unit: a floor or a naive way measured in the
    same run, or the least that is possible. `target` is None where nothing was promised.
    `deterministic` figures are counts: the same on every machine.
    """

    id: str
    name: str
    value: float
    unit: str
    anchor: float | None
    target: float | None
    better: Literal["lower", "higher"] = "lower"
    deterministic: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where nothing was promised."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target
