"""Actors are named by pseudonyms that last a year."""

import pytest

from moderation.audit.pseudonym import pseudonym, year_key

ROOT = b"r" * 32


def test_a_name_is_stable_within_a_year() -> None:
    """Two acts of one person in one year carry the same name, others do not."""
    key = year_key(ROOT, 2026)

    assert pseudonym(key, "member-1") == pseudonym(key, "member-1")
    assert pseudonym(key, "member-1") != pseudonym(key, "member-2")
    assert len(pseudonym(key, "member-1")) == 32


def test_a_name_does_not_outlive_the_year() -> None:
    """The next year has another key."""
    assert pseudonym(year_key(ROOT, 2026), "m") != pseudonym(year_key(ROOT, 2027), "m")


def test_a_short_key_is_refused() -> None:
    """A guessable key would open every name."""
    with pytest.raises(ValueError, match="32 bytes"):
        pseudonym(b"short", "m")
