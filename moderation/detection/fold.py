"""Fold a text for matching, character by character, so that offsets stay exact.

NFKD, case, marks, Default_Ignorable and bidi controls, full-width and mathematical alphabets, TR39
confusables, quotation marks and dashes. Each character folds on its own, whatever stands beside it:
this is why the way back to the original is a sum of lengths. The stored text is never changed.

German umlauts lose their dots (`ä` → `a`, `ß` → `ss`); the lexicon holds a term in both spellings.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

_CONFUSABLES = Path(__file__).with_name("confusables.json")
_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7f]")
_MAY_CHANGE_LENGTH = re.compile(r"[^\x00-\x7f]|'")
_DROPPED_CATEGORIES = frozenset({"Mn", "Me", "Cf", "Cs", "Co"})
# Default_Ignorable_Code_Point that is neither Cf nor Mn (DerivedCoreProperties.txt).
_DROPPED = frozenset("\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0")
_OWN = {
    **dict.fromkeys("“”„‟«»″〝〞＂", '"'),
    **dict.fromkeys("’‘‚‛´′ʼ＇‹›", ""),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "'": "",
    "€": "e",
    "\u2028": "\n",
    "\u2029": "\n",
}
# Letters in black circles and squares, and regional indicators, which NFKD leaves alone.
_ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)


@cache
def _confusables() -> dict[str, str]:
    prototypes = json.loads(_CONFUSABLES.read_text(encoding="utf-8"))["prototypes"]
    return {look: letter.casefold() for letter, looks in prototypes.items() for look in looks}


@cache
def fold_character(character: str) -> str:
    """Fold one character to none, one or several; the same wherever it stands."""
    if character in _OWN:
        return _OWN[character]
    if character in _DROPPED:
        return ""
    if letter := _confusables().get(character):
        return letter
    for first in _ALPHABETS:
        if first <= ord(character) < first + 26:
            return chr(ord("a") + ord(character) - first)
    parts = unicodedata.normalize("NFKD", character).casefold()
    kept = [
        _confusables().get(part, part)
        for part in parts
        if part not in _DROPPED and unicodedata.category(part) not in _DROPPED_CATEGORIES
    ]
    return "".join(kept).lower().replace("'", "")


def fold(text: str) -> str:
    """Fold a text; equal to folding each of its characters by itself."""
    if not text.isascii():
        text = _OUTSIDE_ASCII.sub(lambda match: fold_character(match[0]), text)
    return text.lower().replace("'", "")


class Offsets:
    """The way back from a folded text to the text it came from.

    Only characters that fold to none or to several are kept; between them lengths are equal.
    """

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._unequal: list[tuple[int, int]] = []
        shift = 0
        for match in _MAY_CHANGE_LENGTH.finditer(text):
            length = len(fold_character(match[0]))
            if length != 1:
                self._starts.append(match.start() + shift)
                self._unequal.append((match.start(), length))
                shift += length - 1

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Map a stretch of the folded text, not empty, to the stretch of the original it is of."""
        return self._back(start), self._back(end - 1) + 1

    def _back(self, index: int) -> int:
        at = bisect_right(self._starts, index) - 1
        if at < 0:
            return index
        position, length = self._unequal[at]
        beyond = index - self._starts[at] - length
        return position if beyond < 0 else position + 1 + beyond
