"""Reminding people of a case whose time runs out: once before the end, and once after it.

What has been told is kept beside the case, so that a clock that looks every minute tells it once.
The case itself is not written: a reminder is no act on it, and must not get in a decider's way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from moderation.cases.case import Case, CaseState
from moderation.cases.message import Message, MessageKind
from moderation.change import Change, Context, Seen
from moderation.ids import CaseId
from moderation.records import Kind, Ref

LEAD = timedelta(hours=1)
"""The longest time before the end; a short clock warns when a quarter of it is left."""

Stage = Literal["soon", "overdue"]
WAITING = frozenset({CaseState.OPEN, CaseState.AWAITING_APPROVAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """That people were told about the end of a case at `due_at`; another end is told again."""

    case_id: CaseId
    stage: Stage
    due_at: datetime

    @staticmethod
    def at(case_id: str, stage: Stage) -> Ref["Reminder"]:
        """The address of a case's reminder of a stage."""
        return Ref(Kind.CASE, case_id, f"REMINDER#{stage}")

    @property
    def ref(self) -> Ref["Reminder"]:
        """The record's own address."""
        return Reminder.at(self.case_id, self.stage)


def stage_of(case: Case, now: datetime) -> Stage | None:
    """Which reminder is due about a case that waits for people; None: none yet."""
    if case.state not in WAITING:
        return None
    if now >= case.due_at:
        return "overdue"
    lead = min(LEAD, (case.due_at - case.created_at) / 4)
    return "soon" if now >= case.due_at - lead else None


@dataclass(frozen=True, slots=True)
class RemindOfCase:
    """Put an urgent message about a case into the outbox, unless that was done for this end.

    Answers whether there is a new message.
    """

    case_id: str
    stage: Stage

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case as it is now, and what was told."""
        return (Case.at(self.case_id), Reminder.at(self.case_id, self.stage))

    def decide(self, seen: Seen, context: Context) -> Change[bool]:
        """The message, and that it was sent."""
        case = seen.need(Case.at(self.case_id))
        told = seen.get(Reminder.at(self.case_id, self.stage))
        if stage_of(case, context.now) != self.stage:
            return Change(answer=False)
        if told is not None and told.due_at == case.due_at:
            return Change(answer=False)
        reminder = Reminder(case_id=case.id, stage=self.stage, due_at=case.due_at)
        message = Message(
            id=context.new_id(), kind=MessageKind.URGENT, about=case.id, created_at=context.now
        )
        return Change(answer=True, puts=(reminder, message))

    def recall(self, reference: Ref[Any], seen: Seen) -> bool:  # noqa: ARG002
        """Nothing is told twice."""
        return False
