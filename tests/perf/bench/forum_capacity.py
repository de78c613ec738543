"""What the forum asks of DynamoDB: requests, capacity units, bytes. Counts, the same everywhere."""

from collections.abc import Iterator
from functools import partial

from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure
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
from tests.support.forum import Forum, key
from tests.support.meter import index_units, item_bytes
from tests.support.samples import THREAD_ROW
from tests.support.stack import Stack

Count = partial(Figure, deterministic=True)
CREATE = "create a post of 500 characters"


def figures(effort: Effort) -> Iterator[Figure]:
    """Every count of the forum."""
    yield from creating()
    yield from listing()
    yield from paging(effort.posts)
    yield from judging()


def measured() -> Forum:
    """A small forum, nothing counted yet."""
    forum = Forum(Stack.fresh())
    forum.stack.engine.meter.reset()
    return forum


def creating() -> Iterator[Figure]:
    """A post that nothing is found in, with the count of the author's writes before it."""
    forum = measured()
    stack, meter = forum.stack, forum.stack.engine.meter
    stack.rate_counter.take("01M", "writes", 10, 60, stack.clock.now)
    post = forum.run(forum.reply(), key(1))
    write, stored = meter.calls[-1], item(stack, f"POST#{post.id}")
    answer = len(contract_json(post).encode())
    requests = len(meter.calls)
    yield Count(
        id="forum.create.requests", name=CREATE, value=requests, unit="requests", anchor=3, target=3
    )
    yield Count(
        id="forum.create.wcu",
        name=f"{CREATE}: the transaction",
        value=write.wcu,
        unit="WCU",
        anchor=3,
        target=6,
    )
    yield Count(
        id="forum.create.index_wcu",
        name=f"{CREATE}: its two indexes",
        value=write.index_wcu,
        unit="WCU",
        anchor=2 * index_units(None, stored, ()),
        target=None,
    )
    yield Count(
        id="forum.post.bytes",
        name="item of a post of 500 characters",
        value=item_bytes(stored),
        unit="bytes",
        anchor=answer,
        target=1.25 * answer,
    )


def listing() -> Iterator[Figure]:
    """The first page of a board."""
    stack = Stack.fresh()
    put_threads(stack, 30)
    meter = stack.engine.meter
    meter.reset()
    page = stack.lists.threads(THREAD_ROW.board, 25, None)
    least = least_rcu(item(stack, f"THREAD#{row.id}", "ROW") for row in page.items)
    yield Count(
        id="forum.threads.requests",
        name="list 25 threads",
        value=len(meter.calls),
        unit="requests",
        anchor=1,
        target=1,
    )
    yield Count(
        id="forum.threads.rcu",
        name="list 25 threads",
        value=float(meter.rcu),
        unit="RCU",
        anchor=float(least),
        target=float(least),
    )


def paging(count: int) -> Iterator[Figure]:
    """The first and the hundredth page of a long thread."""
    forum = measured()
    stack, meter = forum.stack, forum.stack.engine.meter
    posts = put_posts(forum, count)
    for number in (1, 100):
        before = 50 * (number - 1)
        after = behind(posts[before - 1]) if before else None
        meter.reset()
        page = stack.lists.posts(LONG_THREAD, 50, after)
        least = float(least_rcu(item(stack, f"POST#{post.id}") for post in page.items))
        name = f"page {number} of a thread, 50 posts of 500 characters"
        yield Count(
            id=f"forum.page_{number}.requests",
            name=name,
            value=len(meter.calls),
            unit="requests",
            anchor=1,
            target=1,
        )
        yield Count(
            id=f"forum.page_{number}.rcu",
            name=name,
            value=float(meter.rcu),
            unit="RCU",
            anchor=least,
            target=least,
        )


def judging() -> Iterator[Figure]:
    """A case of 2.5 KB: claimed, then decided by removing the post."""
    forum = measured()
    case = case_of_2500_bytes(forum)
    size = item_bytes(item(forum.stack, f"CASE#{case.id}"))
    meter = forum.stack.engine.meter
    for name, command, most in (
        ("claim", forum.claim(), None),
        ("decide", forum.decide(), 40),
    ):
        meter.reset()
        forum.run(command, key(1) if name == "decide" else None)
        what = f"{name} a case of {size} bytes"
        requests, write = len(meter.calls), meter.calls[-1]
        yield Count(
            id=f"forum.{name}.requests",
            name=what,
            value=requests,
            unit="requests",
            anchor=2,
            target=2,
        )
        yield Count(
            id=f"forum.{name}.wcu",
            name=what,
            value=write.wcu,
            unit="WCU",
            anchor=2 * len(write.writes),
            target=most,
        )
