"""The log's tables: one suite for the fake and for DynamoDB."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from moderation.audit.entry import decode, encode, leaf_hash
from moderation.audit.merkle import Frontier
from moderation.audit.ports import START, EntryTable, Head, LogTable, Pending, Places, Span
from moderation.audit.sequence import Sequencer
from moderation.stores.audit_table import PARTITIONS, entry_items
from tests.support.audit_dynamo import AuditDynamo
from tests.support.audit_fakes import ORIGIN, SIGNER, Clock, MemoryForum, MemoryObjects
from tests.support.stack import Stack


class Tables(LogTable, EntryTable):
    """Both ports, which one object implements."""


@dataclass
class Case:
    """A table, and how an act's entry comes into it."""

    table: Any
    commit: Callable[[str], Pending]
    dynamo: AuditDynamo | None


def memory() -> Case:
    """The fake."""
    forum = MemoryForum()

    def commit(subject: str) -> Pending:
        return forum.table.pending[forum.act(subject).id]

    return Case(forum.table, commit, None)


def dynamo(stack: Stack) -> Case:
    """DynamoDB, through its real client."""
    forum, store = MemoryForum(), AuditDynamo.on(stack)

    def commit(subject: str) -> Pending:
        entry = forum.act(subject)
        for item in entry_items(entry):
            store.client.put_item(TableName="audit", Item=item)
        body = encode(entry)
        return Pending(entry.id, subject, leaf_hash(body), body)

    return Case(store.table, commit, store)


@pytest.fixture(params=["fake", "dynamo"])
def case(request: pytest.FixtureRequest, stack: Stack) -> Case:
    """Each implementation in turn."""
    return memory() if request.param == "fake" else dynamo(stack)


def head(size: int, fence: int) -> Head:
    """A head that a step could have written."""
    return Head(Frontier().extend([bytes([n]) * 32 for n in range(size)]), f"staging/{size}", fence)


def test_an_empty_table(case: Case) -> None:
    """No head, nothing waits, nothing is known."""
    assert case.table.head() == START
    assert list(case.table.waiting(98)) == []
    assert list(case.table.waiting_for([])) == []
    assert case.table.places([]) == {}
    assert list(case.table.spans()) == []
    assert case.table.chain("post:x", 1, 9) == []


def test_what_was_committed_waits(case: Case) -> None:
    """By id, with leaf and body, and is found by subject and id, too."""
    entries = [case.commit(f"post:{number % 7}") for number in range(20)]

    assert case.table.waiting(98) == entries
    asked = [("post:0", entries[7].id), ("post:5", "01KJM6MRBQ0PQB1NT7P0ABATVB")]
    assert list(case.table.waiting_for(asked)) == [entries[7]]


def test_at_least_the_oldest_are_among_those_given(case: Case) -> None:
    """A limit is for each partition, and pages are read on."""
    entries = [case.commit("post:1") for _ in range(9)]

    assert case.table.waiting(4) == entries[:4]


@pytest.mark.parametrize(
    "altered",
    [
        {"body": None},
        {"leaf": None},
        {"ref": None},
        {"body": {"B": b"x"}, "leaf": {"S": "x"}, "ref": {"N": "1"}},
        {"ref": {"S": "S#post#2"}},
    ],
    ids=str,
)
def test_a_marker_that_was_altered_holds_up_its_own_chain_alone(
    altered: dict[str, Any], stack: Stack
) -> None:
    """Whatever was done to it: other attributes, of other types, or none."""
    case = dynamo(stack)
    assert case.dynamo is not None
    first, second, other = (case.commit(name) for name in ("post:1", "post:1", "post:2"))
    whole = entry_items(decode(first.body))[1] | altered
    marker = {name: value for name, value in whole.items() if value is not None}
    case.dynamo.client.put_item(TableName="audit", Item=marker)
    done = Sequencer(case.table, MemoryObjects(), SIGNER, ORIGIN, Clock()).run(timedelta(minutes=1))

    assert (done.appended, done.malformed) == (1, (first.id,))
    assert case.table.places([first.id, second.id, other.id]) == {other.id: 0}


def test_a_marker_in_the_wrong_partition_stops_nothing(stack: Stack) -> None:
    """It could never be taken, and is named."""
    case = dynamo(stack)
    assert case.dynamo is not None
    entry, other = case.commit("post:1"), case.commit("post:2")
    marker = entry_items(decode(entry.body))[1]
    home, sk = marker["pk"], marker["sk"]
    away = {"S": f"PENDING#{(int(str(home['S'])[-1]) + 1) % PARTITIONS}"}
    case.dynamo.client.delete_item(TableName="audit", Key={"pk": home, "sk": sk})
    case.dynamo.client.put_item(TableName="audit", Item={**marker, "pk": away})
    done = Sequencer(case.table, MemoryObjects(), SIGNER, ORIGIN, Clock()).run(timedelta(minutes=1))

    assert (done.appended, done.malformed) == (1, (entry.id,))
    assert case.table.places([other.id]) == {other.id: 0}


