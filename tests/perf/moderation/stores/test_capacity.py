"""What each operation asks of DynamoDB: requests, capacity and the items written, exactly."""

import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import CaseState
from moderation.cases.decision import MemberMeasure
from moderation.change import Act
from moderation.community.post import Post
from moderation.community.thread import ThreadRow
from moderation.detection.taxonomy import Category, Severity
from moderation.detection.verdict import Action as Verdict
from moderation.ids import CaseId
from tests.perf.moderation.stores.figures import (
    LONG_THREAD,
    behind,
    case_of_2500_bytes,
    contract_json,
    item,
    least_rcu,
    put_posts,
    put_threads,
)
from tests.support.commands import MODERATOR, put
from tests.support.community import found
from tests.support.forum import Forum, key
from tests.support.golden import check_golden
from tests.support.interleaver import Interleaver
from tests.support.meter import Call, index_units, item_bytes
from tests.support.samples import THREAD_ROW, ulid
from tests.support.scenes import SCENES, Scene
from tests.support.stack import Stack

GOLDEN = Path(__file__).with_name("golden") / "writes.txt"
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


@pytest.fixture
def forum(stack: Stack) -> Forum:
    """A small forum, nothing counted yet."""
    forum = Forum(stack)
    stack.engine.meter.reset()
    return forum


# Writing a post


def test_creating_a_post_is_one_count_one_read_and_one_transaction_of_new_items(
    forum: Forum,
) -> None:
    """500 characters, nothing flagged: at most 6 write units, and those of its two indexes."""
    stack = forum.stack
    stack.rate_counter.take("01M", "writes", 10, 60, stack.clock.now)
    post = forum.run(forum.reply(), key(1))
    count, read, write = stack.engine.meter.calls
    assert ["UpdateItem", "BatchGetItem", "TransactWriteItems"] == stack.engine.meter.operations
    assert (1, Fraction(3)) == (count.wcu, read.rcu)
    assert (f"put POST#{post.id} | META", f"put IDEM#tests | {key(1).key}") == write.writes
    assert write.wcu <= 6
    stored = item(stack, f"POST#{post.id}")
    assert write.index_wcu == 2 * index_units(None, stored, ())
    assert all(is_new(action) for action in write.request["TransactItems"])


def is_new(action: dict[str, dict[str, str]]) -> bool:
    """Whether an action puts an item only where none is, or none that counts."""
    condition = action["Put"]["ConditionExpression"]
    return re.search(r"attribute_not_exists ?\((#0|pk)\)", condition) is not None


def test_a_post_takes_little_more_than_its_json(forum: Forum) -> None:
    """500 characters: at most 1.25 times the body the API answers with, and 2 KB with its keys."""
    post = forum.run(forum.reply())
    stored = item_bytes(item(forum.stack, f"POST#{post.id}"))
    assert len(post.body) == 500
    assert stored <= 2048
    assert stored <= 1.25 * len(contract_json(post).encode())


def test_an_answered_request_takes_less_than_a_kilobyte(forum: Forum) -> None:
    """One write unit outside a transaction, two within."""
    forum.run(forum.reply(), key(1))
    assert item_bytes(item(forum.stack, "IDEM#tests", key(1).key)) <= 256


def test_two_hundred_replies_to_one_thread_share_no_item(forum: Forum) -> None:
    """All read before any writes; none is run again, and no item is in two transactions."""
    stack = forum.stack
    replies = [forum.reply(f"Antwort {number}.") for number in range(200)]
    tasks = [partial(forum.run, reply) for reply in replies]
    told = Interleaver(stack.engine).run(tasks, range(200))
    assert all(isinstance(each, Post) for each in told)
    calls = stack.engine.meter.calls
    assert [None] * 400 == [call.error for call in calls]
    touched = [touch for call in calls for touch in touches(call)]
    assert len(set(touched)) == len(touched) == 200


def touches(call: Call) -> list[str]:
    """The items a transaction writes or checks."""
    return [write.partition(" ")[2] for write in call.writes]


# Reading lists


def test_a_list_of_25_threads_is_one_query(stack: Stack) -> None:
    """Half a unit for each 4 KB begun, the sum rounded once."""
    put_threads(stack, 30)
    stack.engine.meter.reset()
    page = stack.lists.threads(THREAD_ROW.board, 25, None)
    assert (25, ["Query"]) == (len(page.items), stack.engine.meter.operations)
    assert all(isinstance(row, ThreadRow) for row in page.items)
    items = [item(stack, f"THREAD#{row.id}", "ROW") for row in page.items]
    assert least_rcu(items) == stack.engine.meter.rcu
    assert stack.engine.meter.rcu <= Fraction(3, 2)


