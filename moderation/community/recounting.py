"""Counting a thread's row anew, which puts right whatever the fold has missed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from moderation.change import Change, Context, More, Seen
from moderation.community.board import Board
from moderation.community.folding import (
    Tally,
    agreed,
    answer_of,
    answered,
    beside,
    fold,
    headed,
    kept_of,
    marked,
    target_of,
    unfolded,
)
from moderation.community.post import Post
from moderation.community.thread import Thread, ThreadRow
from moderation.community.waiting import (
    AnswerState,
    begins_to_wait,
    unanswered,
    with_answer,
    with_target,
)
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
    answers: AnswerState


def count(thread: Thread, pages: Iterable[Iterable[Post]]) -> Count:
    """Count a thread's listed posts, oldest first, page by page, in constant memory."""
    row, tally, answers = unfolded(thread), Tally(thread_id=thread.id), unanswered(thread)
    for page in pages:
        touched = [(post, False) for post in page]
        row, tally = fold(row, tally, touched)
        answers = answered(answers, tally, touched)
    return Count(row.post_count, row.last_post_at, tally.marks, answers)


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
        """The head, and the row with what is kept beside it."""
        return beside(self.thread_id)

    def decide(self, seen: Seen, context: Context) -> Change[bool] | More:  # noqa: ARG002
        """Row, tally and state as counted, written only where row or state differ."""
        thread = seen.need(Thread.at(self.thread_id))
        row = seen.get(ThreadRow.at(self.thread_id))
        if (row, seen.get(Tally.at(self.thread_id))) != (self.row, self.tally):
            return Change(answer=False)
        opening, board = Post.at(thread.opening_post), Board.at(thread.board)
        if more := More.unless_seen(seen, (opening, *marked(thread))):
            return more
        right = replace(
            headed(row or unfolded(thread), seen.get(opening)),
            post_count=self.counted.post_count,
            last_post_at=self.counted.last_post_at,
        )
        _, _, state = kept_of(thread, seen)
        now = with_answer(self._answers(state), answer_of(thread, seen))
        if begins_to_wait(state, now) and not seen.knows(board):
            return More((board,))
        right, now = agreed(right, with_target(state, now, target_of(seen, board)))
        if (right, now) == (row, state):
            return Change(answer=False)
        tally = Tally(thread_id=thread.id, marks=self.counted.marks)
        known = (row, self.tally, state)
        return Change(
            answer=True, puts=tuple(new for new in (right, tally, now) if new not in known)
        )

    def _answers(self, state: AnswerState) -> AnswerState:
        """What was counted, with what only the state knows: target and alarm of its wait."""
        counted = self.counted.answers
        return replace(
            state,
            asked_at=counted.asked_at,
            answered_at=counted.answered_at,
            last_answer_at=counted.last_answer_at,
            waiting_since=counted.waiting_since,
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> bool:  # noqa: ARG002
        """Nothing is told twice."""
        return False
