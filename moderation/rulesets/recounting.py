"""The nightly recount of the rules' tallies: every case once a day, a stretch at a time.

A run may end at any point; the next one goes on from the last page that was finished.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.cases.case import Case, CaseState
from moderation.change import Change, Context, Seen, UnitOfWork
from moderation.community.nightly import HOUR_UTC
from moderation.ports import Lists
from moderation.records import Kind, Ref
from moderation.rulesets.tally import CountedCase, counted_of
from moderation.rulesets.tallying import CountCase

PAGE = 100
STATES = tuple(CaseState)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecount:
    """How far the recount has come on one day (ISO date, UTC).

    `state` is the number of the state whose cases are walked, `after` the position in their list.
    """

    day: str
    state: int = 0
    after: str | None = None

    @staticmethod
    def at() -> Ref["CaseRecount"]:
        """The one address."""
        return Ref(Kind.RULE, "all", "RECOUNT")

    @property
    def ref(self) -> Ref["CaseRecount"]:
        """The record's own address."""
        return CaseRecount.at()

    @property
    def done(self) -> bool:
        """Whether every state has been walked."""
        return self.state >= len(STATES)


@dataclass(frozen=True, slots=True)
class NoteCaseRecount:
    """Keep how far the recount has come; whoever comes second with old news is ignored."""

    expected: CaseRecount | None
    reached: CaseRecount

    def reads(self) -> tuple[Ref[Any], ...]:
        """What was kept last."""
        return (CaseRecount.at(),)

    def decide(self, seen: Seen, context: Context) -> Change[None]:  # noqa: ARG002
        """The new place, if the last one is still what this walk began from."""
        if seen.get(CaseRecount.at()) != self.expected:
            return Change(answer=None)
        return Change(answer=None, puts=(self.reached,))

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""


def recount_cases(
    work: UnitOfWork, lists: Lists, now: datetime, may_go_on: Callable[[], bool]
) -> int:
    """Count what was missed, while `may_go_on`; answers how many cases that was."""
    if now.hour < HOUR_UTC:
        return 0
    day, ref = now.date().isoformat(), CaseRecount.at()
    kept = work.read(ref).get(ref)
    reached = kept if kept is not None and kept.day == day else CaseRecount(day=day)
    wrong = 0
    while not reached.done and may_go_on():
        page = lists.cases(STATES[reached.state], None, PAGE, reached.after)
        wrong += _count_missed(page.items, work)
        reached = replace(reached, after=page.next)
        if page.next is None:
            reached = replace(reached, state=reached.state + 1)
        work.run(NoteCaseRecount(kept, reached))
        kept = reached
    return wrong


def _count_missed(cases: tuple[Case, ...], work: UnitOfWork) -> int:
    if not cases:
        return 0
    counted = work.read(*(CountedCase.at(case.id) for case in cases))
    wrong = 0
    for case in cases:
        known = counted.get(CountedCase.at(case.id)) or CountedCase(case_id=case.id)
        if known != counted_of(case):
            wrong += not work.run(CountCase(case.id))
    return wrong
