"""Sweeps up, each five minutes: rings again for what was left over, and recounts by night.

The stream's doorbell can get lost; the index of what is to be done cannot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from functions import outside
from functions.wiring import channels, tables
from functions.workers import journal
from functions.workers.events import body_of
from moderation.change import UnitOfWork
from moderation.community.nightly import recount_boards
from moderation.errors import Unavailable
from moderation.ids import time_of
from moderation.ports import Lists, Queue, WorkList
from moderation.records import Ref
from moderation.rulesets.recounting import recount_cases

LEFT_OVER = timedelta(minutes=1)
EXPORT_LEFT_OVER = timedelta(minutes=30)
"""Longer than the export queue itself keeps trying, so that nobody builds at the same time."""

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
    export: Queue
    now: Callable[[], datetime]
    may_go_on: Callable[[], bool]


def handle(parts: Parts) -> dict[str, int]:
    """Ring for what is left over, and go on with the night's recounts."""
    now = parts.now()
    late, long_late = now - LEFT_OVER, now - EXPORT_LEFT_OVER
    scores = _ring(parts.score, "post", parts.work_list.unchecked(AT_ONCE), late)
    messages = _ring(parts.deliver, "message", parts.work_list.outbox(AT_ONCE), late)
    exports = _ring(parts.export, "export", parts.work_list.exports(AT_ONCE), long_late)
    erasures = _send(parts.export, "erasure", parts.work_list.erasures(late, AT_ONCE))
    wrong = recount_boards(parts.work, parts.lists, now, parts.may_go_on)
    missed = recount_cases(parts.work, parts.lists, now, parts.may_go_on)
    rung = {
        "scores": scores,
        "messages": messages,
        "exports": exports,
        "erasures": erasures,
        "wrong_rows": wrong,
        "missed_cases": missed,
    }
    journal.note("sweep", **rung)
    return rung


def _ring(
    queue: Queue,
    field: Literal["post", "message", "export"],
    refs: tuple[Ref[Any], ...],
    late: datetime,
) -> int:
    """Ring for what is as old as `late`; a queue that does not answer is rung the next time."""
    return _send(queue, field, tuple(ref for ref in refs if time_of(ref.id) <= late))


def _send(
    queue: Queue,
    field: Literal["post", "message", "export", "erasure"],
    refs: tuple[Ref[Any], ...],
) -> int:
    left = tuple(body_of(field, ref.id) for ref in refs)
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
    return handle(
        Parts(
            tables.unit_of_work(),
            tables.lists(),
            tables.work_list(),
            channels.score_queue(),
            channels.deliver_queue(),
            channels.export_queue(),
            outside.now,
            lambda: context.get_remaining_time_in_millis() > RESERVE_MS,
        )
    )
