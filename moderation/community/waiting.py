"""Who waits for an answer, since when, and by when they were to have one.

A thread waits from the oldest post of a customer that no post of staff follows. Another question
after an answer makes it wait again, and so does a thank-you: no program tells them apart for sure,
so people do, by marking a post as the answer. A thread with such a mark waits no more until the
mark is taken back or the marked post is gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from moderation.community.answer_target import AnswerTarget
from moderation.community.post import Post
from moderation.community.thread import Thread
from moderation.ids import BoardSlug, PostId, ThreadId
from moderation.records import Kind, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerState:
    """Whether a thread is answered: kept by the fold beside its row, which readers' lists hold.

    `asked_at` is when the first post of a customer was written, `answered_at` the first answer to
    it, `last_answer_at` when staff wrote last, `answer` the post that is marked as the answer.
    `waiting_since` is when the oldest post of a customer was written that nobody has answered,
    `answer_due_at` by when the board's target wanted it answered, `alarm_at` when its unit is to be
    told (None: never, or it has been), and `alarmed_for` the wait it was told of last. `is_open`
    says that readers find the thread.
    """

    thread_id: ThreadId
    board: BoardSlug
    is_open: bool = False
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    last_answer_at: datetime | None = None
    answer: PostId | None = None
    waiting_since: datetime | None = None
    answer_due_at: datetime | None = None
    alarm_at: datetime | None = None
    alarmed_for: datetime | None = None

    @staticmethod
    def at(thread_id: str) -> Ref["AnswerState"]:
        """The address of the state of the thread with this id."""
        return Ref(Kind.THREAD, thread_id, "ANSWERS")

    @property
    def ref(self) -> Ref["AnswerState"]:
        """The record's own address."""
        return AnswerState.at(self.thread_id)

    @property
    def is_alarmed(self) -> bool:
        """Whether the unit has been told of the wait that the thread is in."""
        return self.waiting_since is not None and self.alarmed_for == self.waiting_since


@dataclass(frozen=True, slots=True)
class Turn:
    """That somebody wrote: when, and whether it was staff."""

    at: datetime
    staff: bool


def unanswered(thread: Thread) -> AnswerState:
    """The state of a thread of which no post has been seen yet."""
    return AnswerState(thread_id=thread.id, board=thread.board)


def with_turns(
    state: AnswerState,
    turns: Iterable[Turn],
    *,
    whole: bool,
    gone: frozenset[datetime] = frozenset(),
) -> AnswerState:
    """The state that the listed posts of a thread give it.

    `whole` says that `turns` are all there are. Where they are not, what the state knows of older
    posts counts too, but for what was written at a time in `gone`: that has left the list.
    """
    said = tuple(turns)
    asked = sorted(turn.at for turn in said if not turn.staff)
    answers = sorted(turn.at for turn in said if turn.staff)
    first = asked[:1] if whole else asked[:1] + _known(state.asked_at, gone)
    asked_at = min(first, default=None)
    replies = [at for at in answers if asked_at is not None and at > asked_at][:1]
    if not whole:
        replies += _known(state.answered_at, gone)
        asked += _known(state.waiting_since, gone)
        answers += _known(state.last_answer_at, gone)
    last = max(answers, default=None)
    waits = [at for at in asked if last is None or at > last]
    return replace(
        state,
        asked_at=asked_at,
        answered_at=min(replies, default=None),
        last_answer_at=last,
        waiting_since=min(waits, default=None),
    )


def with_answer(state: AnswerState, answer: Post | None) -> AnswerState:
    """The state with the post that is marked as the answer; None, or not listed: there is none."""
    if answer is None or not answer.is_listed:
        return replace(state, answer=None)
    at = answer.created_at
    first = at if state.answered_at is None else min(state.answered_at, at)
    return replace(state, answer=answer.id, answered_at=first, waiting_since=None)


def begins_to_wait(before: AnswerState, after: AnswerState) -> bool:
    """Whether there is a wait that was not there before, so that a target is asked for."""
    return after.waiting_since not in (None, before.waiting_since)


def with_target(
    before: AnswerState, after: AnswerState, target: AnswerTarget | None
) -> AnswerState:
    """The state with the end of a wait that has just begun, and without one that is over.

    A unit is told of a wait once. Where nobody has answered in between, and only the post that the
    thread waits since is another one, it is the same wait.
    """
    since = after.waiting_since
    if since is None:
        return replace(after, answer_due_at=None, alarm_at=None)
    if since == before.waiting_since:
        return after
    if before.is_alarmed and _goes_on(before, after):
        after = replace(after, alarmed_for=since)
    if target is None:
        return replace(after, answer_due_at=None, alarm_at=None)
    due_at = target.due_at(since)
    alarm_at = None if after.is_alarmed else target.alarm_at(due_at)
    return replace(after, answer_due_at=due_at, alarm_at=alarm_at)


def _goes_on(before: AnswerState, after: AnswerState) -> bool:
    """Whether nobody has answered since the wait before began."""
    since, last = before.waiting_since, after.last_answer_at
    return since is not None and (last is None or last <= since)


def _known(at: datetime | None, gone: frozenset[datetime]) -> list[datetime]:
    return [] if at is None or at in gone else [at]
