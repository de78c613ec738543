"""The sequence worker: whatever rings, what waits gets into the log, and delay wakes a human."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from functions.workers.sequence import Parts, handle
from moderation.audit.sequence import Sequenced
from tests.support.audited_forum import AuditedForum
from tests.support.post_office import FakeAlarm
from tests.support.stack import ORIGIN, Clock, Stack


@pytest.fixture
def audited(stack: Stack) -> AuditedForum:
    """A forum with some acts."""
    forum = AuditedForum(stack)
    forum.casework()
    return forum


@dataclass
class FakeSequencer:
    """Says what a run found."""

    done: Sequenced

    def run(self, _: object) -> Sequenced:
        """Find nothing."""
        return self.done


def parts_of(sequencer: Any, alarm: FakeAlarm) -> Parts:
    """The worker's parts, at a time of the test's own."""
    return Parts(sequencer, alarm, ORIGIN, Clock())


def test_every_act_is_sequenced(audited: AuditedForum) -> None:
    """Whatever rang."""
    alarm = FakeAlarm()
    answer = handle(parts_of(audited.sequencer(), alarm))

    assert answer == {"batchItemFailures": []}
    assert audited.table.head().size == len(audited.stack.entries()) > 3
    assert alarm.raised == []


@pytest.mark.parametrize(
    ("done", "alarms"),
    [
        (Sequenced(9, 9, 60_000, ()), 0),
        (Sequenced(9, 9, 60_001, ()), 1),
        (Sequenced(9, 0, 0, ("01KJM6MRBQ0PQB1NT7P0ABATVB",)), 1),
    ],
)
def test_a_late_log_wakes_a_human(done: Sequenced, alarms: int) -> None:
    """Receipts promise a minute."""
    alarm = FakeAlarm()
    handle(parts_of(FakeSequencer(done), alarm))

    assert len(alarm.raised) == alarms


def test_an_alarm_names_so_many_malformed_entries_and_counts_the_rest() -> None:
    """Its text stays within what a topic takes."""
    alarm = FakeAlarm()
    malformed = tuple(f"{number:026d}" for number in range(20_000))
    handle(parts_of(FakeSequencer(Sequenced(9, 0, 0, malformed)), alarm))
    ((_, text),) = alarm.raised

    assert text.endswith(f"{malformed[19]} and 19980 more.")


def test_the_delay_is_measured_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    """One line in the embedded metric format, under the log's origin."""
    done = Sequenced(9, 9, 1_234, ())
    handle(parts_of(FakeSequencer(done), FakeAlarm()))
    line = json.loads(capsys.readouterr().out.splitlines()[-1])

    assert (line["MergeDelay"], line["Origin"]) == (1_234, ORIGIN)
    assert line["_aws"]["CloudWatchMetrics"][0]["Metrics"] == [
        {"Name": "MergeDelay", "Unit": "Milliseconds"}
    ]
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Origin"]]
