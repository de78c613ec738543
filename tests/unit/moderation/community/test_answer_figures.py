"""How long a board's customers wait."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from moderation.community.answer_figures import (
    THREADS_MOST,
    AnswerFigures,
    answer_figures,
    percentile,
)
from moderation.community.answer_target import AnswerTarget
from moderation.community.office_hours import OfficeHours
from moderation.community.waiting import AnswerState, unanswered
from moderation.ports import Page
from tests.support.community import BOARD, NOW, THREAD

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BLANK = unanswered(THREAD)
EMPTY = AnswerFigures(
    start=NOW - 30 * DAY,
    end=NOW,
    waiting=0,
    overdue=0,
    waiting_since=None,
    answered=0,
    median_minutes=None,
    slow_minutes=None,
    complete=True,
)


@dataclass(frozen=True)
class States:
    """The two lists that are read, a hundred at a time."""

    taken: tuple[AnswerState, ...] = ()
    waits: tuple[AnswerState, ...] = ()

    def answered(self, board: str, limit: int, after: str | None) -> Page[AnswerState]:
        """Latest first answer first."""
        return self._page(self.taken, board, limit, after)

    def waiting(self, board: str, limit: int, after: str | None) -> Page[AnswerState]:
        """Longest wait first."""
        return self._page(self.waits, board, limit, after)

    @staticmethod
    def _page(
        states: tuple[AnswerState, ...], board: str, limit: int, after: str | None
    ) -> Page[AnswerState]:
        assert (BOARD.slug, 100) == (board, limit)
        start = int(after or 0)
        following = str(start + limit) if start + limit < len(states) else None
        return Page(states[start : start + limit], following)


def figures(taken: Iterable[AnswerState] = (), waits: Iterable[AnswerState] = ()) -> AnswerFigures:
    """The figures of a month."""
    lists = States(tuple(taken), tuple(waits))
    return answer_figures(lists, BOARD, NOW, 30)  # type: ignore[arg-type]  # two of its lists


def answered(asked_at: datetime, minutes: int) -> AnswerState:
    """A thread that had its answer after so many minutes."""
    return replace(
        BLANK, asked_at=asked_at, answered_at=asked_at + timedelta(minutes=minutes), is_open=True
    )


def test_a_board_without_threads_has_no_figures() -> None:
    """Nothing is nought, and no median."""
    assert EMPTY == figures()


def test_who_waits_is_counted_with_who_is_overdue() -> None:
    """The first of the list waits longest."""
    waits = [
        replace(BLANK, waiting_since=NOW - 3 * HOUR, answer_due_at=NOW - HOUR),
        replace(BLANK, waiting_since=NOW - 2 * HOUR, answer_due_at=NOW),
        replace(BLANK, waiting_since=NOW - HOUR, answer_due_at=NOW + HOUR),
        replace(BLANK, waiting_since=NOW),
    ]

    assert replace(EMPTY, waiting=4, overdue=2, waiting_since=NOW - 3 * HOUR) == figures((), waits)


def test_answers_are_measured_in_minutes_on_duty() -> None:
    """From Friday at four in Berlin to Monday at ten are two hours."""
    friday = NOW - 3 * DAY + 5 * HOUR
    rows = [answered(friday, 66 * 60), answered(NOW - HOUR, 10), answered(NOW - HOUR, 20)]

    measured = figures(rows)
    assert (3, 20, 120) == (measured.answered, measured.median_minutes, measured.slow_minutes)
    always = OfficeHours(zone="UTC", closed=(NOW.date(),))
    board = replace(BOARD, answer_target=AnswerTarget(minutes=1, hours=always))
    lists = States(tuple(rows))
    assert 0 == answer_figures(lists, board, NOW, 30).median_minutes  # type: ignore[arg-type]


def test_only_answers_to_customers_within_the_period_count() -> None:
    """Not what was answered before, nor what staff has marked among its own posts."""
    before = answered(NOW - 31 * DAY, 5)
    among_staff = replace(answered(NOW - HOUR, 5), asked_at=None)

    assert 1 == figures([answered(NOW - HOUR, 5), before, answered(NOW - HOUR, 5)]).answered
    assert 0 == figures([among_staff]).answered


def test_more_threads_than_are_counted_are_said_to_be_more() -> None:
    """Up to two thousand are complete, and one more is not."""
    row = answered(NOW - HOUR, 10)
    waiting = replace(BLANK, waiting_since=NOW)

    full = figures([row] * THREADS_MOST, [waiting] * THREADS_MOST)
    assert (THREADS_MOST, THREADS_MOST, True) == (full.answered, full.waiting, full.complete)
    more = figures([row] * (THREADS_MOST + 1), [waiting] * 101)
    assert (THREADS_MOST, 101, False) == (more.answered, more.waiting, more.complete)


@pytest.mark.parametrize(
    ("numbers", "percent", "value"),
    [([], 50, None), ([7], 50, 7), ([7], 90, 7), ([1, 2], 50, 1), ([1, 2, 3], 50, 2),
     (list(range(1, 11)), 90, 9), (list(range(1, 12)), 90, 10), (list(range(1, 101)), 90, 90)],
)  # fmt: skip
def test_a_percentile_is_one_of_the_numbers(
    numbers: list[int], percent: int, value: int | None
) -> None:
    """The nearest rank: the smallest number that so many percent do not exceed."""
    assert value == percentile(numbers, percent)
