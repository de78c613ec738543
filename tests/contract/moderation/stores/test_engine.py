"""What the stores rely on in DynamoDB, asked of it directly, in its own words."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from moderation.stores.forum_table import connection_of
from tests.support.stack import Stack

type Client = Any


@pytest.fixture
def client(anywhere: Stack) -> Client:
    """A client of the engine."""
    return connection_of(anywhere.forum).client


@pytest.fixture
def table(anywhere: Stack) -> str:
    """The name of the forum table."""
    return str(anywhere.forum.Meta.table_name)


def key(sk: str) -> dict[str, Any]:
    """A key in the partition of these tests."""
    return {"pk": {"S": "p"}, "sk": {"S": sk}}


def put(client: Client, table: str, sk: str, **attributes: dict[str, Any]) -> None:
    """Put an item."""
    client.put_item(TableName=table, Item=key(sk) | attributes)


def get(client: Client, table: str, sk: str) -> dict[str, Any] | None:
    """Read an item."""
    found = client.get_item(TableName=table, Key=key(sk), ConsistentRead=True)
    return found.get("Item")  # type: ignore[no-any-return]


def refusal(call: Any, **request: Any) -> dict[str, Any]:
    """What a request is refused with."""
    with pytest.raises(ClientError) as refused:
        call(**request)
    return dict(refused.value.response)


def test_an_item_is_read_as_it_was_put(client: Client, table: str) -> None:
    """Texts, numbers, bytes; and nothing where nothing is."""
    put(client, table, "a", n={"N": "12"}, b={"B": b"\x00\xff"}, s={"S": "ä🔋"})
    expected = key("a") | {"n": {"N": "12"}, "b": {"B": b"\x00\xff"}, "s": {"S": "ä🔋"}}
    assert expected == get(client, table, "a")
    assert get(client, table, "b") is None


def test_a_batch_answers_what_is_there(client: Client, table: str) -> None:
    """In no order, and without what is not."""
    put(client, table, "a")
    put(client, table, "b")
    request = {table: {"Keys": [key("a"), key("b"), key("c")], "ConsistentRead": True}}
    found = client.batch_get_item(RequestItems=request)["Responses"][table]
    assert ["a", "b"] == sorted(item["sk"]["S"] for item in found)


CONDITIONS: list[tuple[str, bool]] = [
    ("attribute_exists(n)", True),
    ("attribute_not_exists(n)", False),
    ("attribute_not_exists(gone)", True),
    ("n = :two", True),
    ("n <> :two", False),
    ("n < :ten", True),
    ("n >= :ten", False),
    ("n BETWEEN :two AND :ten", True),
    ("n IN (:ten, :two)", True),
    ("gone = :two", False),
    ("gone <> :two", True),
    ("gone < :two", False),
    ("begins_with(s, :ab)", True),
    ("contains(s, :ab)", True),
    ("NOT n = :two", False),
    ("n = :ten OR n = :two AND attribute_exists(s)", True),
    ("(n = :ten OR n = :two) AND attribute_exists(gone)", False),
    ("#n = :two", True),
]


@pytest.mark.parametrize(("condition", "holds"), CONDITIONS)
def test_a_condition_holds_or_refuses(
    client: Client, table: str, condition: str, *, holds: bool
) -> None:
    """Numbers compare as numbers; what is missing is equal to nothing."""
    put(client, table, "a", n={"N": "2"}, s={"S": "abc"})
    values = {":two": {"N": "2"}, ":ten": {"N": "10"}, ":ab": {"S": "ab"}}
    request: dict[str, Any] = {
        "TableName": table,
        "Key": key("a"),
        "ConditionExpression": condition,
        "ExpressionAttributeValues": {
            name: value for name, value in values.items() if name in condition
        },
        "ExpressionAttributeNames": {"#n": "n"} if "#n" in condition else {},
    }
    request = {name: value for name, value in request.items() if value}
    if holds:
        client.delete_item(**request)
        assert get(client, table, "a") is None
    else:
        code = refusal(client.delete_item, **request)["Error"]["Code"]
        assert code == "ConditionalCheckFailedException"
        assert get(client, table, "a") is not None


def test_an_update_counts_sets_and_removes(client: Client, table: str) -> None:
    """What is not there counts from 0; the answer is the item after."""
    put(client, table, "a", s={"S": "x"})
    answer = client.update_item(
        TableName=table,
        Key=key("a"),
        UpdateExpression="ADD n :one SET t = :t, u = if_not_exists(u, :t) REMOVE s",
        ExpressionAttributeValues={":one": {"N": "1"}, ":t": {"S": "t"}},
        ReturnValues="ALL_NEW",
    )
    expected = key("a") | {"n": {"N": "1"}, "t": {"S": "t"}, "u": {"S": "t"}}
    assert expected == answer["Attributes"]


def test_a_query_pages_in_both_directions(client: Client, table: str) -> None:
    """By sort key; a position that is the last item's continues with nothing."""
    for number in range(5):
        put(client, table, f"a{number}")
    put(client, table, "b")
    request: dict[str, Any] = {
        "TableName": table,
        "KeyConditionExpression": "pk = :p AND begins_with(sk, :a)",
        "ExpressionAttributeValues": {":p": {"S": "p"}, ":a": {"S": "a"}},
        "Limit": 2,
    }
    for forward in (True, False):
        found: list[str] = []
        start: dict[str, Any] = {}
        while True:
            page = client.query(**request, **start, ScanIndexForward=forward)
            found += [item["sk"]["S"] for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                break
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        expected = [f"a{number}" for number in range(5)]
        assert (expected if forward else expected[::-1]) == found


def test_an_index_holds_what_has_both_its_keys(client: Client, table: str) -> None:
    """Projected as it was declared, and gone when a key goes."""
    put(client, table, "a", work_pk={"S": "W"}, work_sk={"S": "1"}, doc={"S": "x"})
    put(client, table, "b", work_pk={"S": "W"}, doc={"S": "x"})
    request = {
        "TableName": table,
        "IndexName": "work",
        "KeyConditionExpression": "work_pk = :w",
        "ExpressionAttributeValues": {":w": {"S": "W"}},
    }
    (entry,) = client.query(**request)["Items"]
    assert key("a") | {"work_pk": {"S": "W"}, "work_sk": {"S": "1"}} == entry
    put(client, table, "a")
    assert [] == client.query(**request)["Items"]


def test_a_transaction_is_all_or_nothing_and_says_what_failed(client: Client, table: str) -> None:
    """One reason for each action, in the order sent."""
    put(client, table, "a")
    absent = {"ConditionExpression": "attribute_not_exists(pk)"}
    actions = [
        {"ConditionCheck": {"TableName": table, "Key": key("z"), **absent}},
        {"Delete": {"TableName": table, "Key": key("a"), **absent}},
        {"Put": {"TableName": table, "Item": key("b"), **absent}},
    ]
    refused = refusal(client.transact_write_items, TransactItems=actions)
    assert "TransactionCanceledException" == refused["Error"]["Code"]
    codes = [reason["Code"] for reason in refused["CancellationReasons"]]
    assert ["None", "ConditionalCheckFailed", "None"] == codes
    assert get(client, table, "b") is None
    client.transact_write_items(TransactItems=[actions[0], actions[2]])
    assert key("b") == get(client, table, "b")


def test_a_transaction_sent_twice_under_one_token_has_effect_once(
    client: Client, table: str
) -> None:
    """The second answer is that of the first, though its condition would fail now."""
    absent = {"ConditionExpression": "attribute_not_exists(pk)"}
    actions = [{"Put": {"TableName": table, "Item": key("a"), **absent}}]
    for _ in range(2):
        client.transact_write_items(TransactItems=actions, ClientRequestToken="t" * 32)
    code = refusal(client.transact_write_items, TransactItems=actions)["Error"]["Code"]
    assert "TransactionCanceledException" == code


@pytest.mark.parametrize("count", [2, 101])
def test_a_transaction_that_breaks_the_limits_is_refused(
    client: Client, table: str, count: int
) -> None:
    """Two actions on one item, and more than a hundred."""
    sks = ["a", "a"] if count == 2 else [f"a{number}" for number in range(count)]
    actions = [{"Put": {"TableName": table, "Item": key(sk)}} for sk in sks]
    refused = refusal(client.transact_write_items, TransactItems=actions)
    assert "ValidationException" == refused["Error"]["Code"]


@pytest.mark.cannot("memory", "transaction-conflict")
@pytest.mark.cannot("ministack", "transaction-conflict")
@pytest.mark.cannot("localstack", "transaction-conflict")
def test_transactions_that_meet_on_one_item_conflict(client: Client, table: str) -> None:
    """Whoever comes while another is at it is told so; the tests inject it instead."""

    def write(number: int) -> set[str]:
        action = {"Put": {"TableName": table, "Item": key("a") | {"n": {"N": str(number)}}}}
        try:
            client.transact_write_items(TransactItems=[action])
        except ClientError as error:
            reasons: list[dict[str, str]] = error.response["CancellationReasons"]  # type: ignore[assignment]
            return {reason["Code"] for reason in reasons}
        return set()

    with ThreadPoolExecutor(8) as pool:
        told = set[str]().union(*pool.map(write, range(80)))
    assert {"TransactionConflict"} == told
