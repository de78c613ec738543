"""The terms are data at a version, in two languages, and say what DSA Art. 14 asks."""

from datetime import date

import pytest

from moderation.cases.terms.document import CURRENT_VERSION, Use, terms_at

TERMS = terms_at(CURRENT_VERSION)


def test_every_clause_stands_in_both_languages() -> None:
    """Ids are unique; German and English say something each."""
    assert len({clause.id for clause in TERMS.clauses}) == len(TERMS.clauses)
    for clause in TERMS.clauses:
        for words in (clause.title, clause.text):
            assert {"de", "en"} == set(words)
            assert all(text.strip() for text in words.values())


def test_what_the_law_asks_of_terms_is_there() -> None:
    """Algorithmic decisions, human review, complaint rules, misuse policy, measures, ranking."""
    duties = {"automatic-checks", "human-review", "complaints", "misuse", "measures", "ranking"}
    assert duties <= {clause.id for clause in TERMS.clauses if clause.use is Use.PROCEDURE}


def test_only_what_forbids_something_is_a_ground() -> None:
    """One clause carries holds; procedure is no ground at all."""
    assert "interim-hold" == TERMS.interim_clause.id
    assert {Use.CONTENT} == {clause.use for clause in TERMS.content_clauses}
    assert len(TERMS.clauses) > len(TERMS.content_clauses) > 0


def test_a_clause_is_found_by_its_id() -> None:
    """Or not at all."""
    found = TERMS.clause("respect")
    assert found is not None
    assert "Umgang miteinander" == found.title["de"]
    assert None is TERMS.clause("whim")


def test_a_version_is_what_its_file_says() -> None:
    """The name of the file, its version and the day it took effect; an unknown one is not there."""
    assert (CURRENT_VERSION, date(2026, 11, 23)) == (TERMS.version, TERMS.effective_from)
    with pytest.raises(FileNotFoundError):
        terms_at("1999-01-01")
