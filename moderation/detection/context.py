"""What a match stands in: negated, quoted, reported, countered, asked, taught, art, reclaimed."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cached_property

from moderation.detection.document import Document
from moderation.detection.lexicon import Hit
from moderation.detection.rule import Context

_BEFORE_NEGATED, _AFTER_NEGATED = 4, 3
_NEARBY = 40
_OUTSIDE_QUOTES = 3
_QUOTED_HITS = 2
_QUOTATION_MARK = re.compile('"')
_QUOTED_LINES = re.compile(r"^ {0,3}>[^\n]*(?:\n {0,3}>[^\n]*)*", re.MULTILINE)

# The shared class that tells a context, and whether it counts in the sentence only or nearby.
_CLASSES: Mapping[Context, tuple[str, bool]] = {
    Context.REPORTED: ("reporting", True),
    Context.COUNTER: ("counter", False),
    Context.EDUCATION: ("education", False),
    Context.ART: ("art", False),
    Context.RECLAIMED: ("reclaiming", True),
    Context.FIGURATIVE: ("figurative", True),
    Context.OPERATOR: ("operator_talk", False),
    # For grave content a word somewhere in the text must not be enough to silence a rule.
    Context.LESSON: ("lesson", True),
    Context.FICTION: ("art", True),
}


class Surroundings:
    """The contexts of one text; `hits_of` gives the hits of a shared class, in order."""

    def __init__(self, document: Document, hits_of: Callable[[str], list[Hit]]) -> None:
        self._document = document
        self._hits_of = hits_of

    def holds(self, context: Context, together: list[Hit]) -> bool:
        """Whether the hits of a match, in order, stand in a context."""
        if context is Context.NEGATED:
            return self._negated(together)
        start, end = together[0].start, together[-1].end
        if context is Context.QUOTED:
            return self._quoted(together)
        first, last = self._document.sentence(start)[0], self._document.sentence(end - 1)[1]
        if context is Context.QUESTION:
            return "?" in self._document.words[last - 1]
        name, same_sentence = _CLASSES[context]
        if not same_sentence:
            first, last = start - _NEARBY, end + _NEARBY
        return self._any(name, first, last, together)

    def _negated(self, together: list[Hit]) -> bool:
        """Whether a negation stands near that is not part of what was matched ("can't stand")."""
        start, end = together[0].start, together[-1].end
        first, last = self._document.sentence(start)[0], self._document.sentence(end - 1)[1]
        low, high = max(first, start - _BEFORE_NEGATED), min(last, end + _AFTER_NEGATED)
        negations = self._hits_of("negation")
        near = negations[bisect_left(negations, (low, 0)) : bisect_left(negations, (high, 0))]
        return any(self._negates(negation, together) for negation in near)

    def _negates(self, negation: Hit, together: list[Hit]) -> bool:
        """Whether a negation is no part of what was matched and in no other clause beside it."""
        if _within(negation, together):
            return False
        if negation.end <= together[0].start:
            return not self._comma_between(negation, together[0])
        return negation.start < together[-1].end or not self._comma_between(together[-1], negation)

    def _comma_between(self, first: Hit, second: Hit) -> bool:
        spans = self._document.spans
        between = slice(spans[first.end - 1][1], spans[second.start][0])
        return "," in self._document.folded[between]

    def _any(self, name: str, first: int, last: int, together: list[Hit]) -> bool:
        """Whether a class has a hit between two words that is no part of what was matched."""
        hits = self._hits_of(name)
        at = bisect_left(hits, (first, 0))
        while at < len(hits) and hits[at].start < last:
            if not _within(hits[at], together):
                return True
            at += 1
        return False

    def _quotation(self, hit: Hit) -> tuple[int, int] | None:
        """The quoted stretch that a hit stands in, None where it stands in none."""
        at = bisect_left(self._quotations, (hit.start + 1, 0)) - 1
        return self._quotations[at] if at >= 0 and hit.end <= self._quotations[at][1] else None

    def _quoted(self, together: list[Hit]) -> bool:
        """Whether a match is quoted, or speaks of what is quoted: "…" is stupid.

        One hit in a quotation with other words makes it so; a name alone in marks is none.
        """
        quotations = [(hit, self._quotation(hit)) for hit in together]
        inside = [(hit, stretch) for hit, stretch in quotations if stretch]
        return len(inside) >= min(len(together), _QUOTED_HITS) or any(
            hit.end - hit.start < last - first for hit, (first, last) in inside
        )

    @cached_property
    def _quotations(self) -> list[tuple[int, int]]:
        """Quoted stretches of words; none where the text is hardly more than a quotation.

        Between marks, or lines that begin as Markdown quotes them.
        """
        folded, spans = self._document.folded, self._document.spans
        marks = [mark.start() for mark in _QUOTATION_MARK.finditer(folded)]
        quoted = [
            *zip(marks[::2], marks[1::2], strict=False),
            *(line.span() for line in _QUOTED_LINES.finditer(folded)),
        ]
        stretches = sorted(
            (bisect_left(spans, (opening, 0)), bisect_left(spans, (closing, 0)))
            for opening, closing in quoted
        )
        inside = sum(last - first for first, last in stretches)
        return stretches if len(self._document.words) - inside >= _OUTSIDE_QUOTES else []


def _within(hit: Hit, together: list[Hit]) -> bool:
    """Whether a hit lies in one of the hits of a match."""
    return any(part.start <= hit.start and hit.end <= part.end for part in together)
