"""Who may do what to the log: the sequencer what it does, the watcher nothing at all.

Engines that run on one machine pass over conditions on keys, so they are held to the calls here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any, override

from infra.template import INFRA
from moderation.audit.anchor import STAMP, anchor_path
from moderation.audit.sequence import Sequencer
from moderation.stores.audit_table import entry_items
from tests.support.audit_dynamo import AuditDynamo
from tests.support.audit_fakes import ORIGIN, SIGNER, Clock, MemoryForum, MemoryObjects
from tests.support.memory_dynamo import Hook

type Use = tuple[str, str]
"""An action, and the partition key or path that it is done to."""


def statements(function: str) -> list[dict[str, Any]]:
    """The statements of a function's policy, with the origin of the tests' log in them."""
    text = (INFRA / "policies" / f"{function}.json").read_text()
    found: list[dict[str, Any]] = json.loads(text.replace("${LogOrigin}", ORIGIN))
    return found


def granted(prefix: str) -> set[Use]:
    """What the sequencer may do, as patterns of keys."""
    return {
        (action, pattern)
        for each in statements("sequence")
        for action in each["Action"]
        for resource in each["Resource"]
        for pattern in patterns_of(each, resource)
        if resource.startswith(prefix) and action.startswith(("dynamodb", "s3:Put"))
    }


def patterns_of(statement: dict[str, Any], resource: str) -> list[str]:
    """Leading keys in a table, paths in a bucket."""
    condition = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
    keys: list[str] = condition.get("dynamodb:LeadingKeys", [resource.partition("/")[2]])
    return keys


@dataclass
class Uses(Hook):
    """Notes the action and the key of everything that is asked of the table."""

    seen: set[Use] = field(default_factory=set)

    @override
    def before(self, operation: str, request: dict[str, Any]) -> None:
        self.seen |= set(uses(operation, request))


def uses(operation: str, request: dict[str, Any]) -> Iterator[Use]:
    """The actions of one request, as IAM names them."""
    match operation:
        case "TransactWriteItems":
            for action in request["TransactItems"]:
                ((verb, body),) = action.items()
                yield f"dynamodb:{verb}Item", (body.get("Item") or body["Key"])["pk"]["S"]
        case "BatchWriteItem":
            for put in request["RequestItems"]["audit"]:
                yield "dynamodb:BatchWriteItem", put["PutRequest"]["Item"]["pk"]["S"]
        case "BatchGetItem":
            for key in request["RequestItems"]["audit"]["Keys"]:
                yield "dynamodb:BatchGetItem", key["pk"]["S"]
        case "Query":
            assert "IndexName" not in request
            yield "dynamodb:Query", request["ExpressionAttributeValues"][":pk"]["S"]
        case _:
            yield f"dynamodb:{operation}", request["Key"]["pk"]["S"]


def sequenced() -> tuple[set[Use], set[Use]]:
    """What two runs of the sequencer do to table and bucket."""
    forum, dynamo, objects, hook = MemoryForum(), AuditDynamo.fresh(), MemoryObjects(), Uses()
    for acts in (300, 3):
        for _ in range(acts):
            for item in entry_items(forum.act("post:a")):
                dynamo.client.put_item(TableName="audit", Item=item)
        sequencer = Sequencer(dynamo.table, objects, SIGNER, ORIGIN, Clock())
        with dynamo.engine.hooked(hook):
            sequencer.run(timedelta(minutes=1))
    return hook.seen, {("s3:PutObject", path) for path in objects.written}


def allows(grants: set[Use], use: Use) -> bool:
    """Whether one of the grants is about this."""
    return any(use[0] == action and fnmatchcase(use[1], pattern) for action, pattern in grants)


def test_the_sequencer_may_do_what_it_does_and_no_more() -> None:
    """Each key it reads, puts or deletes is allowed, and no pattern stands for none."""
    table, bucket = sequenced()
    for prefix, done in (("${AuditTable.Arn}", table), ("${LogBucket.Arn}", bucket)):
        grants = granted(prefix)
        assert {use for use in done if not allows(grants, use)} == set()
        assert {each for each in grants if not any(allows({each}, use) for use in done)} == set()


def test_no_entry_is_in_the_sequencer_s_hands() -> None:
    """It neither reads nor writes one, and has no index."""
    assert not any(allows({(action, pattern)}, (action, "S#post#1"))
                   for action, pattern in granted("${AuditTable.Arn}"))  # fmt: skip
    for statement in statements("sequence"):
        assert not [each for each in statement["Resource"] if "/index/" in each]


def test_the_watcher_reads_the_stream_and_raises_the_alarm() -> None:
    """And may touch neither the table nor the log."""
    assert {resource for each in statements("watch") for resource in each["Resource"]} == {
        "${AuditTable.StreamArn}",
        "${StreamDeadQueue.Arn}",
        "${AlarmTopic}",
    }


def test_the_sequencer_puts_anchors_and_the_clocks_put_stamps() -> None:
    """Neither can put anything over what the other has put."""
    day = anchor_path(date(2026, 3, 1))
    may = {
        function: [
            fnmatchcase(name, resource.partition("/")[2])
            for each in statements(function)
            for resource in each["Resource"]
            if resource.startswith("${AnchorsBucket") and "s3:PutObject" in each["Action"]
            for name in (day, day + STAMP)
        ]
        for function in ("sequence", "clocks")
    }

    assert may == {"sequence": [True, False], "clocks": [False, True]}
