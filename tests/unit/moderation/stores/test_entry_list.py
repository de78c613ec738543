"""Finding entries: what is asked of the table, and what a page makes of the answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from moderation.compliance.entry_list import EntryFilter
from moderation.errors import Unavailable
from moderation.ids import encode
from moderation.stores.entry_list import REQUESTS_MOST, TableEntryList
from tests.support.stack import EPOCH


def item(number: int) -> dict[str, Any]:
    """An item of the index, as DynamoDB spells it."""
    entry_id = encode(number)
    return {
        "pk": {"S": "S#post#1"},
        "sk": {"S": f"{number:010d}"},
        "log_pk": {"S": "ENTRIES"},
        "log_sk": {"S": entry_id},
        "entry_id": {"S": entry_id},
        "body": {"S": f"body {number}"},
    }


@dataclass
class FakeClient:
    """Answers with what it was given, one answer a request; raises what is an error."""

    answers: list[Any]
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def query(self, **arguments: Any) -> Mapping[str, Any]:
        """One answer."""
        self.asked.append(arguments)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        found: Mapping[str, Any] = answer
        return found


def listed(*answers: Any) -> tuple[TableEntryList, FakeClient]:
    """A list over a table that answers like this; the entry 1 is at index 7 of the log."""
    client = FakeClient(list(answers))
    return TableEntryList(lambda: client, "audit", lambda _: {encode(1): 7}), client


def test_without_a_filter_one_request_of_the_limit_is_enough() -> None:
    """Newest first by the index of all entries, each with its place in the log."""
    entries, client = listed({"Items": [item(2), item(1)], "LastEvaluatedKey": {"a": {"S": "b"}}})
    page = entries.entries(EntryFilter(), 2, None)

    assert [(b"body 2", None), (b"body 1", 7)] == [(e.body, e.index) for e in page.items]
    assert '{"a":{"S":"b"}}' == page.next
    (asked,) = client.asked
    assert ("log", 2, False) == (asked["IndexName"], asked["Limit"], asked["ScanIndexForward"])
    assert "FilterExpression" not in asked


def test_a_position_is_where_the_next_request_starts() -> None:
    """What a page ends at goes back as it came."""
    entries, client = listed({"Items": []})
    page = entries.entries(EntryFilter(subject="post:1"), 2, '{"pk":{"S":"x"}}')

    assert ((), None) == (page.items, page.next)
    assert {"pk": {"S": "x"}} == client.asked[0]["ExclusiveStartKey"]
    assert "IndexName" not in client.asked[0]


def test_a_filter_that_drops_much_asks_on_but_not_for_ever() -> None:
    """After four requests a page ends, perhaps empty, with a position to go on from."""
    last = {"pk": {"S": "x"}}
    answers = [{"Items": [], "LastEvaluatedKey": last} for _ in range(REQUESTS_MOST)]
    entries, client = listed(*answers)
    page = entries.entries(EntryFilter(action="case:open"), 2, None)

    assert (REQUESTS_MOST, (), '{"pk":{"S":"x"}}') == (len(client.asked), page.items, page.next)
    assert [None, last] == [asked.get("ExclusiveStartKey") for asked in client.asked[:2]]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (EntryFilter(action="case:open"), {"pk", "sk", "log_pk", "log_sk"}),
        (EntryFilter(subject="post:1", action="case:open"), {"pk", "sk"}),
    ],
)
def test_more_than_a_page_is_cut_and_goes_on_behind_its_last(
    wanted: EntryFilter, names: set[str]
) -> None:
    """The position is the key of the last entry handed out."""
    entries, _ = listed({"Items": [item(3), item(2), item(1)]})
    page = entries.entries(wanted, 2, None)

    assert [b"body 3", b"body 2"] == [entry.body for entry in page.items]
    position = {name: item(2)[name] for name in item(2) if name in names}
    assert position == json.loads(str(page.next))


def test_a_page_is_gathered_over_several_requests() -> None:
    """Until it is full or the list ends."""
    entries, client = listed(
        {"Items": [item(3)], "LastEvaluatedKey": {"pk": {"S": "x"}}}, {"Items": [item(2)]}
    )
    page = entries.entries(EntryFilter(actors=("a", "b")), 5, None)

    assert (2, 2, None) == (len(client.asked), len(page.items), page.next)
    assert "#actor IN (:v3, :v4)" == client.asked[0]["FilterExpression"]


def test_a_period_bounds_the_key_and_the_time() -> None:
    """The key a little beyond the end, since ids may be later than their entries."""
    entries, client = listed({"Items": []})
    entries.entries(EntryFilter(start=EPOCH, end=EPOCH + timedelta(hours=1)), 5, None)
    (asked,) = client.asked

    values = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
    assert values[":v1"] < values[":v2"]
    assert "#at >= :v3 AND #at < :v4" == asked["FilterExpression"]
    assert ["2026-11-23T09:00:00.000Z", "2026-11-23T10:00:00.000Z"] == [
        values[":v3"], values[":v4"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException"}}, "Query"),
        ConnectTimeoutError(endpoint_url="https://dynamodb"),
    ],
)
def test_a_table_that_does_not_answer_is_unavailable(error: Exception) -> None:
    """Closed: no list is better than half of one."""
    entries, _ = listed(error)

    with pytest.raises(Unavailable):
        entries.entries(EntryFilter(), 5, None)
