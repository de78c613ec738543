"""All terms of all packs in one Aho-Corasick automaton over the line of words.

A line is the words of a folded text between single spaces, so that a space in a key is a word
boundary and the automaton itself decides whole words, beginnings and ends. The time of a scan does
not depend on the number of terms. How a term is written: `term.py`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ahocorasick

from moderation.detection.term import Term, keys_of


class Entry(NamedTuple):
    """What a key of the automaton stands for: its classes, and where its words stand.

    In a class that is a key of `conditions` it counts only where one of these holds (see `Key`).
    `back` leads from the last character of a hit to the first of its first word; it covers `words`.
    """

    classes: frozenset[int]
    conditions: Mapping[int, frozenset[str]]
    back: int
    words: int


class Hit(NamedTuple):
    """A term found: the class and the words it covers, end exclusive."""

    start: int
    end: int


class Lexicon:
    """The automaton over every term, and the numbers of the classes the terms belong to."""

    def __init__(self, classes: Iterable[tuple[str, Iterable[Term]]]) -> None:
        self.numbers: dict[str, int] = {}
        found: dict[str, dict[int, set[str]]] = {}
        for name, terms in classes:
            number = self.numbers.setdefault(name, len(self.numbers))
            for term in terms:
                for key in keys_of(term):
                    found.setdefault(key.text, {}).setdefault(number, set()).add(key.condition)
        self.entries: list[Entry] = []
        self._automaton = ahocorasick.Automaton()
        for text, conditions in found.items():
            self._automaton.add_word(text, len(self.entries))
            back, words = len(text.lstrip(" ")) - 1, text.strip(" ").count(" ") + 1
            conditional = {n: frozenset(c) for n, c in conditions.items() if "" not in c}
            self.entries.append(Entry(frozenset(conditions), conditional, back, words))
        self._automaton.make_automaton()
        self.keys = frozenset(found)
        self.members = self._members()

    def _members(self) -> list[frozenset[int]]:
        """The entries of each class, by its number."""
        members: list[set[int]] = [set() for _ in self.numbers]
        for number, entry in enumerate(self.entries):
            for of in entry.classes:
                members[of].add(number)
        return [frozenset(entries) for entries in members]

    def scan(self, line: str) -> dict[int, list[int]]:
        """Find every term in a line: by entry, the indexes of its last character, in order."""
        found: dict[int, list[int]] = {}
        for last, entry in self._automaton.iter(line):
            if entry in found:
                found[entry].append(last)
            else:
                found[entry] = [last]
        return found
