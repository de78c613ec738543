"""Sequences the audit log: rung by its table's stream, and each minute whatever rang.

The stream is a doorbell and nothing else: what waits is read from the table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from functions import outside
from functions.settings import settings
from functions.wiring import channels, log
from functions.workers import journal
from functions.workers.events import BatchAnswer, failed_messages
from moderation.audit.sequence import Sequenced, Sequencer
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


def handle(parts: Parts) -> BatchAnswer:
    """Sequence all that waits; an error has the doorbell rung again."""
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


def _lateness(done: Sequenced) -> str:
    late = f"The oldest entry waited {done.delay_ms} ms; {MERGE_DELAY_MS} ms are promised."
    named, more = done.malformed[:NAMED_MOST], len(done.malformed[NAMED_MOST:])
    malformed = f"Entries that cannot be sequenced: {', '.join(named) or 'none'}"
    return f"{late} {malformed}{f' and {more} more' if more else ''}."


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    parts = Parts(log.sequencer(), channels.alarm(), settings().log_origin, outside.now)
    return handle(parts)
