"""Decided cases, page by page, and the words that were judged."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.cases.case import Case, CaseState
from moderation.cases.decision import DecisionState, Outcome
from moderation.ids import CaseId
from moderation.ports import Page
from moderation.rulesets.decided import decided_cases, known_of
from tests.support.samples import CASE, DECISION, ulid

KEPT = replace(DECISION, outcome=Outcome.KEEP, state=DecisionState.EFFECTIVE)
DECIDED = replace(CASE, state=CaseState.DECIDED, decision=KEPT, history=())


class Decided:
    """Lists of decided cases: so many, all alike but for their ids."""

    def __init__(self, count: int, case: Case = DECIDED) -> None:
        self.all = [replace(case, id=CaseId(ulid(5000 + number))) for number in range(count)]
        self.limits: list[int] = []

    def cases(
        self, state: CaseState, queue: str | None, limit: int, after: str | None
    ) -> Page[Case]:
        """One page."""
        assert (state, queue) == (CaseState.DECIDED, None)
        self.limits.append(limit)
        start = int(after or 0)
        end = start + limit
        return Page(tuple(self.all[start:end]), str(end) if end < len(self.all) else None)


@pytest.mark.parametrize(
    ("count", "most", "limits"), [(250, 1000, [100, 100, 100]), (250, 120, [100, 20]), (0, 9, [9])]
)
def test_decided_cases_are_read_page_by_page(count: int, most: int, limits: list[int]) -> None:
    """To the end of the list, or to the most there is time for."""
    lists: Any = Decided(count)

    assert min(count, most) == len(list(decided_cases(lists, most)))
    assert limits == lists.limits


def test_the_words_are_those_that_were_judged() -> None:
    """Title and body, under what became of them; nothing of what is open again or gone."""
    known = known_of(DECIDED)
    assert known is not None
    assert (f"{CASE.post.title}\n\n{CASE.post.body}", "kept", "de") == (
        known.text,
        known.label,
        known.language,
    )
    untitled = known_of(replace(DECIDED, post=replace(CASE.post, title=None)))
    assert untitled is not None
    assert CASE.post.body == untitled.text
    assert known_of(replace(DECIDED, post=replace(CASE.post, body=""))) is None
    assert known_of(replace(DECIDED, state=CaseState.OPEN)) is None
    removed = replace(DECISION, outcome=Outcome.REMOVE, state=DecisionState.REVERSED)
    reversed_case = known_of(replace(DECIDED, decision=removed))
    assert reversed_case is not None
    assert "reversed" == reversed_case.label
