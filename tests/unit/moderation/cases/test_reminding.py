"""When people are reminded of a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.cases.case import Case, CaseState, Opener
from moderation.cases.message import Message, MessageKind
from moderation.cases.opening import open_by_detection
from moderation.cases.reminding import Reminder, RemindOfCase, stage_of
from moderation.change import Change
from tests.support.community import FLAGGED, NOW, OPENING, RULES, context, seen, ulid

OPENED = open_by_detection(OPENING, FLAGGED, Opener.RULE, context(), RULES).case
DAY = replace(OPENED, due_at=NOW + timedelta(hours=24))
HOUR = replace(OPENED, due_at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("case", "before_end", "stage"),
    [
        (DAY, timedelta(minutes=61), None),
        (DAY, timedelta(minutes=60), "soon"),
        (HOUR, timedelta(minutes=16), None),
        (HOUR, timedelta(minutes=15), "soon"),
        (HOUR, timedelta(0), "overdue"),
        (replace(HOUR, state=CaseState.AWAITING_APPROVAL), timedelta(0), "overdue"),
        (replace(HOUR, state=CaseState.DECIDED), timedelta(0), None),
        (replace(HOUR, state=CaseState.CLOSED), timedelta(0), None),
    ],
)
def test_an_hour_before_the_end_or_a_quarter_of_a_short_time(
    case: Case, before_end: timedelta, stage: str | None
) -> None:
    """And once the end has come; only while the case waits for people."""
    assert stage_of(case, case.due_at - before_end) == stage


def test_a_reminder_is_an_urgent_message_and_the_note_that_it_was_sent() -> None:
    """Both are written together, so it is sent once."""
    command = RemindOfCase(HOUR.id, "overdue")
    reminder = Reminder(case_id=HOUR.id, stage="overdue", due_at=HOUR.due_at)
    message = Message(id=ulid(5001), kind=MessageKind.URGENT, about=HOUR.id, created_at=HOUR.due_at)

    assert command.reads() == (HOUR.ref, reminder.ref)
    assert command.decide(seen(command, HOUR), context(HOUR.due_at)) == Change(
        answer=True, puts=(reminder, message)
    )
    assert command.decide(seen(command, HOUR, reminder), context(HOUR.due_at)) == Change(
        answer=False
    )
    assert not command.recall(HOUR.ref, seen(command))
