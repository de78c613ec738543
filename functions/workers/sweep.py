"""Sweeps up, each five minutes: rings again for what was left over, and recounts by night.

The stream's doorbell can get lost; the index of what is to be done cannot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from functions.workers import journal
from functions.workers.events import body_of
from moderation.change import UnitOfWork
from moderation.community.nightly import recount_boards
from moderation.errors import Unavailable
from moderation.ids import time_of
from moderation.ports import Lists, Queue, WorkList
from moderation.records import Ref

LEFT_OVER = timedelta(minutes=1)
AT_ONCE = 100
RESERVE_MS = 30_000
"""A recount begins no further page with less time left than this."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with; `may_go_on` tells whether there is time for more."""

    work: UnitOfWork
    lists: Lists
    work_list: WorkList
    score: Queue
    deliver: Queue
    now: Callable[[], datetime]
    may_go_on: Callable[[], bool]


def handle(parts: Parts) -> dict[str, int]:
    """Ring for what is older than a minute, and go on with the night's recount."""
    now = parts.now()
    scores = _ring(parts.score, "post", parts.work_list.unchecked(AT_ONCE), now)
    messages = _ring(parts.deliver, "message", parts.work_list.outbox(AT_ONCE), now)
    wrong = recount_boards(parts.work, parts.lists, now, parts.may_go_on)
    journal.note("sweep", scores=scores, messages=messages, wrong_rows=wrong)
    return {"scores": scores, "messages": messages, "wrong_rows": wrong}


def _ring(
    queue: Queue, field: Literal["post", "message"], refs: tuple[Ref[Any], ...], now: datetime
) -> int:
    """Ring for everything left over; a queue that does not answer is rung the next time."""
    left = tuple(body_of(field, ref.id) for ref in refs if now - time_of(ref.id) >= LEFT_OVER)
    if not left:
        return 0
    try:
        queue.send(left)
    except Unavailable as error:
        journal.failed("sweep", field, error)
        return 0
    return len(left)


def handler(event: Mapping[str, object], context: Any) -> dict[str, int]:  # noqa: ARG001
    """Lambda's entry."""
    from functions import wiring  # noqa: PLC0415  (nothing is put together at import)

    return handle(
        Parts(
            wiring.unit_of_work(),
            wiring.lists(),
            wiring.work_list(),
            wiring.score_queue(),
            wiring.deliver_queue(),
            wiring.now,
            lambda: context.get_remaining_time_in_millis() > RESERVE_MS,
        )
    )
