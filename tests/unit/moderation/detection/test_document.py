"""A text as words, and what its words stand in."""

import pytest

from moderation.detection.disguise import Disguises
from moderation.detection.document import Document


def document(text: str) -> Document:
    """A text without disguises."""
    return Document(text, lambda: Disguises(()))


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("ich bringe dich um", True),
        ("ich bringe dich um.", True),
        ("ich bringe dich um, du", True),
        ("ich bringe dich um und", True),
        ("ich bringe es um acht", False),
        ("ich bringe es. Um acht", False),
        ("ich bringe " + "es " * 15 + "um", False),
    ],
)
def test_a_particle_closes_its_clause(text: str, closed: bool) -> None:
    """It belongs to the verb where the clause ends with it, and within reach."""
    assert closed is document(text).clause_closed_by({"um"}, 2)


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Die Schwarze sang", True),
        ("die schwarze Katze", False),
        ("Schwarze sind da", True),
        ("Schwarze Schuhe sind da", False),
        ("Schwarze", False),
    ],
)
def test_a_noun_is_known_by_its_capital(text: str, noun: bool) -> None:
    """First in a sentence by the next word, which has one after an adjective."""
    words = text.lower().split()
    assert noun is document(text).is_noun(words.index("schwarze"))


@pytest.mark.parametrize(("text", "spelled"), [("Man müsste", True), ("Man musste", False)])
def test_dots_make_another_word(text: str, spelled: bool) -> None:
    """What folding makes one, the text keeps apart."""
    assert spelled is document(text).reads(1, 2, "müsste")


@pytest.mark.parametrize(
    ("text", "word", "opens"),
    [
        ("Jagt sie fort", 0, True),
        ("Los, jagt sie fort", 1, True),
        ("Los! Jagt sie fort", 2, True),
        ("Er jagt sie fort", 1, False),
    ],
)
def test_a_clause_is_opened_by_what_follows_a_mark(text: str, word: int, opens: bool) -> None:
    """The text begins, a sentence has ended, or a comma stands before the word."""
    assert opens is document(text).opens_clause(word)
