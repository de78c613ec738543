"""Marking the post that answers a thread, and taking the mark back.

It is the word of the thread's author, or of staff: a thank-you and a new question look alike to a
program, and what another customer wrote may be the answer too. Nothing is taken from anybody by a
mark, so it is no audited act; the mark itself says who made it and when.
"""

from dataclasses import dataclass, replace
from typing import Any

from moderation.actor import Actor
from moderation.change import Change, Context, More, Seen
from moderation.community.board import Board
from moderation.community.folding import Tally, agreed, answered, beside, kept_of, target_of
from moderation.community.post import Post
from moderation.community.thread import AnswerMark, Thread, ThreadRow
from moderation.community.waiting import (
    AnswerState,
    begins_to_wait,
    with_answer,
    with_target,
)
from moderation.errors import Conflict, Forbidden, Invalid, NotFound
from moderation.ids import PostId
from moderation.records import Record, Ref


@dataclass(frozen=True, slots=True)
class Answered:
    """A thread as its board lists it, and whether it is answered."""

    row: ThreadRow
    state: AnswerState


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkAnswer:
    """Mark a listed reply as its thread's answer, in place of an earlier mark.

    Refused: NotFound (thread or post), Forbidden (neither the thread's author nor staff), Invalid
    (the opening post), Conflict (the thread's row is only just being made).
    """

    actor: Actor
    thread_id: str
    post_id: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The thread with its row, and the post."""
        return (*beside(self.thread_id), Post.at(self.post_id))

    def decide(self, seen: Seen, context: Context) -> Change[Answered]:
        """The mark on the thread, which waits no more."""
        thread, row, _, state = _thread(self.actor, self.thread_id, seen)
        post = seen.get(Post.at(self.post_id))
        if post is None or post.thread_id != thread.id or not post.is_listed:
            raise NotFound("There is no such post in this thread.")
        if post.id == thread.opening_post:
            raise Invalid("A question is not its own answer.")
        mark = AnswerMark(
            post_id=PostId(self.post_id),
            by=self.actor.id,
            at=context.now,
            staff=self.actor.is_staff,
        )
        if state.answer == post.id:
            return Change(answer=Answered(row, state), reference=thread.ref)
        answered_row, now = agreed(row, with_target(state, with_answer(state, post), None))
        return Change(
            answer=Answered(answered_row, now),
            puts=_new((replace(thread, answer=mark), answered_row, now), (row,)),
            reference=thread.ref,
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> Answered | More:
        """The thread as it is now."""
        row, state = ThreadRow.at(reference.id), AnswerState.at(reference.id)
        more = More.unless_seen(seen, (row, state))
        return more or Answered(seen.need(row), seen.need(state))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackAnswer:
    """Take the mark back, so that whoever was not answered waits again; refused as marking is."""

    actor: Actor
    thread_id: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The thread, its row and what is kept beside it."""
        return beside(self.thread_id)

    def decide(self, seen: Seen, context: Context) -> Change[None] | More:  # noqa: ARG002
        """The thread without a mark, and its state as its posts have it."""
        thread, row, tally, state = _thread(self.actor, self.thread_id, seen)
        if thread.answer is None:
            return Change(answer=None, reference=thread.ref)
        now = answered(replace(state, answer=None), tally, ())
        board = Board.at(thread.board)
        if begins_to_wait(state, now) and not seen.knows(board):
            return More((board,))
        open_row, now = agreed(row, with_target(state, now, target_of(seen, board)))
        puts = _new((replace(thread, answer=None), open_row, now), (row,))
        return Change(answer=None, puts=puts, reference=thread.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""


def _thread(
    actor: Actor, thread_id: str, seen: Seen
) -> tuple[Thread, ThreadRow, Tally, AnswerState]:
    """The thread with its row, for somebody who may say whether it is answered."""
    thread = seen.need(Thread.at(thread_id))
    if actor.id != thread.author.id and not actor.is_staff:
        raise Forbidden("Only the thread's author and staff say what answers it.")
    row, tally, state = kept_of(thread, seen)
    if row is None:
        raise Conflict("This thread is only just being listed. Please try again.")
    return thread, row, tally, state


def _new(records: tuple[Record, ...], known: tuple[Record, ...]) -> tuple[Record, ...]:
    return tuple(record for record in records if record not in known)
