"""What each redaction profile withholds, and the order that a job amounts to.

full       nothing, and the records of a case with all they say
authority  no entry that was asked for; of the records the notifier's identity
outsider   every entry about people, notices and reports, whatever would tell of a report to the
           police, and all records
"""

from moderation.audit.entry import time_text
from moderation.audit.order import Order
from moderation.audit.selection import Profile, Selection
from moderation.compliance.export_job import ExportJob
from moderation.detection.taxonomy import Category, Flag, facts_of

OUTSIDER_KINDS = frozenset({"appeal", "board", "case", "log", "post", "ruleset", "statement"})
"""Subjects an outsider sees: what was done to content, and by which rules. Any other kind is
withheld, also one that does not exist yet."""

SILENT = frozenset(
    category.value for category in Category if Flag.NEUTRAL_STATEMENT in facts_of(category).flags
)
"""Categories under which an outsider must not read that there was a report (DSA Art. 18)."""


def selection_of(job: ExportJob) -> Selection:
    """Return which entries a job shows."""
    outsider = job.profile == "outsider"
    is_chain = job.subject is not None
    return Selection(
        actors=None if job.actors is None else frozenset(job.actors),
        action=job.action,
        kinds=OUTSIDER_KINDS if outsider else None,
        silent=SILENT if outsider else frozenset(),
        start=time_text(job.start) if is_chain else None,
        end=time_text(job.end) if is_chain else None,
    )


def order_of(job: ExportJob) -> Order:
    """Return what the exporter is to build."""
    return Order(
        id=job.id,
        start=job.start,
        end=job.end,
        requested_at=job.requested_at,
        profile=Profile(job.profile),
        selection=selection_of(job),
        subject=job.subject,
        case=job.case,
    )
