"""Telling a board's unit of a customer who nobody has answered in time: once, and while on duty."""

from dataclasses import dataclass, replace
from typing import Any

from moderation.cases.message import Message, MessageKind
from moderation.change import Change, Context, More, Seen
from moderation.community.board import Board
from moderation.community.office_hours import is_open
from moderation.community.waiting import AnswerState
from moderation.records import Ref


@dataclass(frozen=True, slots=True)
class TellOfWait:
    """Put a message about a thread's wait into the outbox, and note on its state that it was told.

    State and message are one change, so a wait is told once, however many clocks look at it. Where
    the hours have changed and the unit is off duty, it is put off until it is on again; where the
    board has no target any more, nobody is told. Answers whether there is a new message.
    """

    thread_id: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The thread's state."""
        return (AnswerState.at(self.thread_id),)

    def decide(self, seen: Seen, context: Context) -> Change[bool] | More:
        """The message, and the thread off the list of those to be told of."""
        state = seen.get(AnswerState.at(self.thread_id))
        if state is None or not state.is_open:
            return Change(answer=False)
        if state.alarm_at is None or state.alarm_at > context.now:
            return Change(answer=False)
        ref = Board.at(state.board)
        if not seen.knows(ref):
            return More((ref,))
        target = seen.need(ref).answer_target
        if target is None:
            return Change(answer=False, puts=(replace(state, answer_due_at=None, alarm_at=None),))
        if not is_open(target.hours, context.now):
            later = target.alarm_at(context.now)
            return Change(answer=False, puts=(replace(state, alarm_at=later),))
        told = replace(state, alarm_at=None, alarmed_for=state.waiting_since)
        message = Message(
            id=context.new_id(),
            kind=MessageKind.UNANSWERED,
            about=state.thread_id,
            created_at=context.now,
        )
        return Change(answer=True, puts=(told, message))

    def recall(self, reference: Ref[Any], seen: Seen) -> bool:  # noqa: ARG002
        """Nothing is told twice."""
        return False
