"""Watches the audit table by its stream: a change that must never happen wakes a human.

It may read the stream and raise the alarm, and nothing else: whoever can write to the table by
another function's rights cannot keep this one from telling.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.wiring import channels
from functions.workers import journal
from functions.workers.events import BatchAnswer, failed_messages, stream_records
from moderation.audit.watch import tampering
from moderation.ports import Alarm


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with."""

    alarm: Alarm


def handle(event: Mapping[str, Any], parts: Parts) -> BatchAnswer:
    """Look at the changes; an alarm that cannot be raised brings the batch back."""
    complaints = _complaints(event)
    for complaint in complaints:
        parts.alarm.raise_alarm("Audit table altered", complaint)
    journal.note("watch", changes=len(event["Records"]), complaints=len(complaints))
    return failed_messages(())


def _complaints(event: Mapping[str, Any]) -> list[str]:
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


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    return handle(event, Parts(channels.alarm()))
