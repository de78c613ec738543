"""How long a board's customers wait: figures of its threads, none of a person.

A thread counts with the first answer that it had, from the first post of a customer to that answer,
in minutes of the unit's office hours. What nobody has answered stands in the number of those who
wait.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile

from moderation.community.board import Board
from moderation.community.office_hours import OfficeHours, minutes_between
from moderation.community.waiting import AnswerState
from moderation.ports import Lists, Page

PAGE = 100
THREADS_MOST = 2_000
MEDIAN_PERCENT, SLOW_PERCENT = 50, 90


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigures:
    """The figures of a board from an instant on; minutes on duty, None where there are none.

    `complete` False: there is more than 2,000 threads of a kind, and only so many were counted, the
    ones answered last, and the ones that wait longest.
    """

    start: datetime
    end: datetime
    waiting: int
    overdue: int
    waiting_since: datetime | None
    answered: int
    median_minutes: int | None
    slow_minutes: int | None
    complete: bool


def answer_figures(lists: Lists, board: Board, now: datetime, days: int) -> AnswerFigures:
    """Count the threads that wait, and those that had their first answer in the last days."""
    start = now - timedelta(days=days)
    slug = board.slug
    waiting = list(islice(_walk(lambda after: lists.waiting(slug, PAGE, after)), THREADS_MOST + 1))
    within = takewhile(
        lambda state: state.answered_at is not None and state.answered_at >= start,
        _walk(lambda after: lists.answered(slug, PAGE, after)),
    )
    recent = list(islice(within, THREADS_MOST + 1))
    hours = OfficeHours() if board.answer_target is None else board.answer_target.hours
    taken = sorted(_minutes(hours, recent[:THREADS_MOST]))
    counted = waiting[:THREADS_MOST]
    return AnswerFigures(
        start=start,
        end=now,
        waiting=len(counted),
        overdue=sum(is_overdue(each, now) for each in counted),
        waiting_since=next((each.waiting_since for each in counted), None),
        answered=len(taken),
        median_minutes=percentile(taken, MEDIAN_PERCENT),
        slow_minutes=percentile(taken, SLOW_PERCENT),
        complete=max(len(waiting), len(recent)) <= THREADS_MOST,
    )


def percentile(ordered: list[int], percent: int) -> int | None:
    """The nearest-rank percentile of numbers in order; None where there are none."""
    if not ordered:
        return None
    return ordered[-(-len(ordered) * percent // 100) - 1]


def is_overdue(state: AnswerState, now: datetime) -> bool:
    """Whether somebody waits longer than the target allows."""
    return state.answer_due_at is not None and state.answer_due_at <= now


def _minutes(hours: OfficeHours, states: list[AnswerState]) -> Iterator[int]:
    """How long the first answers took; what staff marks among its own posts answers nobody."""
    for state in states:
        if state.asked_at is not None and state.answered_at is not None:
            yield minutes_between(hours, state.asked_at, state.answered_at)


def _walk(fetch: Callable[[str | None], Page[AnswerState]]) -> Iterator[AnswerState]:
    page = fetch(None)
    yield from page.items
    while page.next is not None:
        page = fetch(page.next)
        yield from page.items
