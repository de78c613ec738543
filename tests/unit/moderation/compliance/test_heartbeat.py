"""A heartbeat is owed for an hour without an entry, and for no other."""

from datetime import timedelta

import pytest

from moderation.audit.actions import Action
from moderation.change import Change, Context, Seen
from moderation.compliance.heartbeat import IDLE, Beat, Pulse
from tests.support.community import NOW, ulid

CONTEXT = Context(NOW, lambda: ulid(1))


def decided(last: timedelta | None, beat: timedelta | None) -> Change[bool]:
    """Decide, with the newest entry and the last beat so long ago."""
    pulse = None if beat is None else Pulse(beat_at=NOW - beat)
    command = Beat(last_at=None if last is None else NOW - last)
    return command.decide(Seen({Pulse.at(): pulse}), CONTEXT)


@pytest.mark.parametrize(
    ("last", "beat"), [(None, None), (IDLE, None), (None, IDLE), (IDLE, 2 * IDLE)]
)
def test_an_idle_hour_is_one_act(last: timedelta | None, beat: timedelta | None) -> None:
    """On the log itself, by the system, with the time in the record."""
    change = decided(last, beat)

    assert change.answer
    assert change.puts == (Pulse(beat_at=NOW),)
    assert [(act.action, act.subject.subject) for act in change.acts] == [
        (Action.LOG_HEARTBEAT, "log:pulse")
    ]


@pytest.mark.parametrize(
    ("last", "beat"),
    [(timedelta(0), None), (IDLE - timedelta(milliseconds=1), None), (IDLE, timedelta(minutes=1))],
)
def test_an_hour_with_an_entry_is_none(last: timedelta, beat: timedelta | None) -> None:
    """Be it an act or a heartbeat that the index does not show yet."""
    assert decided(last, beat) == Change(answer=False)


def test_a_repeated_one_is_answered() -> None:
    """It beat."""
    assert Beat(last_at=None).recall(Pulse.at(), Seen({})) is True
