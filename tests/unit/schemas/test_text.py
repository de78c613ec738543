"""Text is kept as written, within stated limits."""

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas import text
from schemas.text import Body, Code, Email, Line, Name, Title, Unit

BODY: TypeAdapter[str] = TypeAdapter(Body)


@pytest.mark.parametrize(
    "kept",
    [
        "a",
        " \t\n",
        "\u202eabc\u202c",
        "\u200b" * 500,
        "a" + "\u0301" * 9_999,
        "\x01\x7f\x85\ufeff\ufffe",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "a" * 10_000,
        "ä" * 10_000,
        "=1+1;@SUM(A1)",
    ],
)
def test_a_body_is_kept_exactly(kept: str) -> None:
    """Bidi controls, zero-width floods, combining marks, controls and spaces come back as sent."""
    assert kept == BODY.validate_python(kept)


@pytest.mark.parametrize("refused", ["", "a" * 10_001, "漢" * 6_827, "a\0b", "a\ud800b", "\udfff"])
def test_a_body_that_cannot_be_kept_is_refused(refused: str) -> None:
    """Empty, too many characters, too many bytes, NUL and lone surrogates are refused."""
    with pytest.raises(ValidationError):
        BODY.validate_python(refused)


def test_the_limit_in_bytes_is_that_of_utf_8() -> None:
    """Of three-byte characters 6,826 fit into 20 KB."""
    assert text.BODY_BYTES >= len(BODY.validate_python("漢" * 6_826).encode())


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        (Title, "a" * 201),
        (Name, "a\nb"),
        (Name, ""),
        (Code, "\x7f"),
        (Unit, "a" * 65),
        (Unit, "support\n"),
        (Line, "a" * 201),
        (Email, "a b@c"),
        (Email, "abc"),
    ],
)
def test_short_texts_have_their_own_limits(kind: object, refused: str) -> None:
    """Titles, names, codes, units and addresses refuse what would not fit their place."""
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(refused)