def test_the_head_moves_with_what_it_takes(case: Case) -> None:
    """One transaction: a new head, and nothing of the batch waits any more."""
    first, second = case.commit("post:1"), case.commit("post:2")

    assert case.table.advance(START, head(1, 1), [first])
    assert case.table.head() == head(1, 1)
    assert case.table.waiting(98) == [second]
    assert case.table.advance(head(1, 1), head(2, 2), [second])
    assert case.table.head() == head(2, 2)


@pytest.mark.parametrize("old", [START, head(1, 2), head(2, 1)])
def test_a_head_that_is_not_as_read_stays(case: Case, old: Head) -> None:
    """Nothing moves, and nothing is taken off."""
    first, second = case.commit("post:1"), case.commit("post:2")
    case.table.advance(START, head(1, 1), [first])

    assert not case.table.advance(old, head(2, 2), [second])
    assert case.table.head() == head(1, 1)
    assert case.table.waiting(98) == [second]


def test_what_no_longer_waits_is_not_taken_twice(case: Case) -> None:
    """Whoever comes second changes nothing."""
    first, second = case.commit("post:1"), case.commit("post:2")
    case.table.advance(START, head(1, 1), [first])

    assert not case.table.advance(head(1, 1), head(3, 2), [first, second])
    assert case.table.waiting(98) == [second]


def test_places_are_found(case: Case) -> None:
    """Putting them again changes nothing."""
    ids = [f"01KJM6MRBQ0PQB1NT7P0ABAT{number:02d}" for number in range(60)]
    places = Places(
        tuple((entry_id, index) for index, entry_id in enumerate(ids)),
        (Span(1, "c", "d"), Span(0, "a", "b")),
    )
    case.table.put_places(places)
    case.table.put_places(places)

    assert case.table.places([*ids, "01KJM6MRBQ0PQB1NT7P0ABATXX"]) == dict(places.indexes)
    assert list(case.table.spans()) == [Span(0, "a", "b"), Span(1, "c", "d")]


def test_a_subjects_chain_is_read_in_order(case: Case) -> None:
    """Any part of it, as far as it exists."""
    bodies = [case.commit("post:1").body for _ in range(12)]
    case.commit("post:2")

    assert case.table.chain("post:1", 9, 99) == bodies[8:]
    assert case.table.chain("post:1", 2, 3) == bodies[1:3]


def test_the_sequencer_runs_on_it(case: Case) -> None:
    """From waiting entries to a published log."""
    entries = [case.commit(f"post:{number % 9}") for number in range(300)]
    done = Sequencer(case.table, MemoryObjects(), SIGNER, ORIGIN, Clock()).run(timedelta(minutes=1))

    assert (done.size, done.malformed) == (300, ())
    assert len(case.table.places([entry.id for entry in entries])) == 300
    assert [span.bundle for span in case.table.spans()] == [0]


def test_sequencing_costs_at_most_3_2_write_units_an_entry(
    stack: Stack,
) -> None:
    """In full batches, index items included; and the four queries find nothing left."""
    case = dynamo(stack)
    assert case.dynamo is not None
    for number in range(98 * 4):
        case.commit(f"post:{number % 50}")
    meter = case.dynamo.engine.meter
    meter.reset()
    Sequencer(case.table, MemoryObjects(), SIGNER, ORIGIN, Clock()).run(timedelta(minutes=1))

    assert (meter.wcu + meter.index_wcu) / (98 * 4) <= 3.2
    assert meter.operations.count("TransactWriteItems") == 4


def test_a_cancellation_for_another_reason_is_an_error(stack: Stack) -> None:
    """Being throttled is not having lost a race."""
    case = dynamo(stack)
    assert case.dynamo is not None
    entry = case.commit("post:1")
    client = case.dynamo.client
    error = client.exceptions.TransactionCanceledException(
        {"Error": {"Code": "x"}, "CancellationReasons": [{"Code": "ThrottlingError"}]}, "x"
    )

    def throttled(**_: object) -> None:
        raise error

    client.transact_write_items = throttled
    with pytest.raises(client.exceptions.TransactionCanceledException):
        case.table.advance(START, head(1, 1), [entry])


def test_the_items_of_an_entry_stay_within_a_unit() -> None:
    """Both fit into 1 KB with everything a usual act carries."""
    entry = MemoryForum().act(
        "post:01KJM6JM00ZZDEXCD7VMZR8TZY", rule="core-de@2026.11#insult-direct", payload="c" * 64
    )

    for item in entry_items(entry):
        size = sum(len(name) + len(next(iter(value.values()))) for name, value in item.items())
        assert size <= 1024
