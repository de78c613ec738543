"""The shipped packs: every example of every rule runs, every category has a rule."""

import pytest

from moderation.detection.facts import AuthorFacts, Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.rule import Rule
from moderation.detection.taxonomy import Category, Flag, facts_of
from moderation.detection.verdict import Action

RULES = load_rules()
MATCHING = [(rule, text) for rule in RULES.rules for text in rule.examples.match]
LEFT = [(rule, text) for rule in RULES.rules for text in rule.examples.leave]


def raised_by(text: str) -> set[str]:
    """The rules that a text raises, by name."""
    return {signal.rule for signal in screen(text, Facts(), RULES).signals}


@pytest.mark.parametrize(("rule", "text"), MATCHING, ids=lambda value: getattr(value, "id", ""))
def test_a_rule_matches_what_it_must(rule: Rule, text: str) -> None:
    """Each example that a rule must match raises it."""
    assert rule.name in raised_by(text)


@pytest.mark.parametrize(("rule", "text"), LEFT, ids=lambda value: getattr(value, "id", ""))
def test_a_rule_leaves_what_it_must(rule: Rule, text: str) -> None:
    """Each example that a rule must leave alone does not raise it."""
    assert rule.name not in raised_by(text)


def test_every_lexical_rule_has_both_kinds_of_example() -> None:
    """A rule over terms shows what it must match and what it must leave."""
    lexical = [
        rule for rule in RULES.rules if not any(i <= {"@repeated", "@burst"} for i in rule.all)
    ]
    assert [r.id for r in lexical if not r.examples.match or not r.examples.leave] == []


def test_rule_ids_are_unique() -> None:
    """No two rules share an id."""
    ids = [rule.id for rule in RULES.rules]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_category_that_text_raises_has_a_rule(language: str) -> None:
    """In German and in English alike, each category marked so is raised by at least one rule."""
    covered = {rule.category for rule in RULES.rules if rule.language in {language, "any"}}
    raised = {c for c in Category if Flag.RAISED_BY_TEXT in facts_of(c).flags}
    assert raised - covered == set()


@pytest.mark.parametrize(
    ("text", "author", "action"),
    [
        ("Schaut auf www.shop.example.com", AuthorFacts(same_text_elsewhere=3), Action.HOLD),
        ("Schaut auf www.shop.example.com", AuthorFacts(same_text_elsewhere=1), Action.KEEP),
        ("Guten Tag", AuthorFacts(same_text_elsewhere=3, posts_this_hour=12), Action.FLAG),
        (
            "Schaut auf www.shop.example.com",
            AuthorFacts(same_text_elsewhere=3, staff=True),
            Action.KEEP,
        ),
        (
            "Schaut auf www.shop.example.com",
            AuthorFacts(account_age_days=0, posts_this_hour=10),
            Action.FLAG,
        ),
        ("Schaut auf www.shop.example.com", AuthorFacts(posts_this_hour=10), Action.KEEP),
        ("Guten Tag", AuthorFacts(same_text_elsewhere=3, reports_upheld=2), Action.FLAG),
        ("Guten Tag", AuthorFacts(same_text_elsewhere=3, reports_upheld=1), Action.KEEP),
    ],
)
def test_facts_of_the_author_raise_spam(text: str, author: AuthorFacts, action: Action) -> None:
    """The same link in many places is held, many posts of one text are flagged, staff are not."""
    assert screen(text, Facts(author=author), RULES).action == action
