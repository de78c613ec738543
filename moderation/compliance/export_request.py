"""Asking for an export of the audit log, and what its builder reports; itself an audited act."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from moderation.actor import SYSTEM, Actor
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Case
from moderation.cases.message import Message, MessageKind
from moderation.change import Act, Change, Context, More, Seen
from moderation.compliance.export_job import (
    DOWNLOADS_KEPT,
    LINK_LIFETIME,
    Download,
    ExportJob,
    ExportLink,
)
from moderation.errors import Fault, Invalid
from moderation.ids import ExportId
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExport:
    """A compliance officer asks for entries with `start` ≤ at < `end`. Answers the job.

    What narrows it is as in `ExportJob`. NotFound where there is no such case; Invalid where the
    period is empty or has not begun, or where a case is asked for together with anything narrower.
    """

    start: datetime
    end: datetime
    actor: Actor
    profile: Literal["full", "authority", "outsider"] = "authority"
    actors: tuple[str, ...] | None = None
    action: str | None = None
    subject: str | None = None
    case: str | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case, where one is asked for: the job is new."""
        return () if self.case is None else (Case.at(self.case),)

    def decide(self, seen: Seen, context: Context) -> Change[ExportJob]:
        """Put the job, which rings for itself while it is building, and a link beside its case."""
        if self.case is not None:
            seen.need(Case.at(self.case))
            if (self.actors, self.action, self.subject) != (None, None, None):
                raise _refused("/case", "A case is exported whole.")
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
            profile=self.profile,
            actors=self.actors,
            action=self.action,
            subject=self.subject,
            case=self.case,
        )
        act = Act(job.ref, Action.EXPORT_REQUEST, self.actor, reason=f"profile:{self.profile}")
        links = () if self.case is None else (
            ExportLink(case_id=self.case, export_id=job.id, requested_at=job.requested_at),
        )  # fmt: skip
        return Change(answer=job, puts=(job, *links), acts=(act,), reference=job.ref)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLink:
    """Somebody is given a link to a bundle that is ready. Answers the job.

    An act, once for each person and lifetime of a link: whoever looks again before that link has
    expired is given what he has already. Nothing happens where there is no bundle.
    """

    export_id: ExportId
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """The job."""
        return (ExportJob.at(self.export_id),)

    def decide(self, seen: Seen, context: Context) -> Change[ExportJob]:
        """Note the download."""
        job = seen.need(ExportJob.at(self.export_id))
        fresh = context.now - LINK_LIFETIME
        has_one = any(each.by == self.actor.id and each.at > fresh for each in job.downloads)
        if job.state != "ready" or has_one:
            return Change(answer=job)
        downloads = (*job.downloads, Download(by=self.actor.id, at=context.now))
        noted = replace(job, downloads=downloads[-DOWNLOADS_KEPT:])
        act = Act(job.ref, Action.EXPORT_DOWNLOAD, self.actor, reason=f"profile:{job.profile}")
        return Change(answer=noted, puts=(noted,), acts=(act,), reference=job.ref)

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
