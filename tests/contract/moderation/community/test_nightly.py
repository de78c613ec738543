"""The nightly recount: every listed thread once a day, whatever interrupts it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, repeat

import pytest

from moderation.change import Change, Context, Seen
from moderation.community.boards import CreateBoard
from moderation.community.folding import FoldThread, Touch
from moderation.community.nightly import recount_boards, recount_thread
from moderation.community.posting import CreatePost, CreateThread
from moderation.community.recounting import Recount
from moderation.community.thread import Thread, ThreadRow
from moderation.ids import ThreadId
from tests.support.commands import Do
from tests.support.community import ADMIN, KIM, RULES, intake, ulid
from tests.support.stack import Stack


def _board(stack: Stack, slug: str) -> None:
    stack.unit_of_work.run(CreateBoard(actor=ADMIN, slug=slug, title=slug))


def _thread(stack: Stack, board: str, replies: int = 0) -> Thread:
    opened = stack.unit_of_work.run(
        CreateThread(actor=KIM, board=board, title="T", body="a", intake=intake(), rules=RULES)
    )
    posts = [opened.post]
    for _ in range(replies):
        reply = CreatePost(
            actor=KIM, thread_id=opened.thread.id, body="b", intake=intake(), rules=RULES
        )
        posts.append(stack.unit_of_work.run(reply))
    touches = tuple(Touch(post.ref, was_listed=False) for post in posts[:80])
    stack.unit_of_work.run(FoldThread(opened.thread.id, touches))
    return opened.thread


def _spoil(stack: Stack, thread: Thread) -> None:
    def decide(seen: Seen, _: Context) -> Change[None]:
        row = seen.need(ThreadRow.at(thread.id))
        return Change(answer=None, puts=(replace(row, post_count=-16),))

    stack.unit_of_work.run(Do(decide, (ThreadRow.at(thread.id),)))


def _night(stack: Stack, days: int = 1) -> datetime:
    morning = stack.clock.now.replace(hour=2, minute=0)
    stack.clock.now = morning + timedelta(days=days)
    return stack.clock.now


def _recount(stack: Stack, may_go_on: Callable[[], bool] = lambda: True) -> int:
    return recount_boards(stack.unit_of_work, stack.lists, stack.clock.now, may_go_on)


def _count(stack: Stack, thread: Thread) -> int:
    return stack.get(ThreadRow.at(thread.id)).post_count


@pytest.fixture
def wrong(stack: Stack) -> list[Thread]:
    """Two boards with a thread each, whose rows have gone wrong."""
    threads = []
    for slug in ("a", "b"):
        _board(stack, slug)
        threads.append(_thread(stack, slug, replies=2))
        _spoil(stack, threads[-1])
    return threads


def test_wrong_rows_are_put_right_by_night(stack: Stack, wrong: list[Thread]) -> None:
    """On every board, and once a day."""
    _night(stack)

    assert (_recount(stack), _recount(stack)) == (2, 0)
    assert [_count(stack, thread) for thread in wrong] == [3, 3]


def test_nothing_is_recounted_before_its_hour(stack: Stack, wrong: list[Thread]) -> None:
    """The day's recount waits for two o'clock (UTC)."""
    _night(stack)
    stack.clock.forward(milliseconds=-1)

    assert _recount(stack) == 0
    assert [_count(stack, thread) for thread in wrong] == [-16, -16]


def test_a_day_later_it_begins_anew(stack: Stack, wrong: list[Thread]) -> None:
    """What went wrong since is found."""
    _night(stack)
    _recount(stack)
    _spoil(stack, wrong[0])
    _night(stack)

    assert _recount(stack) == 1


@pytest.mark.usefixtures("wrong")
def test_an_interrupted_recount_goes_on_where_it_ended(stack: Stack) -> None:
    """One board a run, if that is all there is time for."""
    _night(stack)
    answers = chain([True], repeat(False))
    assert _recount(stack, lambda: next(answers)) == 1
    assert stack.get(Recount.at("a")).done
    assert stack.find(Recount.at("b")) is None
    assert _recount(stack) == 1


def test_a_board_of_several_pages_is_walked_a_page_at_a_time(stack: Stack) -> None:
    """The place is kept after each page of a hundred threads."""
    _board(stack, "a")
    threads = [_thread(stack, "a") for _ in range(101)]
    _spoil(stack, threads[-1])
    _night(stack)
    answers = chain([True], repeat(False))
    # A row with a wrong count keeps its place in the list, so it is on the first page.
    assert _recount(stack, lambda: next(answers)) == 1
    kept = stack.get(Recount.at("a"))
    assert (kept.done, kept.after is None) == (False, False)
    assert _recount(stack) == 0
    assert stack.get(Recount.at("a")).done


def test_more_boards_than_a_page_are_all_walked(stack: Stack) -> None:
    """The hundred and first board has its night too."""
    for number in range(101):
        _board(stack, f"b{number:03d}")
    thread = _thread(stack, "b100")
    _spoil(stack, thread)
    _night(stack)

    assert _recount(stack) == 1


@pytest.mark.usefixtures("wrong")
def test_a_busy_thread_is_left_to_the_fold(stack: Stack) -> None:
    """Lists may lag; a thread is counted when it has been quiet for a while."""
    _night(stack)
    busy = _thread(stack, "a")
    _spoil(stack, busy)

    assert _recount(stack) == 2
    assert _count(stack, busy) == -16


def test_a_long_thread_is_counted_over_all_its_pages(stack: Stack) -> None:
    """Two hundred and one posts are two hundred and one."""
    _board(stack, "a")
    thread = _thread(stack, "a", replies=200)

    assert recount_thread(thread.id, stack.unit_of_work, stack.lists)
    assert _count(stack, thread) == 201


def test_a_thread_that_is_not_there_has_no_row(stack: Stack) -> None:
    """Nothing is made of nothing."""
    assert not recount_thread(ThreadId(ulid(1)), stack.unit_of_work, stack.lists)
