"""The words of a folded text, with marks that end a sentence as words of their own."""

import re

# A full stop inside a word (a number, an address of the web) ends no sentence.
WORD = re.compile(r"[^\W_]+|[.!?;]+(?![^\W_])|\n")
STOPS = frozenset(".!?;\n")


_PLAIN_WORD = re.compile(r"[a-z0-9]+|[.!?;]+(?![a-z0-9])|\n")


def words_of(folded: str) -> list[str]:
    """Split a folded text into words and sentence marks."""
    return (_PLAIN_WORD if folded.isascii() else WORD).findall(folded)


def spans_of(folded: str) -> list[tuple[int, int]]:
    """Where each of its words stands in a folded text."""
    pattern = _PLAIN_WORD if folded.isascii() else WORD
    return [match.span() for match in pattern.finditer(folded)]
