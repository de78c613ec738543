"""The audit log's DynamoDB ports on the in-process engine, with the one operation it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.stores.audit_table import AuditTable
from moderation.stores.forum_table import connection_of
from tests.support.audit_fakes import ORIGIN
from tests.support.memory_dynamo import MemoryDynamo
from tests.support.memory_dynamo_operations import OPERATIONS, Answer, Cost, Tables, put_item
from tests.support.stack import Stack

WRITES_MOST = 25


def batch_write_item(tables: Tables, body: Mapping[str, Any]) -> Answer:
    """BatchWriteItem, puts only: each is carried out and costs as by itself."""
    wcu = index_wcu = 0
    for table, requests in body["RequestItems"].items():
        assert len(requests) <= WRITES_MOST
        for request in requests:
            _, cost = put_item(tables, {"TableName": table, **request["PutRequest"]})
            wcu, index_wcu = wcu + cost.wcu, index_wcu + cost.index_wcu
    return {"UnprocessedItems": {}}, Cost(wcu=wcu, index_wcu=index_wcu)


@dataclass(frozen=True)
class AuditDynamo:
    """The client of a stack's tables, and the port on it."""

    engine: MemoryDynamo
    client: Any
    table: AuditTable

    @classmethod
    def on(cls, stack: Stack) -> "AuditDynamo":
        """The audit log of a stack."""
        OPERATIONS.setdefault("BatchWriteItem", batch_write_item)
        client: Any = connection_of(stack.forum).client
        return cls(stack.engine, client, AuditTable(lambda: client, stack.audit_table, ORIGIN))

    @classmethod
    def fresh(cls) -> "AuditDynamo":
        """Return empty tables in this process."""
        return cls.on(Stack.fresh(watched=False))
