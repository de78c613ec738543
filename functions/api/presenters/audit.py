"""Entries and exports as compliance sees them."""

from moderation.audit.entry import decode, leaf_hash
from moderation.compliance.entry_list import ListedEntry
from moderation.compliance.export_job import ExportJob
from schemas.audit import EntryView, ExportView


def entry_view(listed: ListedEntry) -> EntryView:
    """One entry, read out of its canonical body."""
    entry = decode(listed.body)
    return EntryView(
        id=entry.id,
        index=listed.index,
        at=entry.at,
        actor=entry.actor,
        via=entry.via.value,
        action=entry.action.value,
        subject=entry.subject,
        rev=entry.rev,
        content=entry.content,
        reason=entry.reason,
        rule=entry.rule,
        cause=entry.cause,
        prev=entry.prev,
        before=entry.before,
        after=entry.after,
        payload=entry.payload,
        leaf=leaf_hash(listed.body).hex(),
    )


def export_view(job: ExportJob, url: str | None) -> ExportView:
    """An export; `url` where it can be fetched."""
    return ExportView.model_validate(
        {
            "id": job.id,
            "state": job.state,
            "progress": job.progress,
            "from": job.start,
            "to": job.end,
            "url": url,
            "failure": job.failure,
            "profile": job.profile,
            "actors": None if job.actors is None else list(job.actors),
            "action": job.action,
            "subject": job.subject,
            "case": job.case,
        }
    )
