import json
import re
from pathlib import Path

import pytest

from moderation.detection.taxonomy import Automatic, Category, Flag, Severity, facts_of, taxonomy

DSA = json.loads((Path(__file__).parent / "data" / "dsa_keywords.json").read_text())
NORM = re.compile(
    r"(§ \d+[a-z]?( Abs\. \d+)?|Art\. \d+( Nr\. \d+)?|Anhang Nr\. \d+[a-z])"
    r" (StGB|BGB|UWG|KUG|UrhG|MarkenG|DesignG|PatG|GeschGehG|VereinsG|BtMG|WaffG|AMG|ProdSG|JMStV"
    r"|TierSchG|DSGVO|VO \(EU\) 2021/784)"
)


def test_every_code_has_its_facts() -> None:
    """The data file holds each category exactly once."""
    assert list(taxonomy().categories) == list(Category)


@pytest.mark.parametrize("category", Category)
def test_dsa_codes_are_those_of_the_database(category: Category) -> None:
    """Each category and keyword, the more specific ones too, is a pair that the EU database has."""
    facts = facts_of(category)
    pairs = [(facts.dsa_category, keyword) for keyword in facts.dsa_keywords]
    pairs += [(more.category, more.keyword) for more in facts.dsa_more_specific]
    assert [(c, k) for c, k in pairs if c is None or k not in DSA[c]] == []


@pytest.mark.parametrize("category", Category)
def test_norms_are_written_alike(category: Category) -> None:
    """A norm reads `§ 130 Abs. 1 StGB`, so that grounds can be compared as text."""
    assert [norm for norm in facts_of(category).norms if not NORM.fullmatch(norm)] == []


@pytest.mark.parametrize("category", Category)
def test_lawful_and_terms_only_content_names_no_norm(category: Category) -> None:
    """A norm is there exactly where content can be unlawful."""
    facts = facts_of(category)
    norm_free = facts.lawful or facts.terms_only or Flag.NEEDS_CATEGORY in facts.flags
    assert (facts.norms == ()) == norm_free


@pytest.mark.parametrize("category", Category)
def test_a_hold_has_an_end(category: Category) -> None:
    """What automation may hold has a number of minutes after which the hold lapses."""
    facts = facts_of(category)
    assert (facts.automatic is Automatic.NONE) == (facts.hold_minutes is None)


@pytest.mark.parametrize(
    "category", [Category.INSULT, Category.HATE, Category.GROUP_INSULT, Category.REVIEW_OPINION]
)
def test_opinions_are_not_restrained_beforehand(category: Category) -> None:
    """Automation alone does nothing to what may be an opinion."""
    assert facts_of(category).automatic is Automatic.NONE


def test_only_exact_matches_hide() -> None:
    """Hiding without a person is for known files and known spam."""
    hiding = {c for c in Category if facts_of(c).automatic is Automatic.HIDE}
    assert hiding == {Category.CSAM, Category.SPAM}


def test_lawful_categories_have_no_dsa_category() -> None:
    """Nothing is reported to the EU database about lawful content."""
    lawful = {c for c in Category if facts_of(c).lawful}
    assert lawful == {Category.REVIEW_OPINION, Category.SAFETY_SIGNAL}
    assert {facts_of(c).dsa_category for c in lawful} == {None}


def test_legal_and_own_limits_stay_apart() -> None:
    """A limit by law carries its source; where law sets no number there is none."""
    assert facts_of(Category.TERROR_ORDER).legal_minutes() == 60
    assert facts_of(Category.NCII).legal_minutes() is None
    assert facts_of(Category.NCII).legal_minutes("uk") == 2880
    assert facts_of(Category.HATE).legal_minutes() is None


def test_holds_of_grave_content_end_in_escalation() -> None:
    """S3 and S4 are never published by the lapse of time, the others are."""
    assert facts_of(Category.LIFE_THREAT).hold_lapses_to == "escalation"
    assert facts_of(Category.SPAM).hold_lapses_to == "published"
    assert Severity.S4 > Severity.S3
