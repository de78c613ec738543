"""How a term is written in a pack, and the keys of the automaton that stand for it.

`idiot` the word, `idiot~` the word with the endings of its language, `idiot*` words beginning so,
`*schwein` words ending so, `*jud*` anywhere, `halt die fresse` a phrase, `^schwarze` a noun, that
is with a capital, `=müsste` a word so spelled, since without its dots it is another.
`(euer|eure) (laden|app)` stands for each combination. `um/bringen+` is a German verb in all its
forms, together and apart, `um/bringen+ich` what the author does (*ich bringe … um*),
`um/bringen+du` what one is told to do (*bring … um*), `+ihr` others (*bringt … um*) and one.
Umlauts stand as themselves and match `ä`, `a` and `ae`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from moderation.detection.conjugation import Form, first_person, forms, imperative, told_to_one
from moderation.detection.fold import fold
from moderation.detection.words import words_of

NOUN = "^"
"""The condition of a key that counts only as a noun."""
EXACT = "="
"""Begins the condition of a key that counts only where it is spelled letter by letter."""
ENDINGS = {
    "de": ("", "e", "en", "er", "es", "em", "n", "s", "in", "innen", "ern", "ens"),
    "en": ("", "s", "es"),
    "any": ("",),
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})
_FORMS = {"": forms, "ich": first_person, "du": told_to_one, "ihr": imperative}
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Term:
    """A term as a pack writes it, with the language whose endings it takes."""

    text: str
    language: str


class Key(NamedTuple):
    """A key of the automaton, and what must hold for it to count.

    `condition` is empty, `NOUN`, `EXACT` with the spelling, or the particle of a verb, which must
    close the clause.
    """

    text: str
    condition: str = ""


def mistake_in(text: str) -> str | None:
    """Say what is wrong with how a term is written, None where nothing is."""
    if text.count("(") != text.count(")") or ")" in text.partition("(")[0]:
        return "brackets do not pair"
    verb, plus, person = text.partition("+")
    if plus and person not in _FORMS:
        return f"`+{person}` is no form of a verb"
    if plus and not verb.endswith("n"):
        return "a German verb ends in n"
    return None


def keys_of(term: Term) -> frozenset[Key]:
    """The keys that stand for a term."""
    return frozenset(key for text in _combinations(term.text) for key in _keys(text, term.language))


def _combinations(text: str) -> Iterator[str]:
    """Write out every combination of the choices in a term."""
    if "(" not in text:
        yield text
        return
    parts = _CHOICE.split(text)
    yield from map("".join, product(*(part.split("|") for part in parts)))


def _keys(text: str, language: str) -> Iterator[Key]:
    verb, plus, person = text.partition("+")
    if plus:
        for form in _FORMS[person](verb):
            yield from _verb_keys(form)
        return
    opening = "" if text.startswith("*") else " "
    closing = "" if text.endswith("*") else " "
    endings = ENDINGS[language] if text.endswith("~") else ("",)
    bare = text.strip("^=*~ ")
    for spelled in _spellings(bare):
        condition = NOUN if text.startswith(NOUN) else ""
        if text.startswith(EXACT) and spelled == _folded(bare):
            condition = EXACT + bare.casefold()
        for ending in endings:
            yield Key(f"{opening}{spelled}{ending}{closing}", condition)


def _verb_keys(form: Form) -> Iterator[Key]:
    for spelled, particle in product(_spellings(form.text), _spellings(form.particle)):
        yield Key(f" {spelled} ", particle)


def _spellings(text: str) -> set[str]:
    """A text as words, with its umlauts as vowels and written out."""
    plain = _folded(text)
    return {plain} if text.isascii() else {plain, _folded(text.translate(_UMLAUTS))}


def _folded(text: str) -> str:
    return " ".join(words_of(fold(text)))
