"""Asking for an export of the audit log, and what its builder reports; itself an audited act."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.actor import SYSTEM, Actor
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.message import Message, MessageKind
from moderation.change import Act, Change, Context, More, Seen
from moderation.compliance.export_job import ExportJob
from moderation.errors import Fault, Invalid
from moderation.ids import ExportId
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExport:
    """A compliance officer asks for all entries with `start` ≤ at < `end`. Answers the job.

    Invalid where the period is empty or has not begun. The message in the outbox, addressed to
    nobody, is the order to the builder: it stays there until it has been handed over.
    """

    start: datetime
    end: datetime
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """Nothing: the job is new."""
        return ()

    def decide(self, seen: Seen, context: Context) -> Change[ExportJob]:  # noqa: ARG002
        """Put the job; that it is building is what rings for it."""
        if self.end <= self.start:
            raise _refused("/to", "The period ends before it begins.")
        if self.start >= context.now:
            raise _refused("/from", "The period has not begun.")
        job = ExportJob(
            id=ExportId(context.new_id()),
            start=self.start,
            end=self.end,
            requested_by=self.actor.id,
            requested_at=context.now,
        )
        act = Act(job.ref, Action.EXPORT_REQUEST, self.actor, reason="export:request")
        return Change(answer=job, puts=(job,), acts=(act,), reference=job.ref)

    def recall(self, reference: Ref[ExportJob], seen: Seen) -> ExportJob | More:
        """The job as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProgress:
    """The builder says how far it has come, in per cent; no act, and never backwards."""

    export_id: ExportId
    progress: int

    def reads(self) -> tuple[Ref[Any], ...]:
        """The job."""
        return (ExportJob.at(self.export_id),)

    def decide(self, seen: Seen, context: Context) -> Change[ExportJob]:  # noqa: ARG002
        """Nothing for a job that is done, or further than that."""
        job = seen.need(ExportJob.at(self.export_id))
        if job.state != "building" or self.progress <= job.progress:
            return Change(answer=job)
        further = replace(job, progress=min(self.progress, 99))
        return Change(answer=further, puts=(further,), reference=job.ref)

    def recall(self, reference: Ref[ExportJob], seen: Seen) -> ExportJob | More:
        """The job as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteExport:
    """The bundle is built; `record` pins what it was built from. Repeating changes nothing."""

    export_id: ExportId
    object_key: str
    record: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The job."""
        return (ExportJob.at(self.export_id),)

    def decide(self, seen: Seen, context: Context) -> Change[ExportJob]:
        """Mark the job ready and tell who asked for it."""
        job = seen.need(ExportJob.at(self.export_id))
        if job.state != "building":
            return Change(answer=job)
        ready = replace(
            job, state="ready", progress=100, object_key=self.object_key, record=self.record
        )
        return _ended(ready, Action.EXPORT_BUILD, context)

    def recall(self, reference: Ref[ExportJob], seen: Seen) -> ExportJob | More:
        """The job as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailExport:
    """The bundle cannot be built; `failure` says why. Repeating changes nothing."""

    export_id: ExportId
    failure: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The job."""
        return (ExportJob.at(self.export_id),)

    def decide(self, seen: Seen, context: Context) -> Change[ExportJob]:
        """Mark the job failed and tell who asked for it."""
        job = seen.need(ExportJob.at(self.export_id))
        if job.state != "building":
            return Change(answer=job)
        return _ended(
            replace(job, state="failed", failure=self.failure), Action.EXPORT_FAIL, context
        )

    def recall(self, reference: Ref[ExportJob], seen: Seen) -> ExportJob | More:
        """The job as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


def _ended(job: ExportJob, action: Action, context: Context) -> Change[ExportJob]:
    told = Message(
        id=context.new_id(),
        kind=MessageKind.EXPORT,
        about=job.id,
        created_at=context.now,
        to=job.requested_by,
    )
    act = Act(job.ref, action, SYSTEM, via=Via.JOB, reason=action.value)
    return Change(answer=job, puts=(job, told), acts=(act,), reference=job.ref)


def _refused(pointer: str, detail: str) -> Invalid:
    return Invalid("The period cannot be exported.", faults=(Fault(pointer, detail),))
