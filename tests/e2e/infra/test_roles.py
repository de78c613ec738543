"""Each function's role against the calls that the function made in this ring.

Runs last (`conftest.py`). That no call was refused is the engine's own check: it
enforces the roles. Here the other direction: nothing is allowed that nobody needs.
"""

import hashlib
import json
import math
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from infra.template import INFRA
from localstack.engine import Engine
from tests.e2e.conftest import STACK
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e

type Call = tuple[str, str]
"""An IAM action and the logical name of what it is done to."""

# Lambda makes these calls for a function's event source; the engine makes none.
EVENT_SOURCE = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
}
# Not calls: without the first, S3 answers 403 where an object is missing, and not 404; and Lambda
# itself sends a batch that a function has given up to where the function's role may.
NO_CALLS: set[Call] = {
    ("s3:ListBucket", "LogBucket"),
    ("s3:ListBucket", "AnchorsBucket"),
    ("sqs:SendMessage", "StreamDeadQueue"),
}
# What no test of this ring brings about, each for a reason of its own.
RARE: dict[str, set[Call]] = {
    # A bundle of more than 8 MB that fails when half of it has been uploaded.
    "export": {("s3:AbortMultipartUpload", "ExportsBucket")},
    # A model that is there and does not answer; this ring runs on the rules alone.
    "score": {("sqs:ChangeMessageVisibility", "ScoreQueue")},
}
EVENTS = [
    *("BatchGetItem", "BatchWriteItem", "GetItem", "Query", "Scan", "TransactWriteItems"),
    *("PutItem", "UpdateItem", "DeleteItem", "SendMessage", "SendMessageBatch"),
    *("GetObject", "HeadObject", "ListObjects", "ListObjectsV2", "PutObject", "DeleteObject"),
    "CreateMultipartUpload",
    *("Sign", "GetPublicKey", "GetSecretValue", "POST.ses", "POST.sns"),
]
PAGE = 50
ACTIONS = {
    "SendMessageBatch": "SendMessage",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "HeadObject": "GetObject",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
}
TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def allowed(function: str) -> set[Call]:
    """What the function's policy allows."""
    found = set()
    for statement in json.loads((INFRA / "policies" / f"{function}.json").read_text()):
        for resource in statement["Resource"]:
            name = re.match(r"(?:arn:\$\{AWS::Partition\}:|\$\{)(\w+)", resource)
            assert name is not None, resource
            thing = name[1]
            found |= {(action, thing) for action in statement["Action"]}
    return found


def access_key(engine: Engine, function: str) -> str:
    """The key of the session that the engine gives the function's role."""
    known = engine.target.client("lambda").get_function_configuration(
        FunctionName=f"{STACK}-{function}"
    )
    digest = hashlib.sha256(f"{known['FunctionArn']}:{known['Role']}".encode()).hexdigest()
    return f"ASIA{digest[:16].upper()}"


def recorded(engine: Engine, function: str) -> Iterator[dict[str, Any]]:
    """Every call that carried the function's key, as CloudTrail has it.

    The engine gives the newest fifty and no next page; the pages are made here,
    by name and by an end that moves back. Of more than fifty in one second the
    oldest are passed over, and nothing before them.
    """
    trail = engine.target.client("cloudtrail")
    key = {"AttributeKey": "AccessKeyId", "AttributeValue": access_key(engine, function)}
    seen: set[str] = set()
    for name in EVENTS:
        end = math.ceil(time.time()) + 1
        while True:
            page = trail.lookup_events(
                LookupAttributes=[key, {"AttributeKey": "EventName", "AttributeValue": name}],
                EndTime=end,
            )["Events"]
            new = [event for event in page if event["EventId"] not in seen]
            seen |= {event["EventId"] for event in new}
            for event in new:
                yield json.loads(event["CloudTrailEvent"]) | {"resources": event["Resources"]}
            if len(page) < PAGE:
                break
            first = min(event["EventTime"].timestamp() for event in page)
            end = math.ceil(first) if new else end - 1


def calls(event: dict[str, Any], names: dict[str, str]) -> Iterator[Call]:
    """The actions that one recorded call needs, each with what it is done to."""
    service = event["eventSource"].removesuffix(".amazonaws.com")
    given = event["requestParameters"]
    name = given.get("Action", event["eventName"])
    if name == "TransactWriteItems":
        for item in given["TransactItems"]:
            for kind, body in item.items():
                yield f"dynamodb:{TRANSACTED[kind]}", names[body["TableName"]]
        return
    action = f"{service}:{ACTIONS.get(name, name)}"
    if service == "dynamodb":
        for table in given.get("RequestItems", {given.get("TableName"): None}):
            yield action, names[table]
    elif service == "s3":
        bucket = event["resources"][0]["ResourceName"].split("/")[0]
        yield action, names[bucket.removeprefix("arn:aws:s3:::")]
    elif service == "sqs":
        yield action, names[given["QueueUrl"].rpartition("/")[2]]
    else:
        to_unit = str(given.get("TopicArn", "")).endswith("-units")
        topic = "UnitTopic" if to_unit else "AlarmTopic"
        yield action, {"kms": "LogKey", "sns": topic}.get(service, service)


@pytest.fixture(scope="module")
def names(running_engine: Engine) -> dict[str, str]:
    """Logical names by the names on the engine, of tables, buckets and queues."""
    described = running_engine.target.client("cloudformation").describe_stack_resources(
        StackName=STACK
    )
    return {
        each["PhysicalResourceId"].rpartition("/")[2]: each["LogicalResourceId"]
        for each in described["StackResources"]
        if each["ResourceType"].endswith(("::Table", "::Bucket", "::Queue"))
    }


@pytest.mark.cannot("localstack", "roles-not-enforced")
@pytest.mark.parametrize(
    "function", sorted(path.stem for path in INFRA.glob("policies/*.json")), ids=str
)
def test_a_role_allows_what_its_function_does_and_no_more(
    running_engine: Engine, stack: Stack, names: dict[str, str], function: str
) -> None:
    """A permission that no call of the whole ring needed is one too many."""
    assert stack.api
    used = {call for event in recorded(running_engine, function) for call in calls(event, names)}
    granted = {call for call in allowed(function) if call[0] not in EVENT_SOURCE} - NO_CALLS
    refused = sorted(used - granted)
    idle = sorted(granted - used - RARE.get(function, set()))
    assert not refused, f"used and not granted: {refused}"
    assert not idle, f"granted and not used: {idle}"
    needless = sorted(RARE.get(function, set()) & used)
    assert not needless, f"exempt and used after all: {needless}"
