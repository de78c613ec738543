"""What a unit of work has read: each record with the envelope it must still have when written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from moderation.cases.case import Case, Guard
from moderation.change import Seen
from moderation.records import Record, Ref
from moderation.stores.carried import carried
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import Key, key_of
from moderation.stores.outcome import StoreMisuseError, reading
from moderation.stores.stored import Stored, open_item

BATCH_LIMIT = 100


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """What was read, ref by ref; None: nothing was there. `extra` are items that are no records.

    `trusting`: what an open case carries of its post counts as read; `lent` says what did.
    `rounds` counts the requests: what two of them read may never have been so at one time.
    """

    trusting: bool = True
    lent: set[Ref[Any]] = field(default_factory=set)
    rounds: int = 0
    stored: dict[Ref[Any], Stored | None] = field(default_factory=dict)
    extra: dict[Key, ForumItem] = field(default_factory=dict)

    def seen(self) -> Seen:
        """The records alone, as a command sees them."""
        return Seen(
            {
                ref: None if stored is None else cast("Record", stored.record)
                for ref, stored in self.stored.items()
            }
        )

    def read(self, forum: type[ForumItem], refs: Iterable[Ref[Any]], *extra: Key) -> None:
        """Add what is not known yet, in one strongly consistent request. Raises Unavailable."""
        wanted = {key_of(ref): ref for ref in refs if ref not in self.stored}
        keys = [*wanted, *extra]
        if len(keys) > BATCH_LIMIT:
            raise StoreMisuseError(f"{len(keys)} items in one read, {BATCH_LIMIT} are the limit")
        if not keys:
            return
        self.rounds += 1
        with reading():
            items = {Key(item.pk, item.sk): item for item in forum.batch_get(keys, True)}
        self.extra |= {key: items[key] for key in extra if key in items}
        read = {ref: open_item(items[key]) for key, ref in wanted.items() if key in items}
        self.stored |= {ref: read.get(ref) for ref in wanted.values()}
        if self.trusting:
            for stored in read.values():
                self._lend(carried(stored))

    def guarding(self, record: object) -> Ref[Guard] | None:
        """Return the guard that was read and led to this case, None where there is none."""
        if not isinstance(record, Case):
            return None
        guard = Guard.at(record.post.id)
        stored = self.stored.get(guard)
        if guard in self.lent or stored is None or not isinstance(stored.record, Guard):
            return None
        return guard if stored.record.case_id == record.id else None

    def _lend(self, known: Mapping[Ref[Any], Stored]) -> None:
        news = {ref: stored for ref, stored in known.items() if ref not in self.stored}
        self.stored |= news
        self.lent |= news.keys()
