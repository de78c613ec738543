"""Builds the export bundles that were asked for and carries erasures out.

Both are long, rare and resumable, and both touch the bundles, so one queue and one role serve them.

A message that fails is received again after the queue's visibility timeout; at the fourth time the
export is recorded as failed. A worker that was killed at its work can record nothing, so what comes
a fifth time is not built again but recorded as failed, before the queue gives the message up.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.wiring import disclosure, tables
from functions.workers import journal
from functions.workers.events import BatchAnswer, QueueRecord, failed_messages, queue_records
from moderation.audit.export import Exporter
from moderation.audit.order import Built, NotYet
from moderation.audit.pinning import NothingThereError
from moderation.audit.ports import LogBrokenError
from moderation.change import UnitOfWork
from moderation.compliance.erasure_saga import Eraser
from moderation.compliance.export_job import ExportJob
from moderation.compliance.export_request import CompleteExport, FailExport, ReportProgress
from moderation.compliance.redaction import order_of

RECEIVES_AT_MOST = 4
LOOKS_AT_MOST = 240
WALKS_AT_MOST = 20
PAUSE_S = 1.0
PROGRESS_STEP = 10

HOPELESS = (LogBrokenError, NothingThereError)
"""What trying again does not mend."""


class KilledError(Exception):
    """The export cannot be built in the time and space that a worker has."""


class StillWaitingError(Exception):
    """The log did not catch up while the worker waited for it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with; `pause` waits for so many seconds."""

    work: UnitOfWork
    exporter: Exporter
    eraser: Eraser
    pause: Callable[[float], None]


def handle(event: Mapping[str, Any], parts: Parts) -> BatchAnswer:
    """Build each export of a batch; answers which messages are to be received again."""
    failed: list[str] = []
    for record in queue_records(event):
        try:
            _erase(record, parts) if record.names("erasure") else _export(record, parts)
        except Exception as error:  # noqa: BLE001  (the outermost loop: others must go on)
            journal.failed("export", record.message_id, error)
            failed.append(record.message_id)
    return failed_messages(failed)


def _erase(record: QueueRecord, parts: Parts) -> None:
    """Walk until a walk finds nothing; what is left then is rung for again when it is due."""
    target = record.field("erasure")
    walks = 1
    while parts.eraser.walk(target) and walks < WALKS_AT_MOST:
        walks += 1
        parts.pause(PAUSE_S)
    journal.note("erase", walks=walks)


def _export(record: QueueRecord, parts: Parts) -> None:
    ref = ExportJob.at(record.field("export"))
    job = parts.work.read(ref).get(ref)
    if job is None or job.state != "building":
        return
    try:
        if record.receives > RECEIVES_AT_MOST:
            raise KilledError("The worker was ended each time before it had the bundle.")
        built = _built(job, parts)
    except Exception as error:
        if record.receives < RECEIVES_AT_MOST and not isinstance(error, HOPELESS):
            raise
        journal.failed("export", ref.subject, error)
        parts.work.run(FailExport(export_id=job.id, failure=type(error).__name__))
        return
    parts.work.run(CompleteExport(export_id=job.id, object_key=built.path, record=built.record))
    journal.note("export", entries=built.entries)


def _built(job: ExportJob, parts: Parts) -> Built:
    """Build, looking again each second for as long as the log has not caught up."""
    order = order_of(job)
    reported = 0

    def progress(percent: int) -> None:
        nonlocal reported
        if percent >= reported + PROGRESS_STEP:
            reported = percent
            parts.work.run(ReportProgress(export_id=job.id, progress=percent))

    reason = ""
    for _ in range(LOOKS_AT_MOST):
        outcome = parts.exporter.build(order, progress)
        if not isinstance(outcome, NotYet):
            return outcome
        reason = outcome.reason
        parts.pause(PAUSE_S)
    raise StillWaitingError(reason)


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    return handle(
        event, Parts(tables.unit_of_work(), disclosure.exporter(), disclosure.eraser(), time.sleep)
    )
