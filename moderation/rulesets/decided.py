"""Decided cases: what moderators made of posts, for whoever fits rules or thresholds to it."""

from collections.abc import Iterator

from moderation.cases.case import Case, CaseState
from moderation.ports import Lists
from moderation.rulesets.comparison import Known
from moderation.rulesets.tally import counted_of

PAGE = 100


def decided_cases(lists: Lists, most: int) -> Iterator[Case]:
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
