"""The grounds are a closed list: norms by category, clauses of the terms at their version."""

from dataclasses import replace

import pytest

from moderation.audit.entry import BODY
from moderation.cases.decision import Ground, IllegalGround, TermsGround
from moderation.cases.grounds import check_ground, ground_rule, grounds
from moderation.detection.taxonomy import Category, taxonomy
from moderation.errors import Invalid
from tests.support.casework import RESPECT, refusal
from tests.support.community import RULES

INSULT = IllegalGround(norm="§ 185 StGB", explanation="Formalbeleidigung.")


def test_all_categories_and_the_terms_in_force_are_listed() -> None:
    """Lawful content stands there with no norm."""
    listed = grounds(RULES.terms)
    assert taxonomy().version == listed.taxonomy_version
    assert list(Category) == [facts.code for facts in listed.categories]
    assert () == next(f.norms for f in listed.categories if f.code is Category.REVIEW_OPINION)
    assert RULES.terms == listed.terms


@pytest.mark.parametrize("ground", [INSULT, RESPECT])
def test_what_is_listed_is_taken(ground: Ground) -> None:
    """A norm of the category, a clause of the version in force."""
    check_ground(ground, Category.INSULT, RULES.terms)


@pytest.mark.parametrize(
    ("ground", "pointer"),
    [
        (replace(INSULT, norm="§ 130 Abs. 1 StGB"), "/ground/norm"),
        (replace(INSULT, explanation=""), "/ground/explanation"),
        (replace(RESPECT, clause="complaints"), "/ground/clause"),
        (replace(RESPECT, clause="whim"), "/ground/clause"),
        (replace(RESPECT, version="2020-01-01"), "/ground/version"),
    ],
)
def test_what_is_not_listed_is_refused(ground: Ground, pointer: str) -> None:
    """Another category's norm, a clause that forbids nothing, an old version."""
    with pytest.raises(Invalid) as refused:
        check_ground(ground, Category.INSULT, RULES.terms)
    assert ("invalid", [pointer]) == refusal(refused)


def test_the_log_can_hold_every_ground() -> None:
    """Each norm and each clause becomes a rule of the entry's form, no two the same."""
    pattern = BODY.pattern[BODY.pattern.index("(?P<rule>") :]
    names = [
        ground_rule(IllegalGround(norm=norm, explanation="x"))
        for facts in taxonomy().categories.values()
        for norm in facts.norms
    ]
    names += [
        ground_rule(TermsGround(clause=c.id, version=RULES.terms.version, explanation="x"))
        for c in RULES.terms.clauses
    ]
    assert "[A-Za-z0-9._-]{1,60}" in pattern
    norms = {norm for facts in taxonomy().categories.values() for norm in facts.norms}
    assert len(norms) + len(RULES.terms.clauses) == len(set(names))
    for name in names:
        rules, _, rest = name.partition("@")
        version, _, rule = rest.partition("#")
        for part in (rules, version, rule):
            assert set(part) <= set(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
            )
            assert 1 <= len(part) <= 40
