"""Disguised terms raise what the plain ones raise; folding leads back; nothing breaks a screen."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detection.facts import Facts
from moderation.detection.fold import Offsets, fold, fold_character
from moderation.detection.pipeline import load_rules, read, screen
from moderation.detection.taxonomy import Category
from moderation.detection.term import Term, keys_of
from tests.property.moderation.detection.disguising import disguise

RULES = load_rules()
CARRIERS = {
    "de": "Typisch {}, mehr sage ich dazu heute.",
    "en": "Typical {} behaviour in this town again.",
}
ROUNDS = 4
SAMPLED = 600


def raised(text: str) -> set[Category]:
    """The categories that a text raises."""
    return {signal.category for signal in screen(text, Facts(), RULES).signals}


def listed_words() -> list[tuple[str, str]]:
    """Every listed slur that is one word of letters, in each of its forms, with its language."""
    words = {
        (pack.language, key.text.strip())
        for pack in RULES.packs
        for term in pack.terms.get("slur", ())
        for key in keys_of(Term(term, pack.language))
    }
    return sorted((language, word) for language, word in words if word.isalpha() and len(word) >= 4)


def test_any_mixture_of_disguises_is_seen_through() -> None:
    """At least 97 % of disguised terms raise what the plain text raises."""
    chance = random.Random(20261123)  # noqa: S311
    tried = found = 0
    for language, word in chance.sample(listed_words(), SAMPLED):
        plain = raised(CARRIERS[language].format(word))
        for _ in range(ROUNDS if plain else 0):
            tried += 1
            found += plain <= raised(CARRIERS[language].format(disguise(word, chance)))
    assert tried > 1_000
    assert found / tried >= 0.97


@given(st.text())
def test_folding_goes_character_by_character(text: str) -> None:
    """A folded text is its folded characters, one after another."""
    assert fold(text) == "".join(fold_character(character) for character in text)


@given(st.text(min_size=1))
def test_offsets_lead_back_exactly(text: str) -> None:
    """Each folded character maps to the very character that it came from."""
    folded, offsets = fold(text), Offsets(text)
    origins = [at for at, character in enumerate(text) for _ in fold_character(character)]
    assert [offsets.original(at, at + 1)[0] for at in range(len(folded))] == origins


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_any_text_is_screened(text: str) -> None:
    """No text breaks a screen, and every span lies in the text and holds its excerpt."""
    for signal in screen(text, Facts(), RULES).signals:
        if signal.span is not None:
            excerpt = text[signal.span.start : signal.span.end]
            assert excerpt[:200] == signal.excerpt


@settings(max_examples=200)
@given(st.lists(st.sampled_from([*"abi1!.@ -\n'\"ä\u0301ß", "idiot", "1d10t", "i d i o t"])))
def test_words_are_where_they_are_said_to_be(parts: list[str]) -> None:
    """The span of a word in the folded text holds that word, disguised or not."""
    document = read("".join(parts), RULES)
    found = [document.folded[start:end] for start, end in document.spans]
    assert found == document.words
