"""What a disclosure shows: the names of a person in the log, or the person behind a name."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from moderation.audit.entry import decode
from moderation.community.member import Member
from moderation.compliance.disclosure import Disclosure
from moderation.compliance.entry_list import EntryFilter, EntryList
from moderation.compliance.holdings import Holdings
from moderation.compliance.legal_hold import subject_ref
from moderation.ids import MemberId

FIRST_YEAR = 2026
"""No log of this format is older."""

ENTRIES_MOST = 50
"""How many entries of a name are looked into for ids that it could be the name of."""

_ID = re.compile(rb'"([0-7][0-9A-HJKMNP-TV-Z]{25})"')


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The names of a person by year, or the person behind a name (None: nobody was found)."""

    pseudonyms: tuple[tuple[int, str], ...] = ()
    member: MemberId | None = None
    member_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discloser:
    """Tries ids against names; `name_of` gives an id's name in a year's entries.

    Nothing lists all people, so a name is opened by trying every id in the records of what it acted
    on: a claim, a decision or a post says by its own field who made it.
    """

    entries: EntryList
    holdings: Holdings
    name_of: Callable[[int, str], str]

    def show(self, disclosure: Disclosure, now: datetime) -> Disclosed:
        """Answer an approved disclosure."""
        if disclosure.kind == "person":
            years = range(FIRST_YEAR, now.year + 1)
            return Disclosed(tuple((year, self.name_of(year, disclosure.about)) for year in years))
        member = self._behind(disclosure.about)
        if member is None:
            return Disclosed()
        found = self.holdings.of([Member.at(member)])
        names = [each.record.name for each in found if isinstance(each.record, Member)]
        return Disclosed(member=member, member_name=names[0] if names else None)

    def _behind(self, name: str) -> MemberId | None:
        page = self.entries.entries(EntryFilter(actors=(name,)), ENTRIES_MOST, None)
        entries = [decode(item.body) for item in page.items]
        years = {entry.at.year for entry in entries}
        for subject in dict.fromkeys(entry.subject for entry in entries):
            for holding in self.holdings.family(subject_ref(subject)):
                for found in dict.fromkeys(_ID.findall(holding.state)):
                    member = MemberId(found.decode())
                    if any(self.name_of(year, member) == name for year in years):
                        return member
        return None
