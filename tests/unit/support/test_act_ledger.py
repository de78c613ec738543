"""The ledger finds what it is there to find."""

from typing import Any

import pytest

from tests.support.act_ledger import ActLedger

POST, BOARD = ("POST#01K", "META"), ("BOARD#hilfe", "META")


def put(key: tuple[str, str], doc: str) -> dict[str, Any]:
    """A subject written with this document."""
    return {"Put": {"Item": {"pk": {"S": key[0]}, "sk": {"S": key[1]}, "doc": {"S": doc}}}}


def entry(subject: str, rev: int = 1) -> dict[str, Any]:
    """An entry on a subject."""
    item = {
        "pk": {"S": f"S#{subject}"},
        "sk": {"S": f"{rev:010d}"},
        "action": {"S": "board:update"},
    }
    return {"Put": {"Item": item}}


def faults(*actions: dict[str, Any], **before: str) -> list[str]:
    """What the ledger says of one transaction, where these documents lay before."""
    ledger = ActLedger()
    held = {"POST#01K": before.get("post"), "BOARD#hilfe": before.get("board")}
    images: dict[Any, Any] = {
        key: None if held[key[0]] is None else put(key, str(held[key[0]]))["Put"]["Item"]
        for key in (POST, BOARD)
    }
    ledger.written("TransactWriteItems", {"TransactItems": actions}, images)
    return ledger.faults


def test_a_change_with_its_entry_is_right() -> None:
    """And so is a post that its author writes."""
    assert [] == faults(put(BOARD, "{}"), entry("board#hilfe"))
    assert [] == faults(put(POST, "{}"))
    assert [] == faults(put(POST, '{"body":""}'), entry("post#01K"), post='{"body":"x"}')


@pytest.mark.parametrize(
    ("actions", "fault"),
    [
        ((put(BOARD, "{}"),), "board:hilfe changes without an entry"),
        ((entry("board#hilfe"),), "an entry on board:hilfe, which does not change"),
        (
            (put(BOARD, "{}"), entry("board#hilfe"), entry("board#hilfe", 2)),
            "board:hilfe has two entries for one change",
        ),
        ((put(POST, "{}"), entry("board#hilfe")), "an entry on board:hilfe, which does not change"),
    ],
)
def test_a_change_without_and_an_entry_without_are_found(actions: Any, fault: str) -> None:
    """Whatever the transaction holds beside them."""
    assert [fault] == faults(*actions)


def test_an_entry_on_what_stays_as_it_is_is_found() -> None:
    """A post or a board that is written as it was has not changed."""
    same = faults(put(POST, "{}"), entry("post#01K"), post="{}")
    assert ["an entry on post:01k, which does not change"] == same
    same = faults(put(BOARD, "{}"), entry("board#hilfe"), board="{}")
    assert ["an entry on board:hilfe, which does not change"] == same
