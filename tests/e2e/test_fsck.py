"""`hausrecht fsck` on a stack that runs: each kind of damage is named, what follows is mended.

Whatever a test damages is as it was when it ends, since the stack is shared. An entry of the log
that waits again is not planted here: the sequencer might be quicker than the examination.
"""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from localstack.target import Target
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e

PATIENCE_S = 90
type Damage = Callable[["Stores"], AbstractContextManager[object]]


@dataclass(frozen=True)
class Stores:
    """The stack's tables and buckets, with every right."""

    endpoint: str
    name: str
    outputs: dict[str, str]

    @classmethod
    def of(cls, stack: Stack) -> "Stores":
        """Find them by the stack's address."""
        parts = urlsplit(stack.api)
        endpoint = f"http://127.0.0.1:{parts.port}"
        for each in Target(endpoint).client("cloudformation").describe_stacks()["Stacks"]:
            outputs = {out["OutputKey"]: out["OutputValue"] for out in each.get("Outputs", [])}
            if "AuditTable" in outputs:
                return cls(endpoint, each["StackName"], outputs)
        raise AssertionError("no stack has an audit table")

    def client(self, service: str) -> Any:
        """A client of the engine."""
        return Target(self.endpoint).client(service)

    def fsck(self, *options: str) -> tuple[int, list[dict[str, Any]]]:
        """Run the command as its user would; exit code and findings."""
        command = [sys.executable, "-m", "functions.cli", "fsck", "--json"]
        where = ["--stack", self.name, "--endpoint", self.endpoint]
        done = subprocess.run(
            [*command, *where, *options], capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode in (0, 1), done.stderr
        findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return done.returncode, findings

    def kinds(self) -> list[str]:
        """The kinds of what is found."""
        return [each["kind"] for each in self.fsck()[1]]

    def entry(self) -> dict[str, Any]:
        """The item of the newest entry that is in the log."""
        dynamodb = self.client("dynamodb")
        newest = dynamodb.query(
            TableName=self.outputs["AuditTable"],
            IndexName="log",
            KeyConditionExpression="log_pk = :all",
            ExpressionAttributeValues={":all": {"S": "ENTRIES"}},
            ScanIndexForward=False,
            Limit=1,
        )["Items"][0]
        item: dict[str, Any] = newest
        return item


@pytest.fixture
def stores(stack: Stack) -> Stores:
    """A stack with something in its log, all of it sequenced, and nothing wrong."""
    slug = f"fsck-{uuid.uuid4().hex[:12]}"
    body = {"slug": slug, "title": "Speicher", "unit": "product"}
    stack.as_("admin").post("/v1/boards", body).expect(201)
    found = Stores.of(stack)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and waiting(found):
        time.sleep(0.5)
    assert found.fsck() == (0, [])
    return found


def waiting(stores: Stores) -> bool:
    """Whether entries wait to be sequenced."""
    dynamodb, table = stores.client("dynamodb"), stores.outputs["AuditTable"]
    return any(
        dynamodb.query(
            TableName=table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"PENDING#{partition}"}},
            ConsistentRead=True,
        )["Items"]
        for partition in range(4)
    )


@contextmanager
def item_altered(
    stores: Stores, table: str, old: dict[str, Any], new: dict[str, Any] | None
) -> Any:
    """Put another item in place of one, or none; put it back."""
    dynamodb, name = stores.client("dynamodb"), stores.outputs[table]
    if new is None:
        dynamodb.delete_item(TableName=name, Key={"pk": old["pk"], "sk": old["sk"]})
    else:
        dynamodb.put_item(TableName=name, Item=new)
    yield
    dynamodb.put_item(TableName=name, Item=old)


