"""How terms are written, and the keys that stand for them."""

import pytest

from moderation.detection.term import EXACT, NOUN, Key, Term, keys_of, mistake_in


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Idiot", {Key(" idiot ")}),
        ("idiot*", {Key(" idiot")}),
        ("*schwein", {Key("schwein ")}),
        ("*jud*", {Key("jud")}),
        ("halt die Fresse", {Key(" halt die fresse ")}),
        ("^Schwarze", {Key(" schwarze ", NOUN)}),
        ("blöd", {Key(" blod "), Key(" bloed ")}),
        ("=müsste", {Key(" musste ", f"{EXACT}müsste"), Key(" muesste ")}),
        ("(a|b) (c|d)", {Key(" a c "), Key(" a d "), Key(" b c "), Key(" b d ")}),
        (
            "ab/hauen+ihr",
            {Key(" hau ", "ab"), Key(" haue ", "ab"), Key(" haut ", "ab")},
        ),
    ],
)
def test_a_term_stands_for_keys(text: str, keys: set[Key]) -> None:
    """Each sign in a term says which keys it stands for and when they count."""
    assert keys == keys_of(Term(text, "de"))


def test_a_word_takes_the_endings_of_its_language() -> None:
    """The same sign means other endings in another language."""
    assert {Key(" idiot "), Key(" idiots "), Key(" idiotes ")} == keys_of(Term("idiot~", "en"))
    assert Key(" idioten ") in keys_of(Term("idiot~", "de"))


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("(a|b", "brackets do not pair"),
        (")a(", "brackets do not pair"),
        ("töten+wir", "`+wir` is no form of a verb"),
        ("tot+", "a German verb ends in n"),
        ("ab/stechen+", None),
        ("(a|b) c", None),
    ],
)
def test_what_is_written_wrong_is_named(text: str, mistake: str | None) -> None:
    """A sign that stands for nothing is refused before it could be published."""
    assert mistake == mistake_in(text)
