"""Both tables read from end to end, for an examination of the audit log and for nothing else.

This is the one place that scans.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from moderation.audit.entry import Entry
from moderation.audit.ports import Pending, SubjectHead
from moderation.records import META
from moderation.stores.audit_table import entry_items, entry_key, pending_key
from moderation.stores.subject_heads import head_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ENTRY_PREFIX = "S#"


class ScannedTables:
    """`WholeTables` of `moderation.audit.ports` on DynamoDB."""

    def __init__(
        self, client: "Callable[[], DynamoDBClient]", forum_table: str, audit_table: str
    ) -> None:
        self._client = client
        self._forum = forum_table
        self._audit = audit_table

    def subjects(self) -> Iterator[SubjectHead]:
        """Scan for what carries a chain head."""
        wanted = {
            "FilterExpression": "audit_rev > :none AND sk = :meta",
            "ExpressionAttributeValues": {":none": {"N": "0"}, ":meta": {"S": META}},
            "ProjectionExpression": "pk, audit_rev, audit_head, audit_id",
        }
        yield from map(head_of, self._scan(self._forum, wanted))

    def entries(self) -> Iterator[tuple[str, int]]:
        """Scan for the keys of entries."""
        wanted = {
            "FilterExpression": "attribute_exists(entry_id)",
            "ProjectionExpression": "pk, sk",
        }
        for item in self._scan(self._audit, wanted):
            subject = item["pk"]["S"].removeprefix(ENTRY_PREFIX).replace("#", ":", 1)
            yield subject, int(item["sk"]["S"])

    def bodies(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
        """Get entries, strongly consistent."""
        wanted = {entry_key(*key): key for key in keys}
        waiting: dict[str, Any] = {
            self._audit: {
                "Keys": [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in wanted],
                "ConsistentRead": True,
                "ProjectionExpression": "pk, sk, body",
            }
        }
        found: dict[tuple[str, int], bytes] = {}
        while waiting and keys:
            answer = self._client().batch_get_item(RequestItems=waiting)
            for item in answer["Responses"].get(self._audit, []):
                key = wanted[item["pk"]["S"], item["sk"]["S"]]
                found[key] = item["body"]["S"].encode()
            waiting = answer["UnprocessedKeys"]
        return found

    def restore_entry(self, entry: Entry) -> None:
        """Put the entry's item if it is absent."""
        self._put(entry_items(entry)[0], "attribute_not_exists(pk)")

    def restore_marker(self, entry: Entry) -> None:
        """Put the entry's marker if it is absent."""
        self._put(entry_items(entry)[1], "attribute_not_exists(pk)")

    def rewrite_marker(self, entry: Entry) -> None:
        """Put the entry's marker over another. One that is gone was sequenced meanwhile."""
        self._put(entry_items(entry)[1], "attribute_exists(pk)")

    def remove_marker(self, waiting: Pending) -> None:
        """Delete a marker."""
        pk, sk = pending_key(waiting.subject, waiting.id)
        self._client().delete_item(TableName=self._audit, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    def _put(self, item: Any, condition: str) -> None:
        client = self._client()
        try:
            client.put_item(TableName=self._audit, Item=item, ConditionExpression=condition)
        except client.exceptions.ConditionalCheckFailedException:
            return

    def _scan(self, table: str, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
        pages = self._client().get_paginator("scan")
        for page in pages.paginate(TableName=table, ConsistentRead=True, **wanted):
            yield from page["Items"]
