"""Match the rules against the hits of a text."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from moderation.detection.contact import find_pattern
from moderation.detection.context import Surroundings
from moderation.detection.document import Document
from moderation.detection.language import spoken
from moderation.detection.lexicon import Hit
from moderation.detection.rule import Rule
from moderation.detection.ruleset import BoundRule, RuleSet
from moderation.detection.term import EXACT, NOUN

_NEIGHBOURS = 6
_LONGEST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matched, and the words it matched on, end exclusive."""

    rule: Rule
    start: int
    end: int


class Matcher:
    """The hits of one text, and which rules they satisfy. Each rule matches once at most."""

    def __init__(
        self,
        document: Document,
        rules: RuleSet,
        found: dict[int, list[int]],
        facts: frozenset[str] = frozenset(),
    ) -> None:
        self._document = document
        self._rules = rules
        self._found = found
        self._facts = facts
        self._hits: dict[frozenset[int], list[Hit]] = {}
        self._patterns: dict[str, list[Hit]] = {}

    def matches(self) -> Iterator[Match]:
        """Every rule that matches, with its first match that no context takes the edge off."""
        for number in sorted(self.present & self._rules.anchors):
            for bound in self._rules.anchored(number):
                if self._possible(bound) and (match := self._match(bound, number)):
                    yield match
        for bound in self._rules.unanchored:
            if self._facts.issuperset(bound.facts) and all(map(self._pattern, bound.patterns)):
                yield Match(bound.rule, 0, len(self._document.words))

    @cached_property
    def present(self) -> frozenset[int]:
        """The classes that any term of the text belongs to."""
        entries = self._rules.lexicon.entries
        return frozenset().union(*(entries[entry].classes for entry in self._found))

    def _of(self, numbers: frozenset[int]) -> list[Hit]:
        """The hits of any of these classes in order, as words."""
        if numbers not in self._hits:
            members = self._rules.lexicon.members
            entries = {
                entry for number in numbers for entry in self._found.keys() & members[number]
            }
            hits = [hit for entry in entries for hit in self._words(entry, numbers)]
            hits.sort()
            self._hits[numbers] = hits
        return self._hits[numbers]

    def _words(self, number: int, numbers: frozenset[int]) -> Iterator[Hit]:
        """The words that the hits of an entry cover."""
        word_at = self._document.word_at
        classes, conditions, back, words = self._rules.lexicon.entries[number]
        asked = numbers & classes
        conditional = bool(conditions) and asked <= conditions.keys()
        wanted = {c for n in asked for c in conditions[n]} if conditional else set()
        for last in self._found[number]:
            start = word_at(last - back)
            if not conditional or self._meets(wanted, start, start + words):
                yield Hit(start, start + words)

    def _meets(self, wanted: set[str], start: int, end: int) -> bool:
        """Whether words stand as one of some conditions asks: see `Key`."""
        document = self._document
        if NOUN in wanted and document.is_noun(start):
            return True
        exact = (c.removeprefix(EXACT) for c in wanted if c.startswith(EXACT))
        if any(document.reads(start, end, spelled) for spelled in exact):
            return True
        return document.clause_closed_by(wanted, end)

    def _pattern(self, name: str) -> list[Hit]:
        if name not in self._patterns:
            self._patterns[name] = find_pattern(name, self._document)
        return self._patterns[name]

    def _possible(self, bound: BoundRule) -> bool:
        """Whether all that a rule asks for is there, wherever it stands."""
        if not bound.needs <= self.present:
            return False
        for item in bound.choices:
            if self.present.isdisjoint(item):
                return False
        return self._facts.issuperset(bound.facts) and bound.rule.language in self._languages

    @cached_property
    def _languages(self) -> frozenset[str]:
        return spoken(self._document.common_words)

    def _match(self, bound: BoundRule, anchor: int) -> Match | None:
        for together in self._candidates(bound, anchor):
            if self._silencer(bound, together) is None:
                return Match(bound.rule, together[0].start, max(hit.end for hit in together))
        return None

    def silenced(self) -> Iterator[tuple[Match, str]]:
        """Every candidate of a rule that a context or an excluded class silences, and which."""
        for number in sorted(self.present & self._rules.anchors):
            for bound in filter(self._possible, self._rules.anchored(number)):
                for together in self._candidates(bound, number):
                    if silencer := self._silencer(bound, together):
                        yield Match(bound.rule, together[0].start, together[-1].end), silencer

    def _candidates(self, bound: BoundRule, anchor: int) -> Iterator[list[Hit]]:
        """Hits that stand together as a rule asks, around each hit of its anchor."""
        others = [self._of(item) for item in bound.items[1:]]
        if not all(map(self._pattern, bound.patterns)):
            return
        others += [self._pattern(name) for name in bound.patterns]
        for hit in self._of(frozenset((anchor,))):
            together = self._together(bound.rule, hit, others)
            if together and self._well_formed(bound, hit, together):
                yield together

    def _well_formed(self, bound: BoundRule, anchor: Hit, together: list[Hit]) -> bool:
        """Whether the hits stand in one clause, and open it, where a rule asks for that."""
        if bound.rule.opens and not self._document.opens_clause(together[0].start):
            return False
        if bound.rule.clause:
            spans = self._document.spans
            stretch = slice(spans[together[0].start][0], spans[together[-1].end - 1][1])
            if "," in self._document.folded[stretch]:
                return False
        barred = self._of(bound.not_after) if not self.present.isdisjoint(bound.not_after) else []
        before = barred[max(0, bisect_left(barred, anchor) - 2) : bisect_left(barred, anchor)]
        return not any(anchor.start - hit.end in {0, 1} for hit in before)

    def _together(self, rule: Rule, anchor: Hit, others: list[list[Hit]]) -> list[Hit] | None:
        """The hits that stand together around an anchor, in order; None where one is missing."""
        low, high = self._bounds(rule, anchor)
        chosen = [anchor]
        for hits in others:
            after = chosen[-1].end if rule.ordered else low
            nearest = _nearest(hits, anchor, after, high, chosen)
            if nearest is None:
                return None
            chosen.append(nearest)
        chosen.sort()
        covered = sum(hit.end - hit.start for hit in chosen)
        return chosen if chosen[-1].end - chosen[0].start - covered <= rule.within else None

    def _bounds(self, rule: Rule, anchor: Hit) -> tuple[int, int]:
        first, last = self._document.sentence(anchor.start)
        if rule.across:
            first = self._document.sentence(first - 2)[0] if first > 1 else first
            last = self._document.sentence(last)[1] if last < len(self._document.words) else last
        reach = rule.within + _LONGEST_TERMS  # the distance is counted between hits, not over them
        return max(first, anchor.start - reach), min(last - 1, anchor.end + reach)

    def _silencer(self, bound: BoundRule, together: list[Hit]) -> str | None:
        """What takes the edge off a candidate: a class of `none`, or a context by its name."""
        if not self.present.isdisjoint(bound.none):
            first = self._document.sentence(together[0].start)[0]
            last = self._document.sentence(together[-1].end - 1)[1]
            hits = self._of(bound.none)
            at = bisect_left(hits, (first, 0))
            if at < len(hits) and hits[at].start < last:
                return "/".join(sorted(bound.rule.none))
        contexts = (c for c in bound.rule.unless if self._around.holds(c, together))
        return next(contexts, None)

    @cached_property
    def _around(self) -> Surroundings:
        return Surroundings(self._document, self._shared)

    def _shared(self, name: str) -> list[Hit]:
        numbers = (self._rules.shared(language, name) for language in ("de", "en", "any"))
        return self._of(frozenset(number for number in numbers if number is not None))


def _nearest(hits: list[Hit], anchor: Hit, low: int, high: int, chosen: list[Hit]) -> Hit | None:
    """The hit nearest to an anchor between two words that overlaps nothing chosen."""
    at = bisect_left(hits, (anchor.start, 0))
    near = hits[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]
    fitting = [
        hit
        for hit in near
        if low <= hit.start
        and hit.start <= high
        and all(hit.end <= other.start or other.end <= hit.start for other in chosen)
    ]
    return min(fitting, key=lambda hit: abs(hit.start - anchor.start), default=None)
