"""Ids, slugs and language tags have one written form."""

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.identifiers import LanguageTag, Slug, Territory, Ulid


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        (Ulid, "01M83T4CM0RJYAWWPY7WSA2MFG"),
        (Slug, "waerme-pumpen-2"),
        (LanguageTag, "de"),
        (LanguageTag, "zh-Hant-TW"),
        (LanguageTag, "und"),
        (Territory, "DE"),
    ],
)
def test_the_written_form_is_taken(kind: object, taken: str) -> None:
    """What is well-formed comes back unchanged."""
    assert taken == TypeAdapter(kind).validate_python(taken)


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        (Ulid, "01m83t4cm0rjyawwpy7wsa2mfg"),
        (Ulid, "81M83T4CM0RJYAWWPY7WSA2MFG"),
        (Ulid, "01M83T4CM0RJYAWWPY7WSA2MFG\n"),
        (Ulid, "01M83T4CM0RJYAWWPY7WSA2M#G"),
        (Slug, "-a"),
        (Slug, "a--b"),
        (Slug, "Hilfe"),
        (Slug, "hilfe#x"),
        (Slug, "hilfe/x"),
        (Slug, "hilfe\n"),
        (Slug, "ａｂ"),
        (LanguageTag, "deutsch"),
        (LanguageTag, "de_DE"),
        (Territory, "de"),
    ],
)
def test_everything_else_is_refused(kind: object, refused: str) -> None:
    """No other case, no separators of keys, no trailing line break, no lookalikes."""
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(refused)
