"""Tallies move by the difference between what a case is and what was counted of it."""

from dataclasses import replace
from typing import Any

from moderation.cases.case import CaseState, Opener
from moderation.detection.signal import RULES, Signal
from moderation.detection.taxonomy import Category
from moderation.rulesets.tally import (
    RuleTally,
    ShadowHits,
)
from moderation.rulesets.tallying import CountCase, CountShadowHits
from tests.support.community import DictWork
from tests.support.samples import CASE, CASE_ID, POST_ID

A, B = "de.a@1", "de.b@2"


def signal(rule: str, *, advisory: bool = False, detector: str = RULES) -> Signal:
    """One signal of a rule."""
    return Signal(detector, "1", Category.SPAM, 500_000, None, "", "Weil.", rule, advisory)


OPEN = replace(
    CASE, state=CaseState.OPEN, decision=None, opened_by=Opener.RULE, signals=(signal(A),)
)


def count(work: DictWork) -> bool:
    """Count the case."""
    return work.run(CountCase(CASE_ID))


def test_a_case_that_is_not_there_counts_nothing() -> None:
    """Its change was told of, and it is gone."""
    work = DictWork()

    assert count(work)
    assert [()] == [change.puts for change in work.changes]


def test_only_what_differs_is_written() -> None:
    """A second rule that joins moves its own tally and not the first one's."""
    work = DictWork()
    work.put(OPEN)
    assert not count(work)
    work.put(replace(OPEN, signals=(signal(A), signal(B))))
    assert not count(work)
    assert count(work)

    assert [2, 2, 0] == [len(change.puts) for change in work.changes]
    for name, version in (("de.a", 1), ("de.b", 2)):
        ref = RuleTally.at(name, version)
        assert work.read(ref).need(ref).hits == 1


def test_shadow_hits_are_counted_once() -> None:
    """One more for each rule, the first time."""
    hits = ShadowHits(post_id=POST_ID, revision=2, rules=(A, B))
    work = DictWork()
    work.put(hits)
    for _ in range(2):
        work.run(CountShadowHits(POST_ID, 2))
    work.run(CountShadowHits(POST_ID, 3))

    ref = RuleTally.at("de.b", 2)
    assert work.read(ref).need(ref).shadow_hits == 1
    assert [3, 0, 0] == [len(change.puts) for change in work.changes]


def test_nothing_is_told_twice() -> None:
    """No request has these for an answer."""
    none: Any = None
    CountShadowHits(POST_ID, 1).recall(none, none)
    assert CountCase(CASE_ID).recall(none, none)
