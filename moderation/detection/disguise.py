"""Terms in disguise: leet, masked, spaced, dotted and repeated letters.

Only a stretch that looks disguised is touched, and only where it spells a listed term; what spells
nothing stays as it is, which is what keeps clean posts clean. A term is looked up by its squeezed
letters (each run of a letter as one), and the text must have at least the term's own runs, so that
`nigeria` never spells what has two g.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby, islice, product
from operator import ge
from typing import NamedTuple

import ahocorasick

_EDGE = r"a-z0-9@$"
_SIGN = r"a-z0-9@$|!+("
_GAP = r"[\s.\-_*,/·~^:]{1,3}"
_CHAIN = re.compile(
    rf"(?<![{_EDGE}])([{_SIGN}])\1{{0,4}}(?:{_GAP}([{_SIGN}])\2{{0,4}}(?![{_EDGE}])){{2,60}}"
)
_LEET = re.compile(r"[0-9@$|+*#!(]+")
_SINGLES = re.compile(r" (\S)\1? (\S)\2? (\S)\3? ")
_REPEAT = re.compile(r"([a-z])\1(?:\1|([a-z])\2)")
_TOKEN_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789@$|!+*#(")
_RUN = re.compile(r"(.)\1+")
_MEANINGS = {
    **{letter: letter for letter in "abcdefghijklmnopqrstuvwxyz"},
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b",
    "9": "g", "@": "a", "$": "s", "|": "il", "!": "i", "+": "t", "(": "c",
}  # fmt: skip
_AMBIGUOUS = frozenset(sign for sign, letters in _MEANINGS.items() if len(letters) > 1)
_PLAIN = str.maketrans({sign: letters[0] for sign, letters in _MEANINGS.items()})
_MASKS = frozenset("*#")
_MAX_READINGS = 8
_MAX_TOKEN = 64
_MIN_IN_CHAIN = 4
_MIN_TOKEN = 3
_HAS_LETTER = re.compile(r"[a-z]").search


class Edit(NamedTuple):
    """A stretch of the folded text, end exclusive, and what it spells."""

    start: int
    end: int
    replacement: str


def apply_edits(folded: str, edits: tuple[Edit, ...]) -> str:
    """Write each edit's replacement in place of its stretch; edits are in order and disjoint."""
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += (folded[position : edit.start], edit.replacement)
        position = edit.end
    return "".join([*parts, folded[position:]])


class Way:
    """The way back from an edited text to the folded one, in the time of a bisection."""

    def __init__(self, edits: tuple[Edit, ...]) -> None:
        self._edits = edits
        self._begins: list[int] = []
        self._shifts = [0]
        for edit in edits:
            self._begins.append(edit.start + self._shifts[-1])
            grown = len(edit.replacement) - (edit.end - edit.start)
            self._shifts.append(self._shifts[-1] + grown)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Map a stretch; a replacement maps to all of what it replaced."""
        return self._back(start)[0], self._back(end - 1)[1]

    def _back(self, index: int) -> tuple[int, int]:
        """The stretch of the folded text that one character of the edited text stands for."""
        at = bisect_right(self._begins, index)
        if at and index < self._begins[at - 1] + len(self._edits[at - 1].replacement):
            return self._edits[at - 1].start, self._edits[at - 1].end
        return index - self._shifts[at], index - self._shifts[at] + 1


class Stretch(NamedTuple):
    """A stretch that looks disguised, and whether it is a chain of single letters."""

    start: int
    end: int
    chained: bool


class _Spelling(NamedTuple):
    bare: str
    text: str
    opening: bool
    closing: bool
    runs: tuple[int, ...]


class Disguises:
    """The listed terms by their squeezed letters."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._whole: dict[str, list[_Spelling]] = {}
        starred: dict[str, list[_Spelling]] = {}
        self._by_shape: dict[tuple[int, str], list[_Spelling]] = {}
        for key in sorted(keys):
            bare = key.replace(" ", "")
            if len(bare) < _MIN_TOKEN or not bare.isascii() or not bare.isalpha():
                continue
            spelling = _Spelling(
                bare, key.strip(" "), key.startswith(" "), key.endswith(" "), _runs(bare)
            )
            group = self._whole if spelling.opening and spelling.closing else starred
            group.setdefault(_squeeze(bare), []).append(spelling)
            self._by_shape.setdefault((len(bare), bare[0]), []).append(spelling)
        # In a word only open terms can stand anywhere; in a chain of letters all can.
        self._in_word = _automaton(starred)
        self._in_chain = _automaton(self._whole, starred)

    def edits(self, folded: str, stretches: Iterable[Stretch]) -> tuple[Edit, ...]:
        """Read the suspicious stretches of a folded text; the edits are in order and disjoint."""
        edits: list[Edit] = []
        end = 0
        for start, stop, chained in sorted(stretches):
            if start >= end:
                read = self._chain if chained else self._token
                edits += read(folded, start, stop)
                end = edits[-1].end if edits and edits[-1].end > start else end
        return tuple(edits)

    def _chain(self, folded: str, start: int, stop: int) -> list[Edit]:
        """Read single letters with gaps; where a word ends in them nobody knows."""
        positions = [at for at in range(start, stop) if folded[at] in _MEANINGS]
        return self._read("".join(folded[at] for at in positions), positions, alone=False)

    def _token(self, folded: str, start: int, stop: int) -> list[Edit]:
        """Read one word with signs or repeated letters in it."""
        token = folded[start:stop]
        if not _MASKS.isdisjoint(token):
            return self._masked(token, start)
        return self._read(token, range(start, stop), alone=True)

    def _masked(self, token: str, start: int) -> list[Edit]:
        if 2 * sum(character in _MASKS for character in token) > len(token) + 1:
            return []
        for spelling in self._by_shape.get((len(token), token[0]), ()):
            pairs = zip(token, spelling.bare, strict=True)
            if all(sign in _MASKS or letter in _MEANINGS[sign] for sign, letter in pairs):
                return [Edit(start, start + len(token), spelling.text)]
        return []

    def _read(self, letters: str, positions: Sequence[int], *, alone: bool) -> list[Edit]:
        """Read letters that stand at these positions, the reading that spells most of them."""
        found = max(
            (list(self._find(reading, alone=alone)) for reading in _readings(letters)), key=_covered
        )
        return [
            Edit(positions[first], positions[last] + 1, text if alone else f" {text} ")
            for first, last, text in found
        ]

    def _find(self, reading: str, *, alone: bool) -> Iterator[tuple[int, int, str]]:
        """The terms in a reading, longest first where they overlap: first letter, last, text."""
        squeezed = _squeeze(reading)
        automaton = self._in_word if alone else self._in_chain
        candidates = list(automaton.iter(squeezed)) if len(automaton) else []
        if alone and squeezed in self._whole:
            candidates.append((len(squeezed) - 1, self._whole[squeezed]))
        if not candidates:
            return
        lengths = _runs(reading)
        begins = list(accumulate(lengths, initial=0))
        hits = []
        for last, spellings in candidates:
            for spelling in spellings:
                first = last - len(spelling.runs) + 1
                whole = first == 0, last == len(lengths) - 1
                if _stands(spelling, *whole, alone=alone) and all(
                    map(ge, lengths[first:], spelling.runs)
                ):
                    hits.append((begins[first], begins[last + 1] - 1, spelling.text))
        end = -1
        for first, last, text in sorted(hits, key=lambda hit: (hit[0], -hit[1], -len(hit[2]))):
            if first > end:
                yield first, last, text
                end = last


