"""A text made ready for matching, and the way back from its words to the stored text."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import cached_property
from itertools import accumulate

from moderation.detection.disguise import Disguises, Edit, Way, apply_edits, suspicious
from moderation.detection.fold import Offsets, fold
from moderation.detection.language import common_words
from moderation.detection.signal import Span
from moderation.detection.words import STOPS, spans_of, words_of

_CLAUSE_WORDS = 14
_CLAUSE_MARKS = frozenset(',:-()"/…')
_CONJUNCTIONS = frozenset(
    {"und", "oder", "aber", "denn", "sondern", "wenn", "weil", "falls", "bis"}
)


class Document:
    """A text, folded, with disguised terms spelled out, as a line of words.

    Whatever matching seldom needs is computed when first asked for.
    """

    def __init__(self, text: str, disguises: Callable[[], Disguises]) -> None:
        self.text = text
        self.folded = fold(text)
        self.words = words_of(self.folded)
        self.line = f" {' '.join(self.words)} "
        self.edits: tuple[Edit, ...] = ()
        if looks_disguised := suspicious(self.folded, self.line):
            self.edits = disguises().edits(self.folded, looks_disguised)
        if self.edits:
            self.folded = apply_edits(self.folded, self.edits)
            self.words = words_of(self.folded)
            self.line = f" {' '.join(self.words)} "

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins in the line."""
        return list(accumulate((len(word) + 1 for word in self.words), initial=1))[:-1]

    def word_at(self, index: int) -> int:
        """The word that a character of the line belongs to."""
        return bisect_right(self.starts, index) - 1

    @cached_property
    def stops(self) -> list[int]:
        """The words that are sentence marks, in order."""
        return [number for number, word in enumerate(self.words) if word[0] in STOPS]

    def sentence(self, word: int) -> tuple[int, int]:
        """The words of the sentence around a word: start, end exclusive, its mark included."""
        after = bisect_left(self.stops, word)
        start = self.stops[after - 1] + 1 if after else 0
        end = self.stops[after] + 1 if after < len(self.stops) else len(self.words)
        return start, end

    @cached_property
    def common_words(self) -> dict[str, int]:
        """How many of the commonest words of each language the text has."""
        return common_words(self.words)

    def is_noun(self, word: int) -> bool:
        """Whether the text writes a word as German writes nouns: with a capital.

        First in a sentence every word has one; there it is a noun where the next has none, since an
        adjective stands before its noun.
        """
        if not self._has_capital(word):
            return False
        first = word == 0 or self.words[word - 1][0] in STOPS
        return not first or (word + 1 < len(self.words) and not self._has_capital(word + 1))

    def _has_capital(self, word: int) -> bool:
        return self.text[self.span(word, word + 1).start].isupper()

    def reads(self, start: int, end: int, spelled: str) -> bool:
        """Whether the text has these words letter by letter: `wurde` where not `würde`."""
        span = self.span(start, end)
        return self.text[span.start : span.end].casefold() == spelled

    def clause_closed_by(self, particles: set[str], word: int) -> bool:
        """Whether a particle that belongs to a verb before `word` closes the clause ("… um.")."""
        words, last = self.words, min(word + _CLAUSE_WORDS, len(self.words))
        for at in range(word, last):
            if words[at][0] in STOPS:
                return False
            if words[at] in particles and self._closes_clause(at):
                return True
        return False

    def _closes_clause(self, word: int) -> bool:
        """Whether a clause ends with a word: the text ends, or a mark or a conjunction follows."""
        after = word + 1
        if after == len(self.words) or self.words[after][0] in STOPS:
            return True
        between = self.folded[self.spans[word][1] : self.spans[after][0]]
        return self.words[after] in _CONJUNCTIONS or not _CLAUSE_MARKS.isdisjoint(between)

    def opens_clause(self, word: int) -> bool:
        """Whether a clause begins with a word: the text begins, or a mark stands before it."""
        if word == 0 or self.words[word - 1][0] in STOPS:
            return True
        between = self.folded[self.spans[word - 1][1] : self.spans[word][0]]
        return not _CLAUSE_MARKS.isdisjoint(between)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each word stands in the folded text."""
        return spans_of(self.folded)

    def word_at_folded(self, index: int) -> int:
        """The word at or before an index of the folded text."""
        return max(0, bisect_right(self.spans, (index, len(self.folded) + 1)) - 1)

    @cached_property
    def _way(self) -> Way:
        return Way(self.edits)

    @cached_property
    def _offsets(self) -> Offsets:
        return Offsets(self.text)

    def span(self, start: int, end: int) -> Span:
        """The stretch of the stored text that words `start` to `end` (exclusive) stand for."""
        first, last = self.spans[start][0], self.spans[end - 1][1]
        return Span(*self._offsets.original(*self._way.back(first, last)))
