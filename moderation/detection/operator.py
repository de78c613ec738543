"""The names by which a text is known to be about the company that runs the forum."""

from functools import cache

from moderation.detection.fold import fold
from moderation.detection.words import words_of

# What follows a company's name in the register and in nobody's mouth.
_LEGAL_FORMS = frozenset(
    {"gmbh", "ag", "se", "kg", "ohg", "gbr", "ug", "kgaa", "eg", "ev", "mbh", "co", "und"}
    | {"haftungsbeschrankt", "ltd", "limited", "inc", "llc", "plc", "corp", "sarl", "sas"}
    | {"bv", "nv", "spa", "oy", "ab"}
)


def names_of(company: str, brands: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The company's name, the same without its legal form, and its brands and products."""
    spoken = company.split()
    while len(spoken) > 1 and _is_legal_form(spoken[-1]):
        spoken.pop()
    return tuple(dict.fromkeys((company, " ".join(spoken), *brands)))


def named_in(line: str, names: tuple[str, ...]) -> bool:
    """Whether a line of words (see `lexicon.py`) holds one of the names, in the genitive too."""
    return any(name in line for name in _as_words(names))


@cache
def _as_words(names: tuple[str, ...]) -> tuple[str, ...]:
    """Each name as a line would hold it, folded once a process."""
    folded = [" ".join(words_of(fold(name))) for name in names]
    return tuple(f" {name}{ending} " for name in folded if name for ending in ("", "s"))


def _is_legal_form(word: str) -> bool:
    said = "".join(words_of(fold(word))).replace(".", "")
    return not said or said in _LEGAL_FORMS
