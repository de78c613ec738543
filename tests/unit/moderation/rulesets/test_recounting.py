"""The recount walks every page of every state, and keeps its place between them."""

from dataclasses import replace
from typing import Any

from moderation.cases.case import Case, CaseState
from moderation.ids import CaseId
from moderation.ports import Page
from moderation.rulesets.recounting import CaseRecount, recount_cases
from tests.support.community import NOW, DictWork, ulid
from tests.support.samples import CASE, SIGNAL

HIT = replace(SIGNAL, rule="de.a@1", advisory=False)
CASES = [replace(CASE, id=CaseId(ulid(number)), signals=(HIT,)) for number in range(7001, 7004)]


class OneAPage:
    """Lists that give open cases one at a time, and none of another state."""

    def cases(
        self, state: CaseState, queue: str | None, limit: int, after: str | None
    ) -> Page[Case]:
        """The next case."""
        assert (queue, limit) == (None, 100)
        at = int(after or 0)
        if state is not CaseState.OPEN:
            return Page((), None)
        return Page((CASES[at],), str(at + 1) if at + 1 < len(CASES) else None)


def test_a_state_is_walked_to_its_last_page() -> None:
    """Whatever the run is given time for, the next one goes on from the page after."""
    lists: Any = OneAPage()
    work = DictWork()
    work.put(*CASES)

    first = recount_cases(work, lists, NOW, iter([True, False]).__next__)
    place = work.read(CaseRecount.at()).need(CaseRecount.at())
    rest = recount_cases(work, lists, NOW, lambda: True)

    assert (1, 0, "1") == (first, place.state, place.after)
    assert 2 == rest
    assert work.read(CaseRecount.at()).need(CaseRecount.at()).done