@contextmanager
def object_altered(stores: Stores, new: bytes | None) -> Any:
    """Put another tile in place of the newest one, or none; put it back."""
    s3, bucket = stores.client("s3"), stores.outputs["LogBucket"]
    size = int(s3.get_object(Bucket=bucket, Key="checkpoint")["Body"].read().split(b"\n")[1])
    width = size % 256
    number = f"{size // 256 - (not width):03d}"
    key = f"tile/0/{number}.p/{width}" if width else f"tile/0/{number}"
    old = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    if new is None:
        s3.delete_object(Bucket=bucket, Key=key)
    else:
        s3.put_object(Bucket=bucket, Key=key, Body=new)
    yield
    s3.put_object(Bucket=bucket, Key=key, Body=old)


def place(stores: Stores) -> dict[str, Any]:
    """Where the newest entry stands."""
    key = {"pk": {"S": f"E#{stores.entry()['entry_id']['S']}"}, "sk": {"S": "IDX"}}
    table = stores.outputs["AuditTable"]
    item: dict[str, Any] = stores.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    return item


def missing_tile(stores: Stores) -> Any:
    """A tile is gone."""
    return object_altered(stores, None)


def altered_tile(stores: Stores) -> Any:
    """A tile holds something else."""
    return object_altered(stores, b"x" * 32)


def missing_place(stores: Stores) -> Any:
    """An entry's index is gone."""
    return item_altered(stores, "AuditTable", place(stores), None)


def altered_place(stores: Stores) -> Any:
    """An entry's index is another one."""
    item = place(stores)
    return item_altered(stores, "AuditTable", item, item | {"index": {"N": "0"}})


def deleted_entry(stores: Stores) -> Any:
    """The table's copy of an entry is gone."""
    return item_altered(stores, "AuditTable", stores.entry(), None)


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (missing_tile, "tile"),
        (altered_tile, "tile"),
        (missing_place, "place"),
        (altered_place, "place"),
        (deleted_entry, "item"),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_what_can_be_derived_is_named_and_mended(damage: Damage, kind: str, stores: Stores) -> None:
    """A second look finds nothing."""
    with damage(stores):
        assert stores.kinds() == [kind]
        code, (mended,) = stores.fsck("--repair")
        assert (code, mended["repaired"]) == (0, True)
        assert stores.fsck() == (0, [])


def altered_entry(stores: Stores) -> Any:
    """The table's copy of an entry says something else."""
    item = stores.entry()
    body = {"S": item["body"]["S"].replace('"via":"api"', '"via":"job"')}
    return item_altered(stores, "AuditTable", item, item | {"body": body})


def altered_head(stores: Stores) -> Any:
    """A subject's head is that of an act nobody did."""
    kind, _, number = stores.entry()["pk"]["S"].removeprefix("S#").partition("#")
    key = {"pk": {"S": f"{kind.upper()}#{number}"}, "sk": {"S": "META"}}
    table = stores.outputs["ForumTable"]
    item = stores.client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    return item_altered(stores, "ForumTable", item, item | {"audit_head": {"B": bytes(32)}})


@contextmanager
def orphan_marker(stores: Stores) -> Any:
    """A marker waits for an entry there is none of."""
    key = {"pk": {"S": "PENDING#0"}, "sk": {"S": "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"}}
    fields = {"ref": {"S": "S#post#x|0000000001"}, "leaf": {"B": bytes(32)}, "body": {"S": "x"}}
    dynamodb, table = stores.client("dynamodb"), stores.outputs["AuditTable"]
    dynamodb.put_item(TableName=table, Item=key | fields)
    yield
    dynamodb.delete_item(TableName=table, Key=key)


@pytest.mark.parametrize(
    ("damage", "kind"),
    [(altered_entry, "item"), (altered_head, "subject"), (orphan_marker, "stray")],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_evidence_is_named_and_left_alone(damage: Damage, kind: str, stores: Stores) -> None:
    """What was done to an entry, to a subject, to what waits is for people to look at."""
    with damage(stores):
        assert stores.kinds() == [kind]
        assert stores.fsck("--repair")[0] == 1
        assert stores.kinds() == [kind]
    assert stores.fsck() == (0, [])
