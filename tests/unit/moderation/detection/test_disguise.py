import pytest

from moderation.detection.disguise import Disguises, Edit, Way, apply_edits, suspicious
from moderation.detection.fold import fold
from moderation.detection.words import words_of

KEYS = {
    " idiot ",
    " idioten ",
    "schwein ",
    " arschloch ",
    " halt die fresse ",
    "kanak",
    " kill ",
    " rat ",
    " irrer ",
    " tenor ",
}
DISGUISES = Disguises(KEYS)


def spelled(text: str) -> str:
    """What a text spells once its disguised terms are read."""
    folded = fold(text)
    line = f" {' '.join(words_of(folded))} "
    return apply_edits(folded, DISGUISES.edits(folded, suspicious(folded, line)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("du 1d10t", "du idiot"),
        ("du !d!0t!", "du idiot!"),
        ("@rschl0ch", "arschloch"),
        ("du i d i o t", "du  idiot "),
        ("i.d.i.o.t", " idiot "),
        ("i - d - i - o - t", " idiot "),
        ("h a l t d i e f r e s s e", " halt die fresse "),
        ("iiidiooot", "idiot"),
        ("id*ot", "idiot"),
        ("i**ot", "idiot"),
        ("ir*er", "irrer"),
        ("i d i o t e n o r", " idioten  o r"),
        ("k1ll", "kill"),
        ("dr3ckschw3in", "dr3ckschwein"),
        ("k4n4ken", "kanaken"),
        ("r a t", " rat "),
    ],
)
def test_disguises_are_read(text: str, expected: str) -> None:
    """Leet, masks, gaps and repetition spell the listed term; what stands around it stays."""
    assert spelled(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Am 24.12.2026 um 8:30 Uhr",
        "Modell X200b, Firmware v1.2.3",
        "Das war soooo schön, jaaaa!",
        "Variante a b c d",
        "***",
        "f******",
        "i****t",
        "xd*ot",
        "kil",
        "Zeile 1\n2 a b",
        "1rate2",
        "x r a t e y",
    ],
)
def test_what_spells_nothing_stays(text: str) -> None:
    """Dates, versions, enthusiasm and lists stay as they are."""
    assert spelled(text) == fold(text)


def test_the_longest_term_is_read() -> None:
    """Where two terms begin alike the longer one counts."""
    assert spelled("1d10ten") == "idioten"


def test_a_reading_that_spells_more_wins() -> None:
    """Of two readings of an ambiguous sign the one that spells more letters is taken."""
    assert Disguises({" kalle ", " kai "}).edits("ka11e", suspicious("ka11e", " ka11e ")) == (
        Edit(0, 5, "kalle"),
    )


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 2, (0, 2)), (3, 8, (3, 10)), (5, 6, (3, 10)), (9, 11, (11, 13)), (2, 10, (2, 12))],
)
def test_edited_stretches_lead_back(start: int, end: int, expected: tuple[int, int]) -> None:
    """A stretch in a replacement leads back to all of what it replaced, others to themselves."""
    edits = (Edit(3, 10, "idiot"), Edit(20, 22, "x"))
    assert Way(edits).back(start, end) == expected
