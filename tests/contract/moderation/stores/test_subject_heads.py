"""Subjects carry the heads of their chains."""

from collections.abc import Iterator
from typing import Any

import pytest

from moderation.audit.ports import SubjectHead
from moderation.stores.subject_heads import TableSubjectHeads
from tests.support.audit_dynamo import AuditDynamo
from tests.support.places import Place


def subject(number: int) -> dict[str, Any]:
    """A post's item after so many acts."""
    return {
        "pk": {"S": f"POST#{number}"},
        "sk": {"S": "META"},
        "kind": {"S": "POST"},
        "audit_rev": {"N": str(number)},
        "audit_head": {"B": bytes([number]) * 32},
        "audit_id": {"S": f"id-{number}"},
    }


@pytest.fixture
def store(place: Place) -> Iterator[AuditDynamo]:
    """Empty tables, in which no act answers for a subject."""
    with place.stack(watched=False) as stack:
        yield AuditDynamo.on(stack)


def test_heads_in_the_order_asked_for(store: AuditDynamo) -> None:
    """Of those that are there and were acted on."""
    for number in (1, 2, 3):
        store.client.put_item(TableName="forum", Item=subject(number))
    plain = {"pk": {"S": "POST#4"}, "sk": {"S": "META"}, "kind": {"S": "POST"}}
    store.client.put_item(TableName="forum", Item=plain)
    heads = TableSubjectHeads(lambda: store.client, "forum")

    assert heads.heads(["post:3", "post:9", "post:4", "post:1"]) == [
        SubjectHead("post:3", 3, "03" * 32, "id-3"),
        SubjectHead("post:1", 1, "01" * 32, "id-1"),
    ]
    assert heads.heads([]) == []


def test_a_kind_nobody_knows_is_an_error(store: AuditDynamo) -> None:
    """Keys are made of known kinds only."""
    heads = TableSubjectHeads(lambda: store.client, "forum")

    with pytest.raises(ValueError, match="GHOST"):
        heads.heads(["ghost:1"])
