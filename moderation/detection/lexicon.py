"""All terms of all packs in one Aho-Corasick automaton over the line of words.

A line is the words of a folded text between single spaces, so that a space in a key is a word
boundary and the automaton itself decides whole words, beginnings and ends. The time of a scan does
not depend on the number of terms.

How a term is written in a pack: `idiot` the word, `idiot~` the word with the endings of its
language, `idiot*` words beginning so, `*schwein` words ending so, `*jud*` anywhere, `halt die
fresse` a phrase, `^schwarze` a noun, that is with a capital and not first in its sentence. Umlauts
stand as themselves and match `ä`, `a` and `ae`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick

from moderation.detection.fold import fold
from moderation.detection.words import words_of

ENDINGS = {
    "de": ("", "e", "en", "er", "es", "em", "n", "s", "in", "innen", "ern", "ens"),
    "en": ("", "s", "es"),
    "any": ("",),
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})


class Entry(NamedTuple):
    """What a key of the automaton stands for: its classes, and where its words stand.

    In the classes that are `nouns` it counts only where the text writes it with a capital. `back`
    leads from the last character of a hit to the first of its first word; it covers `words`.
    """

    classes: frozenset[int]
    nouns: frozenset[int]
    back: int
    words: int


class Hit(NamedTuple):
    """A term found: the class and the words it covers, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term as a pack writes it, with the language whose endings it takes."""

    text: str
    language: str


def keys_of(term: Term) -> frozenset[str]:
    """The keys of the automaton that stand for a term."""
    return frozenset(_keys(term))


def _keys(term: Term) -> Iterator[str]:
    opening = "" if term.text.startswith("*") else " "
    closing = "" if term.text.endswith("*") else " "
    endings = ENDINGS[term.language] if term.text.endswith("~") else ("",)
    bare = term.text.strip("^*~ ")
    for spelling in {bare, bare.translate(_UMLAUTS)}:
        words = " ".join(words_of(fold(spelling)))
        for ending in endings:
            yield f"{opening}{words}{ending}{closing}"


class Lexicon:
    """The automaton over every term, and the numbers of the classes the terms belong to."""

    def __init__(self, classes: Iterable[tuple[str, Iterable[Term]]]) -> None:
        self.numbers: dict[str, int] = {}
        found: dict[str, set[int]] = {}
        nouns: dict[str, set[int]] = {}
        for name, terms in classes:
            number = self.numbers.setdefault(name, len(self.numbers))
            for term in terms:
                for key in keys_of(term):
                    found.setdefault(key, set()).add(number)
                    if term.text.startswith("^"):
                        nouns.setdefault(key, set()).add(number)
        self.entries: list[Entry] = []
        self._automaton = ahocorasick.Automaton()
        for key, numbers in found.items():
            self._automaton.add_word(key, len(self.entries))
            back, words = len(key.lstrip(" ")) - 1, key.strip(" ").count(" ") + 1
            only_nouns = frozenset(nouns.get(key, ()))
            self.entries.append(Entry(frozenset(numbers), only_nouns, back, words))
        self._automaton.make_automaton()
        self.keys = frozenset(found)

    def scan(self, line: str) -> dict[int, list[int]]:
        """Find every term in a line: by entry, the indexes of its last character, in order."""
        found: dict[int, list[int]] = {}
        for last, entry in self._automaton.iter(line):
            if entry in found:
                found[entry].append(last)
            else:
                found[entry] = [last]
        return found
