"""Closing many cases at once that a detector opened for nothing: no decision, and no measure.

A wave of false alarms over harmless words is closed as one act of many parts, in one transaction:
all of them or none, so the log never holds half of it. What a person has asked about, what is held,
and what is graver than the terms of use takes a decision, each with its own reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case, CaseState, Guard, Opener
from moderation.cases.claiming import check_open, check_unclaimed
from moderation.cases.deciding import check_revision
from moderation.cases.eligibility import check_impartial
from moderation.cases.history import noted
from moderation.change import Act, Change, Context, More, Seen
from moderation.detection.taxonomy import Severity
from moderation.errors import Conflict, Fault, Invalid
from moderation.ids import CaseId
from moderation.records import Ref

CASES_MOST = 20
"""Case, guard, entry and its marker are four writes each; a transaction takes a hundred."""

DETECTED = frozenset({Opener.RULE, Opener.SCORE})


@dataclass(frozen=True, slots=True)
class Looked:
    """A case as the moderator has seen it: the revision of the content that he looked at."""

    case_id: CaseId
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCases:
    """Close up to 20 cases that detection opened, for one reason. Answers them as they are then.

    Refused as a whole: NotFound, Invalid (none, too many, one twice, no reason), Conflict
    (`case-not-open`, `claimed`, `content-changed`, `conflict-of-interest`, `takes-decision` for
    what a person asked about, what is held or escalated, and what is graver than S0).
    """

    looked: tuple[Looked, ...]
    actor: Actor
    reason: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The cases; open ones carry their guards."""
        self._check()
        return tuple(Case.at(each.case_id) for each in self.looked)

    def decide(self, seen: Seen, context: Context) -> Change[tuple[Case, ...]] | More:
        """The cases closed, their posts free, and one part of one act for each."""
        cases = [seen.need(Case.at(each.case_id)) for each in self.looked]
        for case, each in zip(cases, self.looked, strict=True):
            check_open(case)
            check_unclaimed(case, self.actor, context.now)
            check_impartial(case, self.actor)
            check_revision(case, each.revision)
            _check_harmless(case)
        guards = tuple(Guard.at(case.post.id) for case in cases)
        if more := More.unless_seen(seen, guards):
            return more
        closed = tuple(
            noted(
                replace(case, state=CaseState.CLOSED, claim=None),
                context.now,
                Action.CASE_CLOSE,
                self.actor,
                self.reason,
            )
            for case in cases
        )
        return Change(
            answer=closed,
            puts=closed,
            deletes=guards,
            acts=self._acts(closed),
            reference=closed[0].ref,
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> tuple[Case, ...] | More:  # noqa: ARG002
        """The cases as they are now."""
        refs = self.reads()
        return More.unless_seen(seen, refs) or tuple(seen.need(ref) for ref in refs)

    def _acts(self, closed: Sequence[Case]) -> tuple[Act, ...]:
        return tuple(
            Act(
                case.ref,
                Action.CASE_CLOSE,
                self.actor,
                reason="close:false-alarm",
                content=case.post.revision,
            )
            for case in closed
        )

    def _check(self) -> None:
        faults = []
        named = {each.case_id for each in self.looked}
        if not 1 <= len(self.looked) <= CASES_MOST or len(named) != len(self.looked):
            faults.append(Fault("/cases", f"1 to {CASES_MOST} cases, each once."))
        if not self.reason.strip():
            faults.append(Fault("/reason", "Say why."))
        if faults:
            raise Invalid("The cases cannot be closed like this.", faults=tuple(faults))


def _check_harmless(case: Case) -> None:
    """Refuse with Conflict what somebody is owed a decision on."""
    asked = case.opened_by not in DETECTED or case.notice_count > 0
    if asked or case.hold is not None or case.escalated or case.severity is not Severity.S0:
        raise Conflict("This case takes a decision.", code="takes-decision", data={"case": case.id})
