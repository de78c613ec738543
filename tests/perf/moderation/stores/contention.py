"""What acts have in common: the items of their transactions, and how often two want one at once.

Counted on the real commands; simulated from there, since no engine here locks as DynamoDB does.
"""

import heapq
import random
from collections.abc import Callable

from tests.support.forum import Forum, moderator
from tests.support.memory_dynamo_tables import PrimaryKey, primary_key
from tests.support.stack import Stack

ACTS_PER_S = 1_000
SUBJECTS = 10_000
SECONDS = 60
HELD_MS = 8
"""How long a transaction is taken to hold its items. Not measured: no figure here has seen AWS."""


def touched(stories: int) -> list[set[PrimaryKey]]:
    """Return the items in the transactions of so many stories: notice, claim, decision on a post.

    All posts are in one thread of one board and by one author, who shares most with himself.
    """
    stack = Stack.fresh()
    forum = Forum(stack)
    found = []
    for number in range(stories):
        forum.post = forum.run(forum.reply())
        stack.engine.meter.reset()
        forum.run(forum.notice())
        forum.run(forum.claim(moderator(number)))
        forum.run(forum.decide(actor=moderator(number)))
        actions = [
            next(iter(action.values()))
            for call in stack.engine.meter.calls
            if call.operation == "TransactWriteItems"
            for action in call.request["TransactItems"]
        ]
        found.append({primary_key(body.get("Item") or body["Key"]) for body in actions})
    return found


def conflicts(item_of: Callable[[int], int], held_ms: float = HELD_MS, seed: int = 20) -> float:
    """Return the share of acts whose item another transaction holds at that moment.

    Acts come at random (Poisson) on random subjects; `item_of` says which item a subject's act
    needs. Whoever finds it held is counted once and gives way.
    """
    chance = random.Random(seed)  # noqa: S311
    now_ms, end_ms = 0.0, SECONDS * 1000
    held: set[int] = set()
    releases: list[tuple[float, int]] = []
    acts = refused = 0
    while (now_ms := now_ms + chance.expovariate(ACTS_PER_S / 1000)) < end_ms:
        while releases and releases[0][0] <= now_ms:
            held.discard(heapq.heappop(releases)[1])
        item = item_of(chance.randrange(SUBJECTS))
        acts += 1
        if item in held:
            refused += 1
            continue
        held.add(item)
        heapq.heappush(releases, (now_ms + held_ms, item))
    return refused / acts
