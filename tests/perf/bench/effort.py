"""How much is measured: enough for a figure, or just enough to see that every part works."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Effort:
    """How often and on how much.

    `rounds` of each timing, fresh `interpreters` for each import, `entries` of an audit log,
    `subjects` and `most_subjects` of the logs whose verification is weighed, `calls` of a handler
    in a round, `texts` that are screened, `posts` in the long thread, `leaves` of the tree for the
    proof, and the `model` whose speed is taken.
    """

    rounds: int
    interpreters: int
    entries: int
    subjects: int
    most_subjects: int
    calls: int
    texts: int
    posts: int
    leaves: int
    model: Literal["tiny", "full"]


FULL = Effort(
    rounds=5,
    interpreters=9,
    entries=60_000,
    subjects=100_000,
    most_subjects=1_000_000,
    calls=200,
    texts=60,
    posts=5_000,
    leaves=1_000_000,
    model="full",
)
SMOKE = Effort(
    rounds=1,
    interpreters=1,
    entries=600,
    subjects=600,
    most_subjects=700,
    calls=2,
    texts=2,
    posts=5_000,
    leaves=1_000,
    model="tiny",
)
