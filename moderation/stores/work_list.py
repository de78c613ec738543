"""`moderation.ports.WorkList`: what must happen and has not, read from the index `work`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.cases.case import Case
from moderation.community.post import Post
from moderation.community.waiting import AnswerState
from moderation.compliance.erasure import Erasure
from moderation.compliance.export_job import ExportJob
from moderation.records import Ref
from moderation.stores import keys
from moderation.stores.forum_table import ForumItem
from moderation.stores.query import Slice, fetch, key_in


@dataclass(frozen=True, slots=True)
class TableWorkList:
    """The index holds keys only; who works reads the record, which is the truth."""

    forum: type[ForumItem]

    def unchecked(self, limit: int) -> tuple[Ref[Post], ...]:
        """Posts whose detectors still owe a score, oldest first."""
        return self._refs(Slice(partition=keys.UNCHECKED, index="work"), limit)

    def outbox(self, limit: int) -> tuple[Ref[Any], ...]:
        """Messages not yet delivered, oldest first."""
        return self._refs(Slice(partition=keys.OUTBOX, index="work"), limit)

    def exports(self, limit: int) -> tuple[Ref[ExportJob], ...]:
        """Exports that are still to be built, oldest first."""
        return self._refs(Slice(partition=keys.EXPORTS, index="work"), limit)

    def lapsing(self, before: datetime, limit: int) -> tuple[Ref[Case], ...]:
        """Cases whose hold or measure for a time has ended by `before`."""
        place = keys.place_behind(before)
        return self._refs(Slice(partition=keys.LAPSE, index="work", before=place), limit)

    def unanswered(self, before: datetime, limit: int) -> tuple[Ref[AnswerState], ...]:
        """Threads of whose wait a unit is to be told by `before`, the longest due first."""
        place = keys.place_behind(before)
        return self._refs(Slice(partition=keys.UNANSWERED, index="work", before=place), limit)

    def erasures(self, before: datetime, limit: int) -> tuple[Ref[Erasure], ...]:
        """Erasures that are due by `before`: those that run, then those that wait."""
        place = keys.place_behind(before)
        running, waiting = (
            self._refs(Slice(partition=partition, index="work", before=place), limit)
            for partition in (keys.ERASURES, keys.ERASURES_LATER)
        )
        return (*running, *waiting)[:limit]

    def _refs(self, wanted: Slice, limit: int) -> tuple[Ref[Any], ...]:
        items, _ = fetch(self.forum, wanted, limit, None)
        return tuple(keys.ref_of(key_in(item)) for item in items)
