"""The in-process DynamoDB in lockstep with an engine: agreement passes, anything else does not."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from moderation.stores.forum_table import connection_of
from tests.support.lockstep import LockstepDynamo, OutOfStepError, session_of
from tests.support.stack import Stack

ITEM = {"pk": {"S": "p"}, "sk": {"S": "a"}, "b": {"B": b"\x00\xff"}}
WIRE = {"pk": {"S": "p"}, "sk": {"S": "a"}, "b": {"B": "AP8="}}
REFUSED = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}


@dataclass
class Reply:
    """An answer as it comes over the wire."""

    status_code: int
    content: bytes


@dataclass
class Engine:
    """An engine that answers what it is told to."""

    status: int = 200
    body: Any = None

    def send(self, _: object) -> Reply:
        """Answer."""
        return Reply(self.status, json.dumps(self.body or {}).encode())


def client_beside(engine: Engine) -> Any:
    """A client whose requests go to that engine and to an empty one in this process."""
    both = LockstepDynamo(http=engine)  # type: ignore[arg-type]
    session = session_of("000000000001")
    stack = Stack.served_by(both, "http://engine.invalid", session, watched=False)
    return connection_of(stack.forum).client


def test_where_both_agree_the_engines_answer_is_given() -> None:
    """Bytes and all, and what it costs is nobody's concern."""
    engine = Engine(body={"ConsumedCapacity": {"CapacityUnits": 9}})
    client = client_beside(engine)
    client.put_item(TableName="forum", Item=ITEM)
    engine.body = {"Item": WIRE}
    key = {"pk": ITEM["pk"], "sk": ITEM["sk"]}
    assert ITEM == client.get_item(TableName="forum", Key=key)["Item"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {}),
        (200, {"Item": {**WIRE, "b": {"B": "AP4="}}}),
        (400, REFUSED),
    ],
)
def test_another_answer_of_the_engine_fails_the_test(status: int, body: Any) -> None:
    """Nothing in place of an item, another item, an error."""
    engine = Engine()
    client = client_beside(engine)
    client.put_item(TableName="forum", Item=ITEM)
    engine.status, engine.body = status, body
    with pytest.raises(OutOfStepError):
        client.get_item(TableName="forum", Key={"pk": ITEM["pk"], "sk": ITEM["sk"]})


def test_an_engine_that_takes_what_it_should_refuse_fails_the_test() -> None:
    """A condition that does not hold."""
    client = client_beside(Engine())
    with pytest.raises(OutOfStepError):
        client.put_item(TableName="forum", Item=ITEM, ConditionExpression="attribute_exists(pk)")
