"""Finding entries of the audit log: for looking, not for proving (an export proves)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from moderation.ports import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries: of one of these actors (pseudonyms), one subject, one action, a period.

    None leaves a part open; `start` ≤ at < `end`, both aware UTC. `case`: all that a case is about.
    """

    actors: tuple[str, ...] | None = None
    subject: str | None = None
    action: str | None = None
    case: str | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """The canonical body of an entry, and its place in the log (None: not sequenced yet)."""

    body: bytes
    index: int | None


class EntryList(Protocol):
    """The entries, newest first; a position is opaque to everybody but the store.

    May lag a second behind a write. Fails closed (Unavailable). Whoever can write to the table can
    hide entries from this list, and not from an export: that is held against the tree.
    """

    def entries(self, wanted: EntryFilter, limit: int, after: str | None) -> Page[ListedEntry]:
        """A page of entries; it may hold fewer than `limit` and still not end the list."""
        ...
