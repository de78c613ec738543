"""The row by which a board lists a thread, folded from what happened to the thread's posts.

A reply writes its own post and nothing of the thread, so that a hot thread has no conflicts. The
row follows behind: a change of a post is a doorbell, the post itself is read again.

Changes arrive twice, late and out of order, so the fold adds up no events. Beside the row it keeps
a tally of the 512 posts that were counted or left out last. A post moves the count by the
difference between what is counted and what it is now, which makes a repeated or overtaken change
worth nothing. While the tally is not full, a post that is not in it is not counted; once it is,
such a post was counted as it stood before the change that rings. What lies deeper than 512 posts
and comes twice is put right by the nightly recount.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from moderation.change import Change, Context, More, Seen
from moderation.community.answer_target import AnswerTarget
from moderation.community.board import Board
from moderation.community.post import Post
from moderation.community.thread import Thread, ThreadRow
from moderation.community.waiting import (
    AnswerState,
    Turn,
    begins_to_wait,
    unanswered,
    with_answer,
    with_target,
    with_turns,
)
from moderation.ids import RANDOM_BITS, ThreadId, encode, time_of
from moderation.records import Kind, Ref

WINDOW = 512
_TIME_CHARACTERS = 10
_TAIL_CHARACTERS = 6
_MARK_CHARACTERS = _TIME_CHARACTERS + _TAIL_CHARACTERS + 1
_LISTED, _STAFF, _GONE = "+", "*", "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Which of the posts that came or went last the row of a thread counts; kept beside the row.

    `marks` holds them in that order: 10 characters of the time of creation and the last 6 of the id
    (30 bits), then "+" for counted, "*" for counted and written by staff, "-" for not. One string,
    since it is written often.
    """

    thread_id: ThreadId
    marks: str = ""

    @staticmethod
    def at(thread_id: str) -> Ref["Tally"]:
        """The address of the tally of the thread with this id."""
        return Ref(Kind.THREAD, thread_id, "SEEN")

    @property
    def ref(self) -> Ref["Tally"]:
        """The record's own address."""
        return Tally.at(self.thread_id)


@dataclass(frozen=True, slots=True)
class Touch:
    """A post that changed, and whether it was listed before that change."""

    post: Ref[Post]
    was_listed: bool


def fold(
    row: ThreadRow, tally: Tally, touched: Iterable[tuple[Post, bool]], window: int = WINDOW
) -> tuple[ThreadRow, Tally]:
    """Bring count, last activity and tally up to date with posts as they are now.

    Each post comes with whether it was listed before it changed. Where nothing comes or goes, row
    and tally are equal to those given, and need not be written. The last activity is the creation
    of the newest listed post, and that of the thread where none is listed.
    """
    marks = _read(tally.marks)
    full = len(marks) >= window
    count, latest = row.post_count, row.last_post_at
    for post, was_listed in touched:
        mark, listed = _mark(post), post.is_listed
        if (marks[mark] != _GONE if mark in marks else full and was_listed) is listed:
            continue
        count += 1 if listed else -1
        marks.pop(mark, None)
        marks[mark] = (_STAFF if post.author.staff else _LISTED) if listed else _GONE
        if not listed and post.created_at == latest:
            latest = row.created_at
    latest = max([latest, *(_time(mark) for mark, flag in marks.items() if flag != _GONE)])
    return (
        replace(row, post_count=count, last_post_at=latest),
        replace(tally, marks=_write(marks, window)),
    )


def answered(
    state: AnswerState, tally: Tally, touched: Iterable[tuple[Post, bool]], window: int = WINDOW
) -> AnswerState:
    """Bring first answer and wait up to date with a tally in which these posts are counted."""
    marks = _read(tally.marks)
    turns = [Turn(_time(mark), flag == _STAFF) for mark, flag in marks.items() if flag != _GONE]
    gone = frozenset(post.created_at for post, _ in touched if not post.is_listed)
    return with_turns(state, turns, whole=len(marks) < window, gone=gone)


def headed(row: ThreadRow, opening: Post | None) -> ThreadRow:
    """Give the row the title, the author and the state that the opening post gives it now."""
    if opening is None or not opening.is_listed:
        return replace(row, title="", state="hidden")
    return replace(row, title=opening.title or "", author=opening.author, state="open")


