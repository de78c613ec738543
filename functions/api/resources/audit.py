"""`/v1/audit`: finding entries of the log, and exporting it for outsiders to verify."""

from datetime import datetime

from functions.api.endpoint import Call, Reply, Resource
from functions.api.paging import paged
from functions.api.presenters.audit import entry_view, export_view
from moderation.audit.pseudonym import pseudonym, year_key
from moderation.compliance.entry_list import EntryFilter
from moderation.compliance.export_job import ExportJob
from moderation.compliance.export_request import RequestExport
from schemas.audit import EntryPage, EntryQuery, ExportView, NewExport
from schemas.strict import Nothing

audit = Resource("audit")

PSEUDONYM_CHARACTERS = 32
FIRST_YEAR = 2026
"""No log of this format is older."""


@audit.get("/v1/audit/entries", takes=EntryQuery, gives=EntryPage)
def list_entries(call: Call, query: EntryQuery) -> Reply:
    """List entries, newest first; `actor` is a pseudonym or a member's id."""
    wanted = EntryFilter(
        actors=_pseudonyms(call, query),
        subject=query.subject,
        action=query.action,
        start=query.start,
        end=query.end,
    )
    entries = call.parts.audit
    page = paged(call, query, lambda limit, at: entries.entries(wanted, limit, at))
    return Reply(EntryPage(items=[entry_view(e) for e in page.items], next=page.next))


@audit.post("/v1/audit/exports", takes=NewExport, gives=ExportView, status=202)
def request_export(call: Call, body: NewExport) -> Reply:
    """Ask for an export of a period."""
    job = call.run(RequestExport(actor=call.member, start=body.start, end=body.end))
    return Reply(_shown(call, job), call.location(f"/v1/audit/exports/{job.id}"))


@audit.get("/v1/audit/exports/{id}", takes=Nothing, gives=ExportView)
def get_export(call: Call, _: Nothing) -> Reply:
    """Read how far an export is, and where to fetch it."""
    job = call.parts.units.read(ExportJob.at(call.id)).need(ExportJob.at(call.id))
    return Reply(_shown(call, job))


def _shown(call: Call, job: ExportJob) -> ExportView:
    is_ready = job.state == "ready" and job.object_key is not None
    return export_view(job, call.parts.export_url(str(job.object_key)) if is_ready else None)


def _pseudonyms(call: Call, query: EntryQuery) -> tuple[str, ...] | None:
    """The names by which entries know an actor: one a year of the period."""
    if query.actor is None or len(query.actor) == PSEUDONYM_CHARACTERS:
        return None if query.actor is None else (query.actor,)
    now: datetime = call.parts.now()
    first = max(FIRST_YEAR, query.start.year if query.start else FIRST_YEAR)
    last = min(now.year, query.end.year) if query.end else now.year
    root = call.parts.keyring.root
    years = range(first, max(first, last) + 1)
    return tuple(pseudonym(year_key(root, year), query.actor) for year in years)
