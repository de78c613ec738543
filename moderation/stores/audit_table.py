"""The `audit` table: its layout, known here alone, and the log's ports on it.

S#<kind>#<id>   <rev>      body, leaf, entry_id, copies for filters; index `log`: ENTRIES, id
PENDING#<0..3>  <id>       ref, leaf, body; deleted by the sequencer
LOG#<origin>    HEAD       size, root, frontier, staged, fence
E#<id>          IDX        index
T#<origin>      <bundle>   first_at, last_at
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from moderation.audit.entry import Entry, encode, leaf_hash, time_text
from moderation.audit.merkle import HASH_BYTES, Frontier
from moderation.audit.ports import START, Head, Pending, Places, Span
from moderation.stores.answered import answered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, TransactWriteItemTypeDef

type Item = dict[str, Mapping[str, str | bytes]]
"""An item as the DynamoDB API spells it: attribute name to typed value."""

PARTITIONS = 4
WRITES_AT_ONCE = 25
READS_AT_ONCE = 100
ENTRIES = "ENTRIES"
"""The one key of the index `log`, which lists all entries by id."""


def entry_key(subject: str, rev: int) -> tuple[str, str]:
    """Return (pk, sk) of the entry a subject's `rev` has."""
    return "S#" + subject.replace(":", "#", 1), f"{rev:010d}"


def pending_key(subject: str, entry_id: str) -> tuple[str, str]:
    """Return (pk, sk) of the marker that keeps an entry until it is sequenced.

    All entries of a subject wait in one partition, so that they are read in order of their ids.
    """
    partition = hashlib.sha256(subject.encode()).digest()[0] % PARTITIONS
    return f"PENDING#{partition}", entry_id


def entry_items(entry: Entry) -> tuple[Item, Item]:
    """Return the entry's item and its pending marker, both to be put only if absent.

    The unit of work writes them in the transaction that changes the subject. The plain copies of
    actor, action and time are for filters; what counts is the body.
    """
    body = encode(entry)
    leaf = leaf_hash(body)
    pk, sk = entry_key(entry.subject, entry.rev)
    text = body.decode()
    item: Item = {
        "pk": {"S": pk},
        "sk": {"S": sk},
        "body": {"S": text},
        "leaf": {"B": leaf},
        "entry_id": {"S": entry.id},
        "log_pk": {"S": ENTRIES},
        "log_sk": {"S": entry.id},
        "actor": {"S": entry.actor},
        "action": {"S": entry.action.value},
        "at": {"S": time_text(entry.at)},
    }
    pending_pk, pending_sk = pending_key(entry.subject, entry.id)
    pending: Item = {
        "pk": {"S": pending_pk},
        "sk": {"S": pending_sk},
        "ref": {"S": f"{pk}|{sk}"},
        "leaf": {"B": leaf},
        "body": {"S": text},
    }
    return item, pending


