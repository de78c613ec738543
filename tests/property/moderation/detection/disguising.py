"""Disguise words the way people do it: the opposite of what the normaliser undoes."""

import random
from collections.abc import Callable, Mapping

_LEET = {
    "a": "4@",
    "b": "8",
    "e": "3€",
    "g": "9",
    "i": "1!|",
    "l": "1|",
    "o": "0",
    "s": "5$",
    "t": "7+",
}
_CONFUSABLE = {
    "a": "аɑ",
    "c": "сϲ",
    "e": "е",
    "i": "іι",
    "o": "оο",
    "p": "рρ",
    "s": "ѕ",
    "x": "х",
    "y": "у",
}
_INVISIBLE = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u202e\u202c\u034f"
_MARKS = "\u0301\u0308\u0336\u0323\u0489"


def leet(word: str, chance: random.Random) -> str:
    """Write some letters as digits or signs; never a sign at the edge that reads as punctuation."""
    letters = list(word)
    for at in range(1, len(letters) - 1):
        if letters[at] in _LEET and chance.random() < 0.5:
            letters[at] = chance.choice(_LEET[letters[at]])
    return "".join(letters)


def spaced(word: str, chance: random.Random) -> str:
    """Put the same gap between all letters."""
    return chance.choice([" ", ".", "-", "_", "*", "  ", " . "]).join(word)


def repeated(word: str, chance: random.Random) -> str:
    """Repeat some letters, one of them often enough to be seen."""
    loud = chance.randrange(len(word))
    counts = [chance.choice([1, 1, 1, 3]) for _ in word]
    counts[loud] = 4
    return "".join(letter * count for letter, count in zip(word, counts, strict=True))


def confusable(word: str, chance: random.Random) -> str:
    """Write letters of other scripts that look alike."""
    return "".join(chance.choice(_CONFUSABLE.get(letter, letter)) for letter in word)


def full_width(word: str, _: random.Random) -> str:
    """Write full-width letters."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)


def mathematical(word: str, chance: random.Random) -> str:
    """Write letters of one of the mathematical alphabets."""
    first = chance.choice([0x1D41A, 0x1D4EA, 0x1D5BA, 0x1D68A])
    return "".join(chr(first + ord(c) - ord("a")) if "a" <= c <= "z" else c for c in word)


def invisible(word: str, chance: random.Random) -> str:
    """Put invisible and bidi characters between the letters."""
    return "".join(letter + chance.choice(_INVISIBLE) for letter in word)


def marked(word: str, chance: random.Random) -> str:
    """Put combining marks on the letters."""
    return "".join(letter + chance.choice(_MARKS) for letter in word)


def case(word: str, chance: random.Random) -> str:
    """Mix upper and lower case."""
    return "".join(letter.upper() if chance.random() < 0.5 else letter for letter in word)


SHAPE: Mapping[str, Callable[[str, random.Random], str]] = {
    "leet": leet,
    "repeated": repeated,
    "spaced": spaced,
}
SCRIPT: Mapping[str, Callable[[str, random.Random], str]] = {
    "confusable": confusable,
    "full_width": full_width,
    "mathematical": mathematical,
    "invisible": invisible,
    "marked": marked,
    "case": case,
}


def disguise(word: str, chance: random.Random) -> str:
    """Apply any mixture of disguises to a word of ASCII letters, shape before script."""
    shapes = [name for name in SHAPE if chance.random() < 0.4]
    scripts = [name for name in SCRIPT if chance.random() < 0.3]
    if not shapes and not scripts:
        scripts = [chance.choice(list(SCRIPT))]
    for name in shapes:
        word = SHAPE[name](word, chance)
    for name in scripts:
        word = SCRIPT[name](word, chance)
    return word
