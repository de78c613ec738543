"""The audit log's DynamoDB ports on the in-process engine, with the one operation it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.config import Config

from moderation.stores.audit_table import AuditTable
from tests.support.audit_fakes import ORIGIN
from tests.support.memory_dynamo import MemoryDynamo
from tests.support.memory_dynamo_operations import OPERATIONS, Answer, Cost, Tables, put_item

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
    """A client on an engine of its own, and the port on it."""

    engine: MemoryDynamo
    client: Any
    table: AuditTable

    @classmethod
    def fresh(cls) -> "AuditDynamo":
        """Return empty tables."""
        OPERATIONS.setdefault("BatchWriteItem", batch_write_item)
        engine = MemoryDynamo()
        session = botocore.session.Session()
        session.set_credentials("test", "test")
        client = session.create_client(
            "dynamodb",
            region_name="eu-central-1",
            endpoint_url="http://memory.invalid",
            config=Config(retries={"total_max_attempts": 1}),
        )
        engine.attach(client)
        return cls(engine, client, AuditTable(lambda: client, "audit", ORIGIN))
