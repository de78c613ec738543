"""The nightly recount: every listed thread once a day, a stretch at a time.

A run may end at any point; the next one goes on from the last page that was finished.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from moderation.change import UnitOfWork
from moderation.community.folding import Tally
from moderation.community.post import Post
from moderation.community.recounting import QUIET, NoteRecount, Recount, RecountThread, count
from moderation.community.thread import Thread, ThreadRow
from moderation.ids import BoardSlug, ThreadId
from moderation.ports import Lists

HOUR_UTC = 2
"""The day's recount begins at this hour."""

PAGE = 100


def recount_boards(
    work: UnitOfWork, lists: Lists, now: datetime, may_go_on: Callable[[], bool]
) -> int:
    """Recount what is not recounted yet today, while `may_go_on`; answers how many were wrong."""
    if now.hour < HOUR_UTC:
        return 0
    wrong, after, walking = 0, None, True
    while walking:
        page = lists.boards(PAGE, after)
        for board in page.items:
            wrong += _recount_board(board.slug, work, lists, now, may_go_on)
        after, walking = page.next, page.next is not None and may_go_on()
    return wrong


def _recount_board(
    board: BoardSlug,
    work: UnitOfWork,
    lists: Lists,
    now: datetime,
    may_go_on: Callable[[], bool],
) -> int:
    day = now.date().isoformat()
    kept = work.read(Recount.at(board)).get(Recount.at(board))
    reached = kept if kept is not None and kept.day == day else Recount(board=board, day=day)
    wrong = 0
    while not reached.done and may_go_on():
        page = lists.threads(board, PAGE, reached.after)
        quiet = (row for row in page.items if now - row.last_post_at >= QUIET)
        wrong += sum(recount_thread(row.id, work, lists) for row in quiet)
        reached = Recount(board=board, day=day, after=page.next, done=page.next is None)
        work.run(NoteRecount(kept, reached))
        kept = reached
    return wrong


def recount_thread(thread_id: ThreadId, work: UnitOfWork, lists: Lists) -> bool:
    """Put the row of one thread right; tells whether it was wrong."""
    before = work.read(Thread.at(thread_id), ThreadRow.at(thread_id), Tally.at(thread_id))
    thread = before.get(Thread.at(thread_id))
    if thread is None:
        return False
    row, tally = before.get(ThreadRow.at(thread_id)), before.get(Tally.at(thread_id))
    counted = count(thread, _listed(thread_id, lists))
    return work.run(RecountThread(thread_id, row, tally, counted))


def _listed(thread_id: ThreadId, lists: Lists) -> Iterator[tuple[Post, ...]]:
    page = lists.posts(thread_id, PAGE, None)
    yield page.items
    while page.next is not None:
        page = lists.posts(thread_id, PAGE, page.next)
        yield page.items
