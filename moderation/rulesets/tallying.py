"""Counting what became of a rule's hits, exactly once, whatever the stream repeats or disorders.

A change of a case is only a doorbell: the case is read again, and what of it was counted before
lies beside it. Both are written with the tallies in one transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from moderation.cases.case import Case
from moderation.change import Change, Context, More, Seen
from moderation.records import Ref
from moderation.rulesets.tally import (
    CountedCase,
    RuleTally,
    ShadowHits,
    counted_of,
    empty,
    tally_of,
)


@dataclass(frozen=True, slots=True)
class CountCase:
    """Bring the tallies of a case's rules up to date with the case. Answers whether they were."""

    case_id: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case, and what of it was counted."""
        return (Case.at(self.case_id), CountedCase.at(self.case_id))

    def decide(self, seen: Seen, context: Context) -> Change[bool] | More:  # noqa: ARG002
        """The tallies moved by the difference; nothing where there is none."""
        case = seen.get(Case.at(self.case_id))
        if case is None:
            return Change(answer=True)
        now = counted_of(case)
        before = seen.get(now.ref) or CountedCase(case_id=case.id)
        if now == before:
            return Change(answer=True)
        refs = _refs(now.names | before.names)
        more = More.unless_seen(seen, refs)
        if more is not None:
            return more
        moved = []
        for ref in refs:
            tally = seen.get(ref) or empty(ref)
            after = now.added_to(before.added_to(tally, -1), 1)
            if after != tally:
                moved.append(after)
        return Change(answer=False, puts=(now, *moved))

    def recall(self, reference: Ref[Any], seen: Seen) -> bool:  # noqa: ARG002
        """Nothing is told twice."""
        return True


@dataclass(frozen=True, slots=True)
class CountShadowHits:
    """Count what rules in shadow found in a revision, once."""

    post_id: str
    revision: int

    def reads(self) -> tuple[Ref[Any], ...]:
        """The hits, which say whether they are counted."""
        return (ShadowHits.at(self.post_id, self.revision),)

    def decide(self, seen: Seen, context: Context) -> Change[None] | More:  # noqa: ARG002
        """One more for each rule."""
        hits = seen.get(ShadowHits.at(self.post_id, self.revision))
        if hits is None or hits.counted:
            return Change(answer=None)
        refs = _refs(hits.rules)
        more = More.unless_seen(seen, refs)
        if more is not None:
            return more
        tallies = [seen.get(ref) or empty(ref) for ref in refs]
        moved = (replace(tally, shadow_hits=tally.shadow_hits + 1) for tally in tallies)
        return Change(answer=None, puts=(replace(hits, counted=True), *moved))

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""


def _refs(names: Iterable[str]) -> tuple[Ref[RuleTally], ...]:
    return tuple(tally_of(name) for name in sorted(names))
