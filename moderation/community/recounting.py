"""Counting a thread's row anew, which puts right whatever the fold has missed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from moderation.change import Change, Context, More, Seen
from moderation.community.folding import Tally, fold, headed, unfolded
from moderation.community.post import Post
from moderation.community.thread import Thread, ThreadRow
from moderation.ids import BoardSlug
from moderation.records import Kind, Ref

QUIET = timedelta(minutes=15)
"""A thread is recounted once its last post is this old: by then every list shows what is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """How far the recount of a board's threads has come on one day (ISO date, UTC).

    `after` is the position in the board's list it continues from.
    """

    board: BoardSlug
    day: str
    after: str | None = None
    done: bool = False

    @staticmethod
    def at(board: str) -> Ref["Recount"]:
        """The address of the recount of the board with this slug."""
        return Ref(Kind.BOARD, board, "RECOUNT")

    @property
    def ref(self) -> Ref["Recount"]:
        """The record's own address."""
        return Recount.at(self.board)


@dataclass(frozen=True, slots=True)
class NoteRecount:
    """Keep how far a board's recount has come; whoever comes second with old news is ignored."""

    expected: Recount | None
    reached: Recount

    def reads(self) -> tuple[Ref[Any], ...]:
        """What was kept last."""
        return (self.reached.ref,)

    def decide(self, seen: Seen, context: Context) -> Change[None]:  # noqa: ARG002
        """The new place, if the last one is still what this walk began from."""
        if seen.get(self.reached.ref) != self.expected:
            return Change(answer=None)
        return Change(answer=None, puts=(self.reached,))

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a walk over a thread's listed posts found."""

    post_count: int
    last_post_at: datetime
    marks: str


def count(thread: Thread, pages: Iterable[Iterable[Post]]) -> Count:
    """Count a thread's listed posts, oldest first, page by page, in constant memory."""
    row, tally = unfolded(thread), Tally(thread_id=thread.id)
    for page in pages:
        row, tally = fold(row, tally, ((post, False) for post in page))
    return Count(row.post_count, row.last_post_at, tally.marks)


@dataclass(frozen=True, slots=True)
class RecountThread:
    """Put a fresh count into a thread's row, if row and tally are still as they were before it.

    `row` and `tally` are what was read before the walk began; where the fold came in between, the
    count may be old, and the next night does it again. Answers whether the row was wrong.
    """

    thread_id: str
    row: ThreadRow | None
    tally: Tally | None
    counted: Count

    def reads(self) -> tuple[Ref[Any], ...]:
        """The head, the row and the tally."""
        return (Thread.at(self.thread_id), ThreadRow.at(self.thread_id), Tally.at(self.thread_id))

    def decide(self, seen: Seen, context: Context) -> Change[bool] | More:  # noqa: ARG002
        """Row and tally as counted, written only where the row differs."""
        thread = seen.need(Thread.at(self.thread_id))
        row = seen.get(ThreadRow.at(self.thread_id))
        if (row, seen.get(Tally.at(self.thread_id))) != (self.row, self.tally):
            return Change(answer=False)
        opening = Post.at(thread.opening_post)
        if not seen.knows(opening):
            return More((opening,))
        right = replace(
            headed(row or unfolded(thread), seen.get(opening)),
            post_count=self.counted.post_count,
            last_post_at=self.counted.last_post_at,
        )
        if right == row:
            return Change(answer=False)
        tally = Tally(thread_id=thread.id, marks=self.counted.marks)
        puts = (right,) if tally == self.tally else (right, tally)
        return Change(answer=True, puts=puts)

    def recall(self, reference: Ref[Any], seen: Seen) -> bool:  # noqa: ARG002
        """Nothing is told twice."""
        return False
