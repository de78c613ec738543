"""The names by which a text is known to be about the company that runs the forum."""

import pytest

from moderation.detection.operator import named_in, names_of


@pytest.mark.parametrize(
    ("company", "spoken"),
    [
        ("Nordlicht Haustechnik GmbH", "Nordlicht Haustechnik"),
        ("Möbel Krause GmbH & Co. KG", "Möbel Krause"),
        ("Beispiel UG (haftungsbeschränkt)", "Beispiel"),
        ("Acme Inc.", "Acme"),
        ("Krause", "Krause"),
        ("AG", "AG"),
    ],
)
def test_nobody_says_the_legal_form(company: str, spoken: str) -> None:
    """A company is known with it and without, and a name never ends up empty."""
    assert names_of(company, ("SaugFix 3000",)) == tuple(
        dict.fromkeys((company, spoken, "SaugFix 3000"))
    )


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (" der saugfix 3000 taugt nichts ", True),
        (" krauses sofa ", True),
        (" krause haare ", True),
        (" krausen ", False),
    ],
)
def test_a_name_is_whole_words(line: str, named: bool) -> None:
    """In the genitive too, and no part of another word; an empty name is nobody's."""
    assert named is named_in(line, ("Krause", "SaugFix 3000", ""))
