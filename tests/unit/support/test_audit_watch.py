"""The watch catches what it is there for."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.community.post import PostState
from tests.support.audit_watch import AuditWatch, UnauditedWriteError
from tests.support.commands import TakeDown, put
from tests.support.samples import POST
from tests.support.stack import Stack

PLAIN = replace(POST, state=PostState.PUBLISHED, restrictions=(), statement_id=None)
KEY = (f"POST#{PLAIN.id}", "META")


@pytest.fixture
def sent(stack: Stack) -> tuple[dict[str, Any], dict[Any, Any]]:
    """An audited transaction as it was sent, and the item before it."""
    stack.unit_of_work.run(put(PLAIN))
    before = {KEY: stack.engine.tables["forum"].get(KEY)}
    stack.unit_of_work.run(TakeDown(PLAIN.id))
    return dict(stack.engine.meter.calls[-1].request), before


def test_an_act_with_its_entry_passes(sent: tuple[dict[str, Any], dict[Any, Any]]) -> None:
    """Nothing is said."""
    request, before = sent
    AuditWatch().written("TransactWriteItems", request, before)


@pytest.mark.parametrize("left_out", [0, 1])
def test_half_of_it_is_caught(sent: tuple[dict[str, Any], dict[Any, Any]], left_out: int) -> None:
    """An act without its entry, an entry without its act."""
    request, before = sent
    rest = [action for n, action in enumerate(request["TransactItems"]) if n != left_out]
    with pytest.raises(UnauditedWriteError):
        AuditWatch().written("TransactWriteItems", {"TransactItems": rest}, before)


def test_a_wrong_head_is_caught(sent: tuple[dict[str, Any], dict[Any, Any]]) -> None:
    """The subject must hold the hash of its last entry."""
    request, before = sent
    post, entry, *rest = request["TransactItems"]
    wrong = {"Put": entry["Put"] | {"Item": entry["Put"]["Item"] | {"leaf": {"B": b"x" * 32}}}}
    with pytest.raises(UnauditedWriteError, match="head"):
        AuditWatch().written("TransactWriteItems", {"TransactItems": [post, wrong, *rest]}, before)


def test_a_chain_cut_short_is_caught(sent: tuple[dict[str, Any], dict[Any, Any]]) -> None:
    """A write that counts back."""
    request, before = sent
    plain = {"Put": {"TableName": "forum", "Item": before[KEY]}}
    now = {KEY: request["TransactItems"][0]["Put"]["Item"]}
    with pytest.raises(UnauditedWriteError, match="counts back"):
        AuditWatch().written("TransactWriteItems", {"TransactItems": [plain]}, now)


@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem", "DeleteItem"])
def test_a_subject_is_never_written_alone(operation: str) -> None:
    """Only a transaction can hold the entry as well."""
    request = {"TableName": "forum", "Key": {"pk": {"S": KEY[0]}, "sk": {"S": KEY[1]}}}
    with pytest.raises(UnauditedWriteError, match="outside a transaction"):
        AuditWatch().written(operation, request, {KEY: None})


def test_a_subject_is_never_deleted(sent: tuple[dict[str, Any], dict[Any, Any]]) -> None:
    """Not in a transaction either."""
    request = {"TableName": "forum", "Key": {"pk": {"S": KEY[0]}, "sk": {"S": KEY[1]}}}
    with pytest.raises(UnauditedWriteError, match="Delete of the subject"):
        AuditWatch().written(
            "TransactWriteItems", {"TransactItems": [{"Delete": request}]}, sent[1]
        )


def test_a_case_that_changes_without_an_entry_is_caught() -> None:
    """For all but authored records the document must stay as it is."""
    item = {
        "pk": {"S": "CASE#01A"},
        "sk": {"S": "META"},
        "kind": {"S": "CASE"},
        "doc": {"S": '{"queue":"speech"}'},
    }
    key = ("CASE#01A", "META")
    request = {"TransactItems": [{"Put": {"TableName": "forum", "Item": item}}]}
    AuditWatch().written("TransactWriteItems", request, {key: item})
    with pytest.raises(UnauditedWriteError, match="changes without an entry"):
        AuditWatch().written(
            "TransactWriteItems", request, {key: item | {"doc": {"S": '{"queue":"spam"}'}}}
        )
