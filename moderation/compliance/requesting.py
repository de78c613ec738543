"""Asking for an export of the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.change import Act, Change, Context, More, Seen
from moderation.compliance.export_job import ExportJob
from moderation.errors import Fault, Invalid
from moderation.ids import ExportId
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExport:
    """Ask for all entries with `start` ≤ at < `end`. Answers the job that a worker will build.

    Invalid for a period that is none or has not begun yet. Asking is itself an entry.
    """

    actor: Actor
    start: datetime
    end: datetime

    def reads(self) -> tuple[Ref[Any], ...]:
        """Nothing: every request is a job of its own."""
        return ()

    def decide(self, seen: Seen, context: Context) -> Change[ExportJob]:  # noqa: ARG002
        """The job, and `export:request` in the log."""
        if self.start >= self.end:
            raise Invalid("This is no period.", faults=(Fault("/to", "must lie after from"),))
        if self.start > context.now:
            fault = Fault("/from", "must not lie in the future")
            raise Invalid("This period has not begun.", faults=(fault,))
        job = ExportJob(
            id=ExportId(context.new_id()),
            start=self.start,
            end=self.end,
            requested_by=self.actor.id,
            requested_at=context.now,
        )
        act = Act(job.ref, Action.EXPORT_REQUEST, self.actor, reason="request")
        return Change(answer=job, puts=(job,), acts=(act,), reference=job.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> ExportJob | More:
        """The job as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(ExportJob.at(reference.id))
