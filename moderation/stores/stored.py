"""A record with its envelope, as it lies in the table."""

from dataclasses import dataclass

from pynamodb.expressions.condition import Condition

from moderation.cases.case import Guard
from moderation.stores.documents import UnreadableError, decode, encode
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import Key, index_keys, key_of, ref_of
from moderation.stores.kinds import KIND_OF, Storable


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record, how often it was written, and where its audit chain stands (rev 0: no act yet).

    `carries` is what an open case knows of the envelope of its post: `stores/carried.py`.
    """

    record: Storable
    version: int
    audit_rev: int = 0
    audit_head: bytes | None = None
    audit_id: str | None = None
    salt: bytes | None = None
    carries: str | None = None


def open_item(item: ForumItem) -> Stored:
    """Return what an item holds; UnreadableError where it is not what its key says."""
    return Stored(
        record=record_in(item.kind, Key(item.pk, item.sk), item.doc or ""),
        version=int(item.version or 0),
        audit_rev=int(item.audit_rev or 0),
        audit_head=item.audit_head,
        audit_id=item.audit_id,
        salt=item.salt,
        carries=item.carries,
    )


def record_in(kind: str, key: Key, document: str) -> Storable:
    """Return the record of a document; UnreadableError where it is not what the key says."""
    record = decode(kind, document)
    if record.ref != ref_of(key):
        raise UnreadableError(f"the item at {key} holds another record")
    return record


def item_of(forum: type[ForumItem], stored: Stored) -> ForumItem:
    """Return the item that keeps a record: its key, its places in the lists, its document."""
    record = stored.record
    key, places = key_of(record.ref), index_keys(record)
    item = forum(
        pk=key.pk,
        sk=key.sk,
        kind=KIND_OF[type(record)],
        version=stored.version,
        doc=encode(record),
        carries=stored.carries,
    )
    if places.list is not None:
        item.list_pk, item.list_sk = places.list
    if places.owner is not None:
        item.owner_pk, item.owner_sk = places.owner
    if places.work is not None:
        item.work_pk, item.work_sk = places.work
    if stored.audit_rev:
        item.audit_rev, item.audit_head = stored.audit_rev, stored.audit_head
        item.audit_id, item.salt = stored.audit_id, stored.salt
    return item


def as_read(stored: Stored | None) -> Condition:
    """The item is as it was read: absent, or of the same version and the same audit chain."""
    if stored is None:
        return ForumItem.pk.does_not_exist()
    condition: Condition = ForumItem.version == stored.version
    if isinstance(stored.record, Guard):
        # Deleted by a decision and put again for the next case, it begins at version 1 each time:
        # only its document tells whether it is still the guard that was read.
        condition &= ForumItem.doc == encode(stored.record)
    if not stored.audit_rev:
        condition &= ForumItem.audit_rev.does_not_exist()
        return condition
    condition &= ForumItem.audit_rev == stored.audit_rev
    condition &= ForumItem.audit_head == stored.audit_head
    return condition
