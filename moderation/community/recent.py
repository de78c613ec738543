"""What a member has written lately, as far as counting their writes tells it anyway.

The facts behind "many posts in a short time" and "the same text in several places". They are kept
beside the count of the rate limit, in the update that every write makes, so that they cost no
request; they reach back to the last full hour and are gone after the next.
"""

from dataclasses import dataclass

from moderation.detection.fold import fold
from moderation.detection.words import words_of

WORDS_LEAST = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A text as the count knows it: short keyed digests of its words and of the request's key.

    A request that is repeated counts once.
    """

    text: str
    request: str


@dataclass(frozen=True, slots=True)
class Recent:
    """The writes of this hour, and how many of them had this text (0: not asked); this one counts.

    An hour is one that the clock shows.
    """

    writes: int = 1
    same_text: int = 0


def alike(text: str) -> str | None:
    """What two texts have in common that say the same; None where one says too little to tell.

    "Thanks, that helped" is written every day; a text of eight words is hardly written twice.
    """
    words = words_of(fold(text))
    return " ".join(words) if len(words) >= WORDS_LEAST else None
