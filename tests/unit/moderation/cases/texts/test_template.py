"""Wording is data: the same templates with the same placeholders in both languages."""

from datetime import UTC, datetime
from string import Template

import pytest

from moderation.cases.texts.template import (
    document_language,
    help_offer,
    templates,
    text,
    time_text,
)


def test_both_languages_say_the_same_things() -> None:
    """Each template exists in both, with the same placeholders."""
    german, english = templates("de"), templates("en")
    assert german.keys() == english.keys()
    for name, wording in german.items():
        assert set(Template(wording).get_identifiers()) == set(
            Template(english[name]).get_identifiers()
        ), name
        assert Template(wording).is_valid()
        assert Template(english[name]).is_valid()


@pytest.mark.parametrize(
    ("tag", "language"),
    [("de", "de"), ("en", "en"), ("EN-us", "en"), ("und", "de"), ("fr", "de"), ("eng", "de")],
)
def test_people_are_written_to_in_their_language(tag: str, language: str) -> None:
    """English to who writes English, German to everybody else."""
    assert language == document_language(tag)


def test_values_are_filled_in_once() -> None:
    """A placeholder inside a value stays what it is; a missing value is a bug."""
    assert "Facts: $facts" == text("statement.facts", "en", facts="$facts")
    with pytest.raises(KeyError):
        text("statement.facts", "en")


def test_times_carry_their_zone() -> None:
    """Whoever reads it knows which hour is meant."""
    at = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
    assert "01.03.2026, 09:05 Uhr (UTC)" == time_text(at, "de")
    assert "2026-03-01, 09:05 (UTC)" == time_text(at, "en")


def test_help_has_numbers_in_both_languages() -> None:
    """The emergency call first."""
    for language in ("de", "en"):
        lines = help_offer("de" if language == "de" else "en").splitlines()
        assert "112" in lines[0]
        assert 3 == len(lines)