class AuditTable:
    """`LogTable` and `EntryTable` of `moderation.audit.ports` on DynamoDB.

    `client` is asked for when it is needed. Errors of the service pass: the caller's step is taken
    again later. What people wait for (`chain`, `places`) raises Unavailable instead.
    """

    def __init__(self, client: "Callable[[], DynamoDBClient]", table: str, origin: str) -> None:
        self._client = client
        self._table = table
        self._origin = origin

    def head(self) -> Head:
        """Return the head, read strongly consistent."""
        answer = self._client().get_item(
            TableName=self._table, Key=_key(*self._head_key), ConsistentRead=True
        )
        item = answer.get("Item")
        if item is None:
            return START
        hashes = item["frontier"]["B"]
        return Head(
            Frontier(
                int(item["size"]["N"]),
                tuple(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)),
            ),
            staged=item["staged"]["S"],
            fence=int(item["fence"]["N"]),
        )

    def waiting(self, limit: int) -> list[Pending]:
        """Query all partitions strongly consistent, up to `limit` each; not one snapshot."""
        found = [
            _pending(item)
            for partition in range(PARTITIONS)
            for item in self._query(f"PENDING#{partition}", limit)
        ]
        return sorted(found, key=lambda entry: entry.id)

    def waiting_for(self, keys: Sequence[tuple[str, str]]) -> list[Pending]:
        """Get those of the entries that wait, strongly consistent."""
        return [_pending(item) for item in self._get([pending_key(*key) for key in keys])]

    def advance(self, old: Head, new: Head, taken: Sequence[Pending]) -> bool:
        """Put the new head over the old one and delete what it took, in one transaction."""
        deletes: list[TransactWriteItemTypeDef] = [
            {
                "Delete": {
                    "TableName": self._table,
                    "Key": _key(*pending_key(entry.subject, entry.id)),
                    "ConditionExpression": "attribute_exists(pk)",
                }
            }
            for entry in taken
        ]
        try:
            self._client().transact_write_items(
                TransactItems=[{"Put": self._head_put(old, new)}, *deletes]
            )
        except self._client().exceptions.TransactionCanceledException as error:
            codes = {reason.get("Code") for reason in error.response["CancellationReasons"]}
            if codes <= {"None", "ConditionalCheckFailed", "TransactionConflict"}:
                return False
            raise
        return True

    def put_places(self, places: Places) -> None:
        """Put index and span items, 25 a request; what exists is written over with the same."""
        items: list[Item] = [
            {**_key(f"E#{entry_id}", "IDX"), "index": {"N": str(index)}}
            for entry_id, index in places.indexes
        ]
        items += [
            {
                **_key(f"T#{self._origin}", f"{span.bundle:010d}"),
                "first_at": {"S": span.first_at},
                "last_at": {"S": span.last_at},
            }
            for span in places.spans
        ]
        for batch in batched(items, WRITES_AT_ONCE):
            waiting: dict[str, Any] = {
                self._table: [{"PutRequest": {"Item": item}} for item in batch]
            }
            while waiting:
                answer = self._client().batch_write_item(RequestItems=waiting)
                waiting = answer["UnprocessedItems"]

    def chain(self, subject: str, first: int, last: int) -> list[bytes]:
        """Query a subject's entries of these revs, strongly consistent, in order."""
        pk, low = entry_key(subject, first)
        _, high = entry_key(subject, last)
        with answered():
            return [item["body"]["S"].encode() for item in self._query(pk, None, (low, high))]

    def places(self, entry_ids: Sequence[str]) -> dict[str, int]:
        """Get the index of each entry that is sequenced, strongly consistent."""
        found: dict[str, int] = {}
        with answered():
            for some in batched(entry_ids, READS_AT_ONCE):
                for item in self._get([(f"E#{entry_id}", "IDX") for entry_id in some]):
                    found[item["pk"]["S"].removeprefix("E#")] = int(item["index"]["N"])
        return found

    def newest(self) -> str | None:
        """Query the id of the newest entry, sequenced or not; the index may lag a second."""
        answer = self._client().query(
            TableName=self._table,
            IndexName="log",
            KeyConditionExpression="log_pk = :log",
            ExpressionAttributeValues={":log": {"S": ENTRIES}},
            ScanIndexForward=False,
            Limit=1,
            ProjectionExpression="log_sk",
        )
        return next((item["log_sk"]["S"] for item in answer["Items"]), None)

    def spans(self) -> Iterator[Span]:
        """Query the spans of all full bundles, in order."""
        for item in self._query(f"T#{self._origin}", None):
            yield Span(int(item["sk"]["S"]), item["first_at"]["S"], item["last_at"]["S"])

    @property
    def _head_key(self) -> tuple[str, str]:
        return f"LOG#{self._origin}", "HEAD"

    def _head_put(self, old: Head, new: Head) -> "PutTypeDef":
        item: Item = {
            **_key(*self._head_key),
            "size": {"N": str(new.size)},
            "root": {"B": new.frontier.root()},
            "frontier": {"B": b"".join(new.frontier.hashes)},
            "staged": {"S": new.staged},
            "fence": {"N": str(new.fence)},
        }
        if old == START:
            absent = "attribute_not_exists(pk)"
            return {"TableName": self._table, "Item": item, "ConditionExpression": absent}
        return {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "#size = :size AND #root = :root AND #fence = :fence",
            "ExpressionAttributeNames": {"#size": "size", "#root": "root", "#fence": "fence"},
            "ExpressionAttributeValues": {
                ":size": {"N": str(old.size)},
                ":root": {"B": old.frontier.root()},
                ":fence": {"N": str(old.fence)},
            },
        }

    def _query(
        self, pk: str, limit: int | None, between: tuple[str, str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield a partition's items in order, strongly consistent, page by page."""
        arguments: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
        }
        if between is not None:
            arguments["KeyConditionExpression"] += " AND sk BETWEEN :low AND :high"
            low, high = between
            arguments["ExpressionAttributeValues"] |= {":low": {"S": low}, ":high": {"S": high}}
        remaining = limit
        while remaining is None or remaining > 0:
            if remaining is not None:
                arguments["Limit"] = remaining
            answer = self._client().query(**arguments)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
            remaining = None if remaining is None else remaining - len(answer["Items"])

    def _get(self, keys: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """Yield those of at most 100 items that exist, strongly consistent."""
        waiting: dict[str, Any] = {
            self._table: {"Keys": [_key(*key) for key in keys], "ConsistentRead": True}
        }
        while waiting and keys:
            answer = self._client().batch_get_item(RequestItems=waiting)
            yield from answer["Responses"].get(self._table, [])
            waiting = answer["UnprocessedKeys"]


def _key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _pending(item: Mapping[str, Any]) -> Pending:
    """Read a marker; what is missing or of another type is empty, and so no entry's.

    A marker in a partition that is not its subject's is nobody's: it could never be taken.
    """
    pk, _, _ = item.get("ref", {}).get("S", "").partition("|")
    subject = pk.removeprefix("S#").replace("#", ":", 1)
    entry_id = item["sk"]["S"]
    is_at_home = pending_key(subject, entry_id)[0] == item["pk"]["S"]
    return Pending(
        id=entry_id,
        subject=subject if is_at_home else "",
        leaf=item.get("leaf", {}).get("B", b""),
        body=item.get("body", {}).get("S", "").encode(),
    )
