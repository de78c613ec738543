"""What the in-process DynamoDB can be asked for, one function an operation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.support.memory_dynamo_expressions import (
    ExpressionError,
    Item,
    apply_update,
    parse_condition,
)
from tests.support.memory_dynamo_tables import (
    ITEM_BYTES,
    Index,
    PrimaryKey,
    Table,
    complaint,
    primary_key,
)
from tests.support.meter import item_bytes, read_units, write_units

PAGE_BYTES = 1024 * 1024
TRANSACTION_ACTIONS = 100
TRANSACTION_BYTES = 4 * 1024 * 1024
BATCH_KEYS = 100
BATCH_BYTES = 16 * 1024 * 1024

type Tables = dict[str, Table]
type Body = Mapping[str, Any]


class Refusal(Exception):
    """An error that DynamoDB answers with."""

    def __init__(
        self, code: str, message: str = "", reasons: list[dict[str, str]] | None = None
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.reasons = reasons
        self.fault = "server" if code in ("InternalServerError", "ServiceUnavailable") else "client"

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        body: dict[str, Any] = {
            "__type": f"com.amazonaws.dynamodb.v20120810#{self.code}",
            "message": self.message,
        }
        if self.reasons is not None:
            body["CancellationReasons"] = self.reasons
        return body


@dataclass(frozen=True, slots=True)
class Cost:
    """Capacity of one request."""

    rcu: Fraction = Fraction(0)
    wcu: int = 0
    index_wcu: int = 0


type Answer = tuple[dict[str, Any], Cost]


def get_item(tables: Tables, body: Body) -> Answer:
    """GetItem."""
    item = _table(tables, body).get(_key(body["Key"]))
    cost = Cost(rcu=read_units(item_bytes(item or {}), strong=bool(body.get("ConsistentRead"))))
    return ({} if item is None else {"Item": _projected(item, body)}), cost


def batch_get_item(tables: Tables, body: Body) -> Answer:
    """BatchGetItem: every item is rounded by itself; what lies behind 16 MB is left to ask for."""
    responses: dict[str, list[Item]] = {}
    unprocessed: dict[str, dict[str, Any]] = {}
    rcu, size = Fraction(0), 0
    keys_asked = sum(len(request["Keys"]) for request in body["RequestItems"].values())
    if not 0 < keys_asked <= BATCH_KEYS:
        raise Refusal("ValidationException", "too many items requested")
    for name, request in body["RequestItems"].items():
        keys = [_key(key) for key in request["Keys"]]
        if len(set(keys)) != len(keys):
            raise Refusal("ValidationException", "keys are not unique")
        found = responses.setdefault(name, [])
        for key, asked in zip(keys, request["Keys"], strict=True):
            item = tables[name].get(key)
            size += item_bytes(item or {})
            if size > BATCH_BYTES:
                unprocessed.setdefault(name, {**request, "Keys": []})["Keys"].append(asked)
                continue
            rcu += read_units(item_bytes(item or {}), strong=bool(request.get("ConsistentRead")))
            if item is not None:
                found.append(_projected(item, request))
    return {"Responses": responses, "UnprocessedKeys": unprocessed}, Cost(rcu=rcu)


def put_item(tables: Tables, body: Body) -> Answer:
    """PutItem."""
    return _write_one(tables, body, dict(body["Item"]), primary_key(body["Item"]))


def delete_item(tables: Tables, body: Body) -> Answer:
    """DeleteItem."""
    return _write_one(tables, body, None, _key(body["Key"]))


def update_item(tables: Tables, body: Body) -> Answer:
    """UpdateItem."""
    key = _key(body["Key"])
    return _write_one(tables, body, _updated(tables, body), key)


def query(tables: Tables, body: Body) -> Answer:
    """Query of a table or an index: at most `Limit` items and 1 MB, the sum is rounded."""
    table = _table(tables, body)
    name = body.get("IndexName")
    index = None if name is None else table.indexes[name]
    hash_name, range_name = ("pk", "sk") if index is None else index.keys
    held = _partition(table, index, _hash_value(body, hash_name))
    test = _condition(body, "KeyConditionExpression")
    ordered = sorted(
        (item for item in held if test(item)),
        key=lambda item: (item[range_name]["S"].encode(), primary_key(item)),
        reverse=not body.get("ScanIndexForward", True),
    )
    start = body.get("ExclusiveStartKey")
    if start is not None:
        ordered = _behind(
            ordered, start, (range_name,), reverse=not body.get("ScanIndexForward", True)
        )
    return _page(ordered, body, {"pk", "sk", hash_name, range_name})


def scan(tables: Tables, body: Body) -> Answer:
    """Scan of a table."""
    ordered = _table(tables, body).items()
    start = body.get("ExclusiveStartKey")
    if start is not None:
        ordered = [item for item in ordered if primary_key(item) > primary_key(start)]
    return _page(ordered, body, {"pk", "sk"})


def transact_write_items(tables: Tables, body: Body) -> Answer:
    """TransactWriteItems: all conditions hold and everything is written, or nothing is."""
    actions = [next(iter(action.items())) for action in body["TransactItems"]]
    targets = [(request["TableName"], _target(request)) for _, request in actions]
    if not 0 < len(actions) <= TRANSACTION_ACTIONS:
        raise Refusal("ValidationException", "1 to 100 actions")
    if len(set(targets)) != len(targets):
        raise Refusal("ValidationException", "two actions on one item")
    results = [_after(tables, verb, request) for verb, request in actions]
    if sum(item_bytes(item or {}) for item in results) > TRANSACTION_BYTES:
        raise Refusal("ValidationException", "more than 4 MB")
    reasons = [
        _reason(tables, verb, request, after)
        for (verb, request), after in zip(actions, results, strict=True)
    ]
    if any(reason["Code"] != "None" for reason in reasons):
        codes = ", ".join(reason["Code"] for reason in reasons)
        message = f"Transaction cancelled, please refer cancellation reasons for [{codes}]"
        raise Refusal("TransactionCanceledException", message, reasons)
    wcu = index_wcu = 0
    for (verb, _), (name, key), after in zip(actions, targets, results, strict=True):
        wcu += 2 * write_units(tables[name].get(key), after)
        if verb != "ConditionCheck":
            index_wcu += tables[name].write(key, after)
    return {}, Cost(wcu=wcu, index_wcu=index_wcu)


OPERATIONS: dict[str, Callable[[Tables, Body], Answer]] = {
    "BatchGetItem": batch_get_item,
    "DeleteItem": delete_item,
    "GetItem": get_item,
    "PutItem": put_item,
    "Query": query,
    "Scan": scan,
    "TransactWriteItems": transact_write_items,
    "UpdateItem": update_item,
}


def _table(tables: Tables, body: Body) -> Table:
    if body["TableName"] not in tables:
        raise Refusal("ResourceNotFoundException", "Requested resource not found")
    return tables[body["TableName"]]


def _key(key: Item) -> PrimaryKey:
    if set(key) != {"pk", "sk"}:
        raise Refusal("ValidationException", "The provided key element does not match the schema")
    return primary_key(key)


def _target(request: Body) -> PrimaryKey:
    return primary_key(request["Item"]) if "Item" in request else _key(request["Key"])


def _condition(body: Body, name: str) -> Callable[[Item], bool]:
    text = body.get(name)
    if text is None:
        return lambda _: True
    try:
        return parse_condition(
            text,
            body.get("ExpressionAttributeNames", {}),
            body.get("ExpressionAttributeValues", {}),
        )
    except ExpressionError as error:
        raise Refusal("ValidationException", str(error)) from error


def _updated(tables: Tables, body: Body) -> Item:
    before = _table(tables, body).get(_key(body["Key"])) or dict(body["Key"])
    try:
        return apply_update(
            body["UpdateExpression"],
            body.get("ExpressionAttributeNames", {}),
            body.get("ExpressionAttributeValues", {}),
            before,
        )
    except ExpressionError as error:
        raise Refusal("ValidationException", str(error)) from error


def _after(tables: Tables, verb: str, request: Body) -> Item | None:
    match verb:
        case "Put":
            return dict(request["Item"])
        case "Update":
            return _updated(tables, request)
        case "Delete":
            return None
        case "ConditionCheck":
            return _table(tables, request).get(_key(request["Key"]))
        case _:
            raise Refusal("ValidationException", verb)


def _reason(tables: Tables, verb: str, request: Body, after: Item | None) -> dict[str, str]:
    table = _table(tables, request)
    before = table.get(_target(request))
    if not _condition(request, "ConditionExpression")(before or {}):
        return {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
    if verb in ("Put", "Update"):
        wrong = _complaint(table, after or {})
        if wrong is not None:
            return {"Code": "ValidationError", "Message": wrong}
    return {"Code": "None"}


def _complaint(table: Table, item: Item) -> str | None:
    if item_bytes(item) > ITEM_BYTES:
        return "Item size has exceeded the maximum allowed size"
    return complaint(table, item)


def _write_one(tables: Tables, body: Body, after: Item | None, key: PrimaryKey) -> Answer:
    table = _table(tables, body)
    before = table.get(key)
    if not _condition(body, "ConditionExpression")(before or {}):
        raise Refusal("ConditionalCheckFailedException", "The conditional request failed")
    wrong = None if after is None else _complaint(table, after)
    if wrong is not None:
        raise Refusal("ValidationException", wrong)
    wcu = write_units(before, after)
    index_wcu = table.write(key, after)
    answer: dict[str, Any] = {}
    match body.get("ReturnValues", "NONE"):
        case "ALL_NEW" | "UPDATED_NEW":
            answer = {"Attributes": after or {}}
        case "ALL_OLD" | "UPDATED_OLD" if before is not None:
            answer = {"Attributes": before}
        case _:
            pass
    return answer, Cost(wcu=wcu, index_wcu=index_wcu)


def _partition(table: Table, index: Index | None, value: str) -> list[Item]:
    held = table.partitions if index is None else index.partitions
    return list(held.get(value, {}).values())


def _hash_value(body: Body, hash_name: str) -> str:
    """The value the key condition demands of the partition key."""
    names = body.get("ExpressionAttributeNames", {})
    words = body["KeyConditionExpression"].replace("(", " ").replace(")", " ").split()
    for name, sign, value in zip(words, words[1:], words[2:], strict=False):
        if names.get(name, name) == hash_name and sign == "=":
            return str(body["ExpressionAttributeValues"][value]["S"])
    raise Refusal("ValidationException", "Query condition missed key schema element")


def _behind(
    ordered: list[Item], start: Item, names: tuple[str, ...], *, reverse: bool
) -> list[Item]:
    def place(item: Item) -> tuple[Any, ...]:
        return (*(item[name]["S"].encode() for name in names), primary_key(item))

    edge = place(start)
    return [item for item in ordered if (place(item) < edge if reverse else place(item) > edge)]


def _page(ordered: list[Item], body: Body, key_names: set[str]) -> Answer:
    limit = body.get("Limit", len(ordered))
    taken: list[Item] = []
    size = 0
    for item in ordered[:limit]:
        taken.append(item)
        size += item_bytes(item)
        if size >= PAGE_BYTES:
            break
    keeps = _condition(body, "FilterExpression")
    items = [_projected(item, body) for item in taken if keeps(item)]
    answer: dict[str, Any] = {"Count": len(items), "ScannedCount": len(taken)}
    if body.get("Select") != "COUNT":
        answer["Items"] = items
    if taken and (len(taken) == body.get("Limit") or len(taken) < len(ordered)):
        answer["LastEvaluatedKey"] = {name: taken[-1][name] for name in key_names}
    return answer, Cost(rcu=read_units(size, strong=bool(body.get("ConsistentRead"))))


def _projected(item: Item, body: Body) -> Item:
    expression = body.get("ProjectionExpression")
    if expression is None:
        return item
    names = body.get("ExpressionAttributeNames", {})
    wanted = [names.get(part.strip(), part.strip()) for part in expression.split(",")]
    return {name: item[name] for name in wanted if name in item}
