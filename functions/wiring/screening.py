"""What reads posts: the rules in force, and a model where there is one."""

# ruff: noqa: PLC0415

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from functions.settings import RULES, settings
from functions.wiring import tables

if TYPE_CHECKING:
    from moderation.community.intake import Intake
    from moderation.community.post import Post
    from moderation.detection.facts import Facts
    from moderation.detection.scorer import Scorer
    from moderation.detection.verdict import Verdict
    from moderation.rulesets.book import RuleBook


@cache
def rule_book() -> "RuleBook":
    """The rules and the boards' policies in force."""
    from functions.workers import journal
    from moderation.detection.ruleset import shipped
    from moderation.rulesets.book import RuleBook

    return RuleBook(
        read=tables.unit_of_work().read,
        seconds=time.monotonic,
        shipped=shipped,
        failed=lambda error: journal.failed("rules", "ruleset:in-force", error),
    )


@cache
def intake() -> "Intake":
    """Renders texts, and screens them by the rules in force at that moment."""
    from moderation.community.intake import Intake
    from moderation.community.markup import render
    from moderation.detection.facts import Facts
    from moderation.detection.operator import names_of

    known = settings()
    return Intake(
        render=render,
        screen=_screen(known.known_files),
        policy=rule_book().policy,
        facts=Facts(operator_names=names_of(known.operator_name, known.operator_brands)),
        owes_score=known.scores,
    )


def _screen(known_files: str | None) -> "Callable[[str, Facts], Verdict]":
    """Screens by the rules in force, and by the list of known files where there is one."""
    from pathlib import Path

    from moderation.detection.known_list import read_list
    from moderation.detection.pipeline import with_known

    by_rules = rule_book().screen
    if known_files is None:
        return by_rules
    listed = read_list(Path(known_files))
    return lambda text, facts: with_known(by_rules(text, facts), text, facts.board, listed)


@cache
def score() -> "Callable[[Post], Verdict]":
    """Has the model read a post; where there is none any more, a human is asked instead."""
    from moderation.community.scored import scored
    from moderation.community.unscored import unscored

    known = settings()
    if not known.scores:
        return lambda post: unscored(post.language)
    name, weights = known.scorer_name, str(known.scorer_weights)
    return lambda post: scored(post, _scorer(name, weights), rule_book().policy(post.board))


@cache
def _scorer(name: str, weights: str) -> "Scorer":
    from moderation.detection.scorers.registry import open_scorer

    return open_scorer(name, weights)


def rules_name() -> str:
    """The rule set in force, as `detector@version`."""
    return rule_book().rules().name


def scorer_name() -> str:
    """What reads posts beside the rules, in words for people."""
    if settings().scorer == RULES:
        return "rules only: the model is switched off"
    return settings().scorer_name if settings().scores else "rules only: no model weights"
