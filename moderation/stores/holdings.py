"""`moderation.compliance.holdings.Holdings` over the `forum` table."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched
from typing import Any

from moderation.audit.ports import SubjectHead
from moderation.compliance.holdings import Holding
from moderation.records import Ref
from moderation.stores.duty import state_json
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import key_of
from moderation.stores.kinds import RECORD_TYPES
from moderation.stores.outcome import reading
from moderation.stores.stored import open_item

READS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class TableHoldings:
    """Records with what the table keeps beside them."""

    forum: type[ForumItem]

    def family(self, ref: Ref[Any]) -> tuple[Holding, ...]:
        """One strongly consistent Query of a subject's partition, to its end."""
        with reading():
            items = list(self.forum.query(key_of(ref).pk, consistent_read=True))
        return tuple(_holding(item) for item in items if item.kind in RECORD_TYPES)

    def of(self, refs: Iterable[Ref[Any]]) -> tuple[Holding, ...]:
        """One strongly consistent BatchGet a hundred, in the order asked for."""
        found: dict[tuple[str, str], ForumItem] = {}
        keys = list(dict.fromkeys(map(key_of, refs)))
        for some in batched(keys, READS_AT_ONCE):
            with reading():
                items = list(self.forum.batch_get([tuple(key) for key in some], True))
            found |= {(item.pk, item.sk): item for item in items}
        return tuple(_holding(found[key]) for key in map(tuple, keys) if key in found)


def _holding(item: ForumItem) -> Holding:
    stored = open_item(item)
    head = None
    if stored.audit_rev:
        head = SubjectHead(
            subject=stored.record.ref.subject,
            rev=stored.audit_rev,
            head=(stored.audit_head or b"").hex(),
            entry_id=stored.audit_id or "",
        )
    return Holding(stored.record, state_json(stored.record), head, stored.salt)
