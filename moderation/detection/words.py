"""The words of a folded text, with marks that end a sentence as words of their own."""

import re

WORD = re.compile(r"[^\W_]+|[.!?;]+|\n")
STOPS = frozenset(".!?;\n")


def words_of(folded: str) -> list[str]:
    """Split a folded text into words and sentence marks."""
    return WORD.findall(folded)
