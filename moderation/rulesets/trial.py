"""Trying a proposed rule set on decided cases, and taking in how it fared on a corpus."""

from collections.abc import Iterator
from dataclasses import dataclass

from moderation.cases.case import Case, CaseState
from moderation.detection.ruleset import RuleSet
from moderation.errors import Conflict, Unavailable
from moderation.ports import Lists
from moderation.rulesets.backtest import Comparison, Known, compare
from moderation.rulesets.book import RuleBook
from moderation.rulesets.content import Content
from moderation.rulesets.edition import BackTest
from moderation.rulesets.proposing import OUTDATED
from moderation.rulesets.tally import counted_of

CASES_MOST = 1_000
"""What a request has time for: ten pages and two screens a case."""

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusTrial:
    """What whoever proposes says of a corpus of his own, which stays with him."""

    content: str
    base: str
    before: str
    corpus: str
    found: Comparison


def tried(
    content: Content,
    after: RuleSet,
    claimed: CorpusTrial,
    book: RuleBook,
    lists: Lists,
    names: tuple[str, ...],
) -> BackTest:
    """The back-test of a content: the corpus as claimed, decided cases as counted here.

    Conflict (`backtest-outdated`) where the corpus was tried against other rules than are in force
    now; Unavailable where those cannot be had.
    """
    in_force = book.refreshed()
    if not in_force.whole:
        raise Unavailable("The rules in force cannot be had at the moment.")
    if claimed.before != in_force.rules.version or claimed.content != content.digest:
        raise Conflict(
            "The corpus was tried with other rules: "
            f"{claimed.before} before and {claimed.content[:12]} after, "
            f"here {in_force.rules.version} and {content.digest[:12]}.",
            code=OUTDATED,
        )
    texts = tuple(known for case in decided_cases(lists) if (known := known_of(case)))
    return BackTest(
        content=claimed.content,
        base=claimed.base,
        before=claimed.before,
        corpus=claimed.corpus,
        on_corpus=claimed.found,
        on_cases=compare(texts, in_force.rules, after, names),
        cases=len(texts),
    )


def decided_cases(lists: Lists, most: int = CASES_MOST) -> Iterator[Case]:
    """Decided cases, the gravest first, at most so many."""
    after: str | None = None
    seen = 0
    while seen < most:
        page = lists.cases(CaseState.DECIDED, None, min(PAGE, most - seen), after)
        yield from page.items
        seen, after = seen + len(page.items), page.next
        if after is None:
            return


def known_of(case: Case) -> Known | None:
    """The words that were judged, under what became of them; None where that is open again."""
    counted = counted_of(case)
    if counted.outcome == "open" or not case.post.body:
        return None
    label = "reversed" if counted.reversed else counted.outcome
    title = "" if case.post.title is None else f"{case.post.title}\n\n"
    return Known(case.id, title + case.post.body, label, case.post.language)