def test_page_1_and_page_100_of_a_thread_cost_the_same(forum: Forum) -> None:
    """50 posts a page; what lies before them is not read."""
    stack = forum.stack
    posts = put_posts(forum, 5000)
    costs = []
    for after in (None, behind(posts[4949])):
        stack.engine.meter.reset()
        page = stack.lists.posts(LONG_THREAD, 50, after)
        assert (50, ["Query"]) == (len(page.items), stack.engine.meter.operations)
        items = [item(stack, f"POST#{post.id}") for post in page.items]
        assert least_rcu(items) == stack.engine.meter.rcu
        costs.append(stack.engine.meter.rcu)
    assert costs[0] == costs[1]
    assert page.items[-1].id == posts[-1].id


# Casework


def test_claiming_is_one_read_and_one_transaction(forum: Forum) -> None:
    """The case, its entry and the entry's pending marker."""
    case_of_2500_bytes(forum)
    claim = forum.claim()
    forum.stack.engine.meter.reset()
    case = forum.run(claim)
    read, write = forum.stack.engine.meter.calls
    assert ["BatchGetItem", "TransactWriteItems"] == [read.operation, write.operation]
    assert Fraction(1) == read.rcu
    assert 3 == len(write.writes)
    assert f"put CASE#{case.id} | META" == write.writes[0]


@pytest.mark.parametrize("measure", [None, MemberMeasure(kind="warn")])
def test_deciding_is_one_read_and_one_transaction_of_40_units(
    forum: Forum, measure: MemberMeasure | None
) -> None:
    """A removal, at a case of 2.5 KB; a measure against the author reads the member as well."""
    case = case_of_2500_bytes(forum)
    assert 2500 <= item_bytes(item(forum.stack, f"CASE#{case.id}"))
    decision = forum.decide(member_measure=measure)
    forum.stack.engine.meter.reset()
    forum.run(decision, key(1))
    *reads, write = forum.stack.engine.meter.calls
    assert ["BatchGetItem"] * (1 if measure is None else 2) == [read.operation for read in reads]
    assert write.wcu <= (40 if measure is None else 42)


def test_a_threat_to_life_comes_before_39_overdue_cases(forum: Forum) -> None:
    """One Query, and the threat is first, however fresh."""
    stack = forum.stack
    forum.run(forum.notice())
    overdue = [
        replace(
            forum.case,
            id=CaseId(ulid(number)),
            severity=(Severity.S0, Severity.S1, Severity.S2)[number % 3],
            due_at=stack.clock.now - timedelta(days=number + 1),
        )
        for number in range(38)
    ]
    for case in overdue:
        opened = Act(case.ref, Action.CASE_OPEN, MODERATOR)
        stack.unit_of_work.run(put(case, acts=(opened,)))
    stack.clock.forward(days=30)
    forum.run(forum.reply(verdict=found(Category.LIFE_THREAT, Verdict.HOLD)))
    stack.engine.meter.reset()
    page = stack.lists.cases(CaseState.OPEN, None, 100, None)
    assert ["Query"] == stack.engine.meter.operations
    assert (40, Category.LIFE_THREAT) == (len(page.items), page.items[0].category)
    assert all(case.due_at < stack.clock.now for case in page.items[1:])


# The ordered list of what each command writes


def test_each_command_writes_what_it_is_known_to_write(request: pytest.FixtureRequest) -> None:
    """In this order: checks, deletes, puts, payloads, entries with their markers."""
    made = "\n".join(line for name, scene in SCENES.items() for line in lines_of(name, scene))
    check_golden(request, GOLDEN, made + "\n")


def lines_of(name: str, scene: Scene) -> list[str]:
    """A command, what it costs, and what it writes."""
    forum = Forum(Stack.fresh())
    scene.before(forum)
    command = scene.command(forum)
    meter = forum.stack.engine.meter
    meter.reset()
    forum.run(command, key(1) if scene.keyed else None)
    reads = sum(call.operation == "BatchGetItem" for call in meter.calls)
    head = f"{name}: {reads} read, {meter.calls[-1].wcu} WCU, {meter.index_wcu} of the indexes"
    return [head, *("  " + without_ids(line) for line in meter.calls[-1].writes), ""]


def without_ids(line: str) -> str:
    """A write without what differs from run to run."""
    line = _ULID.sub("<id>", line).replace(key(1).key, "<key>")
    return re.sub(r"PENDING#[0-3]", "PENDING#n", line)
