"""Sequences the audit log: rung by its table's stream, and each minute whatever rang.

The stream is a doorbell and a witness: what waits is read from the table, and a change that must
never happen to an entry wakes a human.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from functions.workers import journal
from functions.workers.events import BatchAnswer, failed_messages, stream_records
from moderation.audit.sequence import Sequenced, Sequencer
from moderation.audit.watch import tampering
from moderation.ports import Alarm

BUDGET = timedelta(seconds=40)
MERGE_DELAY_MS = 60_000
"""What receipts promise: an entry is in the log within this time."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with."""

    sequencer: Sequencer
    alarm: Alarm


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
    if done.delay_ms > MERGE_DELAY_MS or done.malformed:
        parts.alarm.raise_alarm("Audit log late", _lateness(done))
    return failed_messages(())


def _complaints(event: Mapping[str, Any]) -> list[str]:
    if "Records" not in event:
        return []
    found = (
        tampering(record.pk, existed=record.old is not None, exists=record.new is not None)
        for record in stream_records(event)
    )
    return [complaint for complaint in found if complaint is not None]


def _lateness(done: Sequenced) -> str:
    late = f"The oldest entry waited {done.delay_ms} ms; {MERGE_DELAY_MS} ms are promised."
    malformed = f"Entries that cannot be sequenced: {', '.join(done.malformed) or 'none'}."
    return f"{late} {malformed}"


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    from functions import wiring  # noqa: PLC0415  (nothing is put together at import)

    return handle(event, Parts(wiring.sequencer(), wiring.alarm()))
