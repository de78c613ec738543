"""The entries of one case: of the chains of all it is about, what it had a part in."""

from dataclasses import dataclass

from moderation.audit.dossier import Dossiers
from moderation.audit.entry import BODY, time_text
from moderation.audit.ports import EntryTable
from moderation.audit.selection import Selection, belongs, causes_of_case
from moderation.compliance.entry_list import EntryFilter, EntryList, ListedEntry
from moderation.errors import NotFound
from moderation.ports import Page


@dataclass(frozen=True, slots=True)
class CaseEntryList:
    """An `EntryList` that finds by case, too; everything else is asked of `others`.

    A case's chains are short and are read whole for each page: one Query a subject.
    """

    others: EntryList
    dossiers: Dossiers
    table: EntryTable

    def entries(self, wanted: EntryFilter, limit: int, after: str | None) -> Page[ListedEntry]:
        """A page of entries, newest first; a position is the id of the last one given out."""
        if wanted.case is None:
            return self.others.entries(wanted, limit, after)
        found = self._of_case(wanted, wanted.case)
        ids = [
            entry_id for entry_id in sorted(found, reverse=True) if not after or entry_id < after
        ]
        page = ids[:limit]
        places = self.table.places(page)
        items = tuple(ListedEntry(found[each], places.get(each)) for each in page)
        return Page(items, page[-1] if len(ids) > limit else None)

    def _of_case(self, wanted: EntryFilter, case: str) -> dict[str, bytes]:
        """The bodies by id."""
        dossier = self.dossiers.of_case(case, protected=False)
        if dossier is None:
            raise NotFound("There is no such case.")
        bodies = [
            body for head in dossier.heads for body in self.table.chain(head.subject, 1, head.rev)
        ]
        causes, selection = causes_of_case(bodies), _selection(wanted)
        opened = ((BODY.fullmatch(body.decode()), body) for body in bodies)
        return {
            entry["id"]: body
            for entry, body in opened
            if entry
            and belongs(entry, causes)
            and selection.shows(entry)
            and wanted.subject in (None, entry["subject"])
        }


def _selection(wanted: EntryFilter) -> Selection:
    return Selection(
        actors=None if wanted.actors is None else frozenset(wanted.actors),
        action=wanted.action,
        start=None if wanted.start is None else time_text(wanted.start),
        end=None if wanted.end is None else time_text(wanted.end),
    )
