"""The `forum` table: one envelope for every item, and the document inside it.

Fails closed: what is not answered is raised. Whoever can write to the table can forge any state;
what was audited would no longer match its entries, and the reconciler says so.
"""

from botocore.session import Session
from pynamodb.attributes import BinaryAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 5
POOL = 10


class ListIndex(GlobalSecondaryIndex["ForumItem"]):  # type: ignore[no-untyped-call]
    """What everybody or the staff side lists."""

    class Meta:
        """How the index is named and what it copies."""

        index_name = "list"
        projection = AllProjection()

    list_pk = UnicodeAttribute(hash_key=True)
    list_sk = UnicodeAttribute(range_key=True)


class OwnerIndex(GlobalSecondaryIndex["ForumItem"]):  # type: ignore[no-untyped-call]
    """What belongs to one member or one queue."""

    class Meta:
        """How the index is named and what it copies."""

        index_name = "owner"
        projection = AllProjection()

    owner_pk = UnicodeAttribute(hash_key=True)
    owner_sk = UnicodeAttribute(range_key=True)


class WorkIndex(GlobalSecondaryIndex["ForumItem"]):  # type: ignore[no-untyped-call]
    """What must happen and has not yet."""

    class Meta:
        """How the index is named and what it copies."""

        index_name = "work"
        projection = KeysOnlyProjection()

    work_pk = UnicodeAttribute(hash_key=True)
    work_sk = UnicodeAttribute(range_key=True)


class ForumItem(Model):
    """The envelope of an item; `open_forum` binds it to a table.

    version     counts the writes of a record from 1; every replacing write is conditioned on it
    audit_*     how many audited acts, the leaf hash (32 bytes) and the id of the last entry
    carries     the envelope of the post that an open case guards: `stores/carried.py`
    taken       how many writes an hour has counted (items of the rate counter only)
    salt        32 random bytes that key the state commitments; made at the first audited act
    expires_at  when the item stops counting; DynamoDB deletes it some time after
    """

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    version = NumberAttribute(null=True)
    doc = UnicodeAttribute(null=True)
    list_pk = UnicodeAttribute(null=True)
    list_sk = UnicodeAttribute(null=True)
    owner_pk = UnicodeAttribute(null=True)
    owner_sk = UnicodeAttribute(null=True)
    work_pk = UnicodeAttribute(null=True)
    work_sk = UnicodeAttribute(null=True)
    audit_rev = NumberAttribute(null=True)
    audit_head = BinaryAttribute(null=True, legacy_encoding=False)
    audit_id = UnicodeAttribute(null=True)
    salt = BinaryAttribute(null=True, legacy_encoding=False)
    carries = UnicodeAttribute(null=True)
    taken = NumberAttribute(null=True)
    expires_at = TTLAttribute(null=True)
    by_list = ListIndex()
    by_owner = OwnerIndex()
    by_work = WorkIndex()


def open_forum(
    table: str,
    *,
    region: str,
    endpoint_url: str | None = None,
    retries: int = 2,
    session: Session | None = None,
) -> type[ForumItem]:
    """Bind the envelope to a table; opens no connection yet.

    `session` is the one whose client is used in this thread; without it PynamoDB makes its own.

    `retries` are those of a single request (a lost connection, a throttle) by botocore; a write
    keeps its request token through them, so that it is carried out once.
    """

    class BoundItem(ForumItem):
        class Meta:
            table_name = table
            max_retry_attempts = retries
            connect_timeout_seconds = CONNECT_TIMEOUT_S
            read_timeout_seconds = READ_TIMEOUT_S
            max_pool_connections = POOL

    BoundItem.Meta.region = region  # type: ignore[attr-defined]
    BoundItem.Meta.host = endpoint_url  # type: ignore[attr-defined]
    if session is not None:
        # PynamoDB keeps one for each thread and has no way to be given one.
        connection_of(BoundItem)._local.session = session
    return BoundItem


def connection_of(forum: type[ForumItem]) -> Connection:
    """Return the one connection of a bound envelope; transactions over both tables share it."""
    return forum._get_connection().connection