def _readings(letters: str) -> Iterator[str]:
    """What letters and signs may stand for, a few of the ways where a sign is ambiguous."""
    if _AMBIGUOUS.isdisjoint(letters):
        yield letters.translate(_PLAIN)
        return
    ways = islice(product(*(_MEANINGS[letter] for letter in letters)), _MAX_READINGS)
    yield from map("".join, ways)


def _covered(found: list[tuple[int, int, str]]) -> int:
    return sum(last - first + 1 for first, last, _ in found)


def _stands(spelling: _Spelling, opens: bool, closes: bool, *, alone: bool) -> bool:
    """Whether a term stands where its boundaries allow: in a chain, if long enough or all of it."""
    if not alone:
        return (opens and closes) or len(spelling.bare) >= _MIN_IN_CHAIN
    return (opens or not spelling.opening) and (closes or not spelling.closing)


def _runs(letters: Iterable[str]) -> tuple[int, ...]:
    """How often each letter stands in a row."""
    return tuple(sum(1 for _ in group) for _, group in groupby(letters))


def _squeeze(word: str) -> str:
    """Write each run of a letter as one."""
    return _RUN.sub(r"\1", word)


def _automaton(*groups: Mapping[str, list[_Spelling]]) -> ahocorasick.Automaton:
    found: dict[str, list[_Spelling]] = {}
    for group in groups:
        for squeezed, spellings in group.items():
            found.setdefault(squeezed, []).extend(spellings)
    automaton = ahocorasick.Automaton()
    for squeezed, spellings in found.items():
        automaton.add_word(squeezed, spellings)
    automaton.make_automaton()
    return automaton


def suspicious(folded: str, line: str) -> list[Stretch]:
    """Find the stretches of a folded text that look disguised, whatever they spell.

    `line` is its words between single spaces: three single letters in a row begin a chain.
    """
    found = []
    if _SINGLES.search(line):
        found = [Stretch(*match.span(), True) for match in _CHAIN.finditer(folded)]
    for pattern in (_LEET, _REPEAT):
        seen = -1
        for match in pattern.finditer(folded):
            if match.start() >= seen and _beside_letter(folded, *match.span()):
                start, seen = _token_around(folded, match.start())
                token = folded[start:seen]
                if len(token) >= _MIN_TOKEN and _spells(token, signs=pattern is _LEET):
                    found.append(Stretch(start, seen, False))
    return found


def _beside_letter(folded: str, start: int, end: int) -> bool:
    """Whether a letter stands before or after a stretch; a number on its own disguises nothing."""
    return folded[start - 1 : start].isalpha() or folded[end : end + 1].isalpha()


def _spells(token: str, *, signs: bool) -> bool:
    """Whether a token holds letters, and signs among them where signs were what was looked for."""
    return (
        not token.isdigit() and not (signs and token.isalpha()) and _HAS_LETTER(token) is not None
    )


def _token_around(folded: str, at: int) -> tuple[int, int]:
    start = stop = at
    low, high = max(0, at - _MAX_TOKEN), min(len(folded), at + _MAX_TOKEN)
    while start > low and folded[start - 1] in _TOKEN_CHARACTERS:
        start -= 1
    while stop < high and folded[stop] in _TOKEN_CHARACTERS:
        stop += 1
    while start < stop and folded[start] in "*#(|+":
        start += 1
    while start < stop and folded[stop - 1] in "!|(+*#":
        stop -= 1
    return start, stop
