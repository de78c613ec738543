import pytest

from moderation.detection.fold import Offsets, fold, fold_character


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÄRGER in der Straße", "arger in der strasse"),
        ("A\u0308rger", "arger"),
        ("Ｆｕｌｌ", "full"),
        ("𝓘𝓭𝓲𝓸𝓽 𝕚𝕕𝕚𝕠𝕥", "idiot idiot"),
        ("сhеіß", "cheiss"),
        ("id\u200bi\u00adot\u2060", "idiot"),
        ("\u202eidiot\u202c", "idiot"),
        ("i̸d̸i̸o̸t̸", "idiot"),
        ("🅸🅳🅸🅾🆃 🅘 🇮", "idiot i i"),
        ("„Zitat“ »so« don’t don't", '"zitat" "so" dont dont'),
        ("a–b—c", "a-b-c"),
        ("ﬁn Ⅷ ½", "fin viii 1⁄2"),
        ("łódź ØL", "lodz ol"),
        ("\u3164\ud800", ""),
        ("日本", "日本"),
        ("Zeile\u2028zwei", "zeile\nzwei"),
    ],
)
def test_letters_fold_to_their_plain_form(text: str, folded: str) -> None:
    """Case, width, alphabets, look-alikes, marks and invisible characters go; words stay."""
    assert fold(text) == folded


def test_a_plain_text_maps_to_itself() -> None:
    """Without a character that changes its length, offsets are equal."""
    assert Offsets("plain text").original(2, 5) == (2, 5)


def test_expansions_and_gaps_map_back() -> None:
    """A letter that becomes two and one that becomes none keep the rest in place."""
    text = "Maß\u200b 'n' x"
    assert fold(text) == "mass n x"
    offsets = Offsets(text)
    assert [offsets.original(at, at + 1) for at in range(8)] == [
        (0, 1), (1, 2), (2, 3), (2, 3), (4, 5), (6, 7), (8, 9), (9, 10),
    ]  # fmt: skip


@pytest.mark.parametrize("character", ["🅐", "🅰", "🇦"])
def test_enclosed_letters_are_letters(character: str) -> None:
    """Letters in circles, squares and flags fold to the letter."""
    assert fold_character(character) == "a"
