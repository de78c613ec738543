"""Trying a proposed rule set: its own examples, decided cases, and a corpus as its owner says."""

from collections.abc import Iterable

from moderation.detection.authoring import failing_examples
from moderation.detection.ruleset import Packs, RuleSet
from moderation.detection.source import PackError, Problem
from moderation.errors import Fault, Invalid, Unavailable
from moderation.ports import Lists
from moderation.rulesets.backtest import compare
from moderation.rulesets.book import RuleBook
from moderation.rulesets.comparison import CorpusTrial
from moderation.rulesets.content import Content
from moderation.rulesets.decided import decided_cases, known_of
from moderation.rulesets.edition import BackTest
from moderation.rulesets.overlay import laid_over, own_rules

CASES_MOST = 1_000
"""What a request has time for: ten pages and two screens a case."""

FAULTS_MOST = 20


def sound(content: Content, base: Packs) -> RuleSet:
    """Make the rules of a proposed content ready.

    Invalid, with a pointer into the request for each mistake and each example that fails.
    """
    if not content.packs and not content.states:
        raise Invalid("It changes nothing; to go back to the shipped packs, retire what is live.")
    try:
        rules = laid_over(content, base)
        failing = list(failing_examples(rules, own_rules(content)))
    except PackError as error:
        raise Invalid("The rules have mistakes.", faults=_faults(content, error.problems)) from None
    if failing:
        faults = tuple(Fault("/packs", example) for example in failing[:FAULTS_MOST])
        raise Invalid("Examples do not come out as written.", faults=faults)
    return rules


def _faults(content: Content, problems: Iterable[Problem]) -> tuple[Fault, ...]:
    places = {pack.file: f"/packs/{number}/text" for number, pack in enumerate(content.packs)}
    return tuple(
        Fault(
            places.get(each.file, "/states"),
            f"{each.file}:{each.line}:{each.column}: {each.message} ({each.hint})",
        )
        for each in list(problems)[:FAULTS_MOST]
    )


def tried(
    after: RuleSet,
    claimed: CorpusTrial,
    book: RuleBook,
    lists: Lists,
    names: tuple[str, ...],
) -> BackTest:
    """The back-test of a content: the corpus as claimed, decided cases as counted here and now.

    Unavailable where the rules in force cannot be had.
    """
    in_force = book.refreshed()
    if not in_force.whole:
        raise Unavailable("The rules in force cannot be had at the moment.")
    texts = tuple(known for case in decided_cases(lists, CASES_MOST) if (known := known_of(case)))
    return BackTest(
        content=claimed.content,
        base=claimed.base,
        before=in_force.rules.version,
        corpus=claimed.corpus,
        on_corpus=claimed.found,
        on_cases=compare(texts, in_force.rules, after, names),
        cases=len(texts),
    )
