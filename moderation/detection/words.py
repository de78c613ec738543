"""The words of a folded text, with marks that end a sentence as words of their own."""

import re

# A full stop inside a word (a number, an address of the web) ends no sentence.
WORD = re.compile(r"[^\W_]+|[.!?;]+(?![^\W_])|\n")
STOPS = frozenset(".!?;\n")


def words_of(folded: str) -> list[str]:
    """Split a folded text into words and sentence marks."""
    return WORD.findall(folded)
