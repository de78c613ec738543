"""`/v1/audit`: finding entries of the log, and exporting it for outsiders to verify."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.paging import paged
from functions.api.presenters.audit import entry_view, export_view
from functions.api.proposals import export_of
from moderation.compliance.entry_list import EntryFilter
from moderation.compliance.export_request import IssueLink
from moderation.errors import Forbidden
from moderation.ids import ExportId
from schemas.audit import EntryPage, EntryQuery, ExportView, NewExport
from schemas.strict import Nothing

audit = Resource("audit")

PSEUDONYM_CHARACTERS = 32


@audit.get("/v1/audit/entries", takes=EntryQuery, gives=EntryPage, problems=("four-eyes",))
def list_entries(call: Call, query: EntryQuery) -> Reply:
    """List entries, newest first; `actor` is a pseudonym."""
    wanted = EntryFilter(
        actors=_pseudonyms(query),
        subject=query.subject,
        action=query.action,
        case=query.case,
        start=query.start,
        end=query.end,
    )
    entries = call.parts.audit
    page = paged(call, query, lambda limit, at: entries.entries(wanted, limit, at))
    return Reply(EntryPage(items=[entry_view(e) for e in page.items], next=page.next))


@audit.post("/v1/audit/exports", takes=NewExport, gives=ExportView, status=202)
def request_export(call: Call, body: NewExport) -> Reply:
    """Ask for an export of a period, of a part of it, or of one case."""
    job = call.run(export_of(body, call.member, call.parts.now()))
    return Reply(export_view(job, None), call.location(f"/v1/audit/exports/{job.id}"))


@audit.get("/v1/audit/exports/{id}", takes=Nothing, gives=ExportView)
def get_export(call: Call, _: Nothing) -> Reply:
    """Read how far an export is; once it is ready, each link given out is an act in the log."""
    job = call.run(IssueLink(export_id=ExportId(call.id), actor=call.member))
    is_ready = job.state == "ready" and job.object_key is not None
    return Reply(export_view(job, call.parts.export_url(str(job.object_key)) if is_ready else None))


def _pseudonyms(query: EntryQuery) -> tuple[str, ...] | None:
    """The name in the log; whoever asks by person needs a reason and a second person first."""
    if query.actor is None:
        return None
    if len(query.actor) != PSEUDONYM_CHARACTERS:
        raise Forbidden(
            "To find a person's acts takes a reason and a second person: ask for a disclosure.",
            code="four-eyes",
        )
    return (query.actor,)
