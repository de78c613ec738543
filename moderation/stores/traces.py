"""`moderation.compliance.erasure_saga.Traces`: the answered requests of a caller.

Counted windows (`RATE#…`) name a caller, too, and are gone within minutes by themselves.
"""

from dataclasses import dataclass

from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import remembered_key
from moderation.stores.outcome import reading


@dataclass(frozen=True, slots=True)
class TableTraces:
    """Items that are no records: deleted one by one, and once more after a crash."""

    forum: type[ForumItem]

    def forget(self, scope: str) -> int:
        """Delete the answered requests of a scope; return how many there were."""
        with reading():
            items = list(self.forum.query(remembered_key(scope, scope).pk, consistent_read=True))
            for item in items:
                item.delete()
        return len(items)