def unfolded(thread: Thread) -> ThreadRow:
    """The row of a thread of which no post has been counted yet."""
    return ThreadRow(
        id=thread.id,
        board=thread.board,
        title="",
        author=thread.author,
        created_at=thread.created_at,
        last_post_at=thread.created_at,
        language=thread.language,
        state="hidden",
        post_count=0,
        visibility=thread.visibility,
    )


@dataclass(frozen=True, slots=True)
class FoldThread:
    """Bring the row of one thread up to date with posts of it that changed (at most 90)."""

    thread_id: str
    touched: tuple[Touch, ...]

    def reads(self) -> tuple[Ref[Any], ...]:
        """The head, the row with what is kept beside it, and each post as it is now."""
        return (*beside(self.thread_id), *dict.fromkeys(touch.post for touch in self.touched))

    def decide(self, seen: Seen, context: Context) -> Change[None] | More:  # noqa: ARG002
        """What changes of row, tally and state; opening post and marked answer where they matter.

        The board is asked for its target when somebody begins to wait.
        """
        thread = seen.get(Thread.at(self.thread_id))
        if thread is None:
            return Change(answer=None)
        row, tally, state = kept_of(thread, seen)
        opening, board = Post.at(thread.opening_post), Board.at(thread.board)
        first = (opening, board) if row is None else ()
        if more := More.unless_seen(seen, (*first, *marked(thread))):
            return more
        touched = [
            (post, touch.was_listed)
            for touch in self.touched
            if (post := seen.get(touch.post)) is not None and post.thread_id == thread.id
        ]
        folded, counted = fold(row or unfolded(thread), tally, touched)
        if seen.knows(opening):
            folded = headed(folded, seen.get(opening))
        now = with_answer(answered(state, counted, touched), answer_of(thread, seen))
        if begins_to_wait(state, now) and not seen.knows(board):
            return More((board,))
        now = with_target(state, now, target_of(seen, board))
        folded, now = agreed(folded, now)
        known = (row, tally, state)
        return Change(
            answer=None, puts=tuple(new for new in (folded, counted, now) if new not in known)
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""


def beside(thread_id: str) -> tuple[Ref[Any], ...]:
    """A thread's head, its row, and what is kept beside the row."""
    return (
        Thread.at(thread_id),
        ThreadRow.at(thread_id),
        Tally.at(thread_id),
        AnswerState.at(thread_id),
    )


def kept_of(thread: Thread, seen: Seen) -> tuple[ThreadRow | None, Tally, AnswerState]:
    """The row of a thread (None: there is none yet), its tally and its state."""
    return (
        seen.get(ThreadRow.at(thread.id)),
        seen.get(Tally.at(thread.id)) or Tally(thread_id=thread.id),
        seen.get(AnswerState.at(thread.id)) or unanswered(thread),
    )


def agreed(row: ThreadRow, state: AnswerState) -> tuple[ThreadRow, AnswerState]:
    """The row says whether somebody waits, the state whether readers find the thread."""
    return (
        replace(row, waiting=state.waiting_since is not None),
        replace(state, is_open=row.state == "open"),
    )


def marked(thread: Thread) -> tuple[Ref[Post], ...]:
    """The post that is marked as the thread's answer, where there is one."""
    return () if thread.answer is None else (Post.at(thread.answer.post_id),)


def answer_of(thread: Thread, seen: Seen) -> Post | None:
    """That post as it is now."""
    return next((seen.get(ref) for ref in marked(thread)), None)


def target_of(seen: Seen, board: Ref[Board]) -> AnswerTarget | None:
    """The target of a board that has been read; None where it was not needed, or has none."""
    known = seen.get(board) if seen.knows(board) else None
    return None if known is None else known.answer_target


def _mark(post: Post) -> str:
    milliseconds = round(post.created_at.timestamp() * 1000)
    return encode(milliseconds << RANDOM_BITS)[:_TIME_CHARACTERS] + post.id[-_TAIL_CHARACTERS:]


def _time(mark: str) -> datetime:
    return time_of(mark[:_TIME_CHARACTERS].ljust(26, "0")).astimezone(UTC)


def _read(marks: str) -> dict[str, str]:
    pieces = (marks[i : i + _MARK_CHARACTERS] for i in range(0, len(marks), _MARK_CHARACTERS))
    return {piece[:-1]: piece[-1] for piece in pieces}


def _write(marks: dict[str, str], window: int) -> str:
    return "".join(mark + flag for mark, flag in list(marks.items())[-window:])
