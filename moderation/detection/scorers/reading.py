"""How a text is read by a model with a limit: stretch by stretch, and the highest score counts.

Every scorer that runs a model reads like this, so that they agree with each other on long texts.
One text and one stretch at a time, threads or not: a score never depends on what stands beside it,
and memory is bounded by one window whatever the text.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from moderation.detection.scorer import ScorerUnavailable
from moderation.detection.signal import PPM
from moderation.detection.windows import windows

OVERLAP_TOKENS = 64
MARGIN_TOKENS = 12
"""A stretch is tokenized anew and may come out longer than it was within the whole text."""

LIMIT_S = 60.0


class Model(Protocol):
    """What reads one stretch."""

    @property
    def room_tokens(self) -> int:
        """How many tokens of a text fit beside the special ones."""

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        """First and, exclusive, last code point of each token of a text, special ones left out."""

    def predict(self, text: str) -> Mapping[str, float]:
        """The score of each head, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The highest score of each head in parts per million, and in how many windows it was found."""

    heads: Mapping[str, int]
    windows: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts with a model; gives up on one that takes longer than `limit_s`.

    `clock` gives seconds and never goes back.
    """

    model: Model
    clock: Callable[[], float]
    limit_s: float = LIMIT_S
    # A tokenizer keeps how it is to cut from one call to the next: of two threads one would have
    # its text cut as the other wants it, and leave the tail unread.
    _alone: Lock = field(default_factory=Lock)

    def read(self, text: str) -> Reading | None:
        """Read to the end; None where there is no token. Raises ScorerUnavailable."""
        with self._alone:
            return self._read(text)

    def _read(self, text: str) -> Reading | None:
        text = text.encode("utf-8", "replace").decode("utf-8")  # tokenizers refuse lone surrogates
        ends_at = self.clock() + self.limit_s
        scores: list[Mapping[str, float]] = []
        for stretch in self._stretches(text):
            if self.clock() > ends_at:
                raise ScorerUnavailable(f"the text takes longer than {self.limit_s:g} s")
            scores.append(self.model.predict(stretch))
        if not scores:
            return None
        heads = {head: round(max(each[head] for each in scores) * PPM) for head in scores[0]}
        return Reading(heads, len(scores))

    def _stretches(self, text: str) -> Iterator[str]:
        """Cut a text where its tokens end, so that nothing beyond the limit goes unread."""
        tokens = self.model.offsets(text)
        room = self.model.room_tokens
        if 0 < len(tokens) <= room:
            yield text
            return
        size = room - MARGIN_TOKENS
        for first, end in windows(len(tokens), size, min(OVERLAP_TOKENS, size // 4)):
            stretch = text[tokens[first][0] : tokens[end - 1][1]]
            if len(self.model.offsets(stretch)) > room:
                raise ScorerUnavailable("a window of the text is longer than the model reads")
            yield stretch
