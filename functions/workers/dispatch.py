"""Rings the queues: what the stream shows as waiting is handed to the worker that does it.

Only a doorbell. What must happen is kept in the table until it has, and `sweep` rings again for
whatever is left over, so a lost message costs minutes and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.wiring import channels
from functions.workers import journal
from functions.workers.events import (
    BatchAnswer,
    StreamRecord,
    body_of,
    failed_from,
    stream_records,
)
from moderation.ports import Queue
from moderation.records import META

OUTBOX, UNCHECKED, EXPORT, ERASURES = "OUTBOX", "UNCHECKED", "EXPORT", "ERASURES"


@dataclass(frozen=True, slots=True)
class Parts:
    """The queues, by what rings them."""

    deliver: Queue
    score: Queue
    export: Queue


def handle(event: Mapping[str, Any], parts: Parts) -> BatchAnswer:
    """Send each queue what is new for it; answers from where on to deliver the batch again."""
    records = stream_records(event)
    failed: list[str] = []
    sent = 0
    for queue, place in (
        (parts.deliver, OUTBOX),
        (parts.score, UNCHECKED),
        (parts.export, EXPORT),
        (parts.export, ERASURES),
    ):
        waiting = {record: body for record in records if (body := _body(record, place))}
        if not waiting:
            continue
        try:
            queue.send(tuple(dict.fromkeys(waiting.values())))
            sent += len(waiting)
        except Exception as error:  # noqa: BLE001  (the outermost loop: other queues must go on)
            journal.failed("dispatch", place, error)
            failed.append(next(iter(waiting)).sequence)
    journal.note("dispatch", records=len(records), sent=sent, failed=len(failed))
    return failed_from(records, failed)


def _body(record: StreamRecord, place: str) -> str | None:
    """The message for the queue of `place`; None where the change is not for it."""
    new, old = record.new, record.old
    if new is None or record.sk != META:
        return None
    record_id = record.pk.partition("#")[2]
    if place == EXPORT:
        return body_of("export", record_id) if new.kind == EXPORT and old is None else None
    if place == ERASURES:
        runs = new.work_pk == ERASURES and (old is None or old.work_pk != ERASURES)
        return body_of("erasure", record_id) if runs else None
    if new.work_pk != place:
        return None
    if place == OUTBOX:
        return body_of("message", record_id) if old is None else None
    return body_of("post", record_id)


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    return handle(
        event, Parts(channels.deliver_queue(), channels.score_queue(), channels.export_queue())
    )
