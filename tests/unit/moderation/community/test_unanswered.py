"""A unit is told of a wait once, and while it is on duty."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from moderation.cases.message import Message, MessageKind
from moderation.change import Change, More
from moderation.community.answer_target import AnswerTarget
from moderation.community.unanswered import TellOfWait
from moderation.community.waiting import AnswerState, unanswered, with_target
from moderation.ids import ThreadId
from tests.support.community import BOARD, NOW, THREAD, context, seen, ulid

TARGET = AnswerTarget(minutes=60)
DUE = NOW + timedelta(minutes=60)
NIGHT = NOW + timedelta(hours=12)
BLANK = unanswered(THREAD)
STATE = with_target(BLANK, replace(BLANK, is_open=True, waiting_since=NOW), TARGET)
COMMAND = TellOfWait(THREAD.id)


def _decided(
    state: AnswerState, at: datetime, target: AnswerTarget | None = TARGET
) -> Change[bool]:
    known = seen(COMMAND, state, replace(BOARD, answer_target=target), more=(BOARD.ref,))
    change = COMMAND.decide(known, context(at))
    assert isinstance(change, Change)
    return change


def test_a_unit_is_told_of_a_wait_that_is_overdue() -> None:
    """The message and the state that says so are one change."""
    told = replace(STATE, alarm_at=None, alarmed_for=NOW)
    message = Message(id=ulid(5001), kind=MessageKind.UNANSWERED, about=THREAD.id, created_at=DUE)

    assert More((BOARD.ref,)) == COMMAND.decide(seen(COMMAND, STATE), context(DUE))
    assert Change(answer=True, puts=(told, message)) == _decided(STATE, DUE)
    assert Change(answer=False) == _decided(told, DUE)
    assert not COMMAND.recall(THREAD.ref, seen(COMMAND))


@pytest.mark.parametrize(
    "state",
    [
        replace(STATE, alarm_at=DUE + timedelta(milliseconds=1)),
        replace(STATE, alarm_at=None, waiting_since=None),
        replace(STATE, is_open=False),
        replace(STATE, thread_id=ThreadId(ulid(2999))),
    ],
)
def test_nobody_is_told_too_early_or_of_what_is_over(state: AnswerState) -> None:
    """An index that lags names threads that wait no more, are hidden, or are not there."""
    assert Change(answer=False) == _decided(state, DUE)


def test_nobody_is_told_off_duty() -> None:
    """Where the hours have changed since, it waits for the next morning."""
    morning = NOW + timedelta(hours=22)

    later = replace(STATE, alarm_at=morning)
    assert Change(answer=False, puts=(later,)) == _decided(STATE, NIGHT)
    assert _decided(later, morning).answer


def test_a_board_without_a_target_tells_nobody() -> None:
    """The state forgets the promise, and is off the list."""
    forgotten = replace(STATE, answer_due_at=None, alarm_at=None)

    assert Change(answer=False, puts=(forgotten,)) == _decided(STATE, DUE, None)
