"""What a unit of work has read: each record with the envelope it must still have when written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from moderation.change import Seen
from moderation.records import Record, Ref
from moderation.stores.documents import UnreadableError, decode
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import Key, key_of, ref_of
from moderation.stores.kinds import Storable
from moderation.stores.outcome import StoreMisuseError, reading

BATCH_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record as it lies in the table."""

    record: Storable
    version: int
    audit_rev: int = 0
    audit_head: bytes | None = None
    audit_id: str | None = None
    salt: bytes | None = None


@dataclass(slots=True)
class Snapshot:
    """What was read, ref by ref; None: nothing was there. `extra` are items that are no records."""

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
        with reading():
            items = {Key(item.pk, item.sk): item for item in forum.batch_get(keys, True)}
        self.stored |= {ref: _open(items.get(key)) for key, ref in wanted.items()}
        self.extra |= {key: items[key] for key in extra if key in items}


def record_in(kind: str, pk: str, sk: str, document: str) -> Storable:
    """Return the record of an item; UnreadableError where it is not what its key says."""
    record = decode(kind, document)
    if record.ref != ref_of(Key(pk, sk)):
        raise UnreadableError(f"the item at {pk} | {sk} holds another record")
    return record


def _open(item: ForumItem | None) -> Stored | None:
    if item is None:
        return None
    return Stored(
        record=record_in(item.kind, item.pk, item.sk, item.doc or ""),
        version=int(item.version or 0),
        audit_rev=int(item.audit_rev or 0),
        audit_head=item.audit_head,
        audit_id=item.audit_id,
        salt=item.salt,
    )
