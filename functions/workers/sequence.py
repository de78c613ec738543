"""Sequences the audit log: rung by its table's stream, and each minute whatever rang.

The stream is a doorbell and a witness: what waits is read from the table, and a change that must
never happen to an entry wakes a human.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from functions import outside
from functions.settings import settings
from functions.wiring import channels, log
from functions.workers import journal
from functions.workers.events import BatchAnswer, failed_messages, stream_records
from moderation.audit.sequence import Sequenced, Sequencer
from moderation.audit.watch import tampering
from moderation.ports import Alarm

BUDGET = timedelta(seconds=40)
MERGE_DELAY_MS = 60_000
"""What receipts promise: an entry is in the log within this time."""

NAMED_MOST = 20
"""Malformed entries that an alarm names; an alarm has a longest text, and all of them may not."""

DELAY = "MergeDelay"
"""The metric: age of the oldest entry that a run appended, 0 where nothing waited."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with; `origin` names the log whose delay is measured."""

    sequencer: Sequencer
    alarm: Alarm
    origin: str
    now: Callable[[], datetime]


def handle(event: Mapping[str, Any], parts: Parts) -> BatchAnswer:
    """Watch the changes, then sequence all that waits; an error has the doorbell rung again."""
    for complaint in _complaints(event):
        parts.alarm.raise_alarm("Audit table altered", complaint)
    done = parts.sequencer.run(BUDGET)
    journal.note(
        "sequence",
        size=done.size,
        appended=done.appended,
        delay_ms=done.delay_ms,
        malformed=len(done.malformed),
    )
    journal.measured(DELAY, done.delay_ms, parts.origin, parts.now())
    if done.delay_ms > MERGE_DELAY_MS or done.malformed:
        parts.alarm.raise_alarm("Audit log late", _lateness(done))
    return failed_messages(())


def _complaints(event: Mapping[str, Any]) -> list[str]:
    if "Records" not in event:
        return []
    # What is put again as it was is no change. DynamoDB has no record of it, engines may have one.
    changes = [
        record
        for record in event["Records"]
        if record["dynamodb"].get("OldImage") != record["dynamodb"].get("NewImage")
    ]
    found = (
        tampering(record.pk, existed=record.old is not None, exists=record.new is not None)
        for record in stream_records({"Records": changes})
    )
    return [complaint for complaint in found if complaint is not None]


def _lateness(done: Sequenced) -> str:
    late = f"The oldest entry waited {done.delay_ms} ms; {MERGE_DELAY_MS} ms are promised."
    named, more = done.malformed[:NAMED_MOST], len(done.malformed[NAMED_MOST:])
    malformed = f"Entries that cannot be sequenced: {', '.join(named) or 'none'}"
    return f"{late} {malformed}{f' and {more} more' if more else ''}."


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    parts = Parts(log.sequencer(), channels.alarm(), settings().log_origin, outside.now)
    return handle(event, parts)
