"""Threads: the head, written once, and the row of the list, which the fold keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderation.community.board import Visibility
from moderation.community.post import Author
from moderation.ids import BoardSlug, MemberId, PostId, ThreadId
from moderation.records import Kind, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMark:
    """That a post answers its thread: said by the thread's author, or by staff."""

    post_id: PostId
    by: MemberId
    at: datetime
    staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What a reply needs to know. Never written by a reply, so a hot thread has no conflicts.

    `visibility` and `unit` are the board's, copied when the thread was opened. The title is part of
    the opening post's content and moves with it. `answer` says which post answers it.
    """

    id: ThreadId
    board: BoardSlug
    author: Author
    opening_post: PostId
    created_at: datetime
    visibility: Visibility = "public"
    unit: str | None = None
    language: str = "und"
    answer: AnswerMark | None = None

    @staticmethod
    def at(thread_id: str) -> Ref["Thread"]:
        """The address of the thread with this id."""
        return Ref(Kind.THREAD, thread_id)

    @property
    def ref(self) -> Ref["Thread"]:
        """The record's own address."""
        return Thread.at(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """The thread as its board lists it; derived by the fold, recounted nightly.

    `state` follows the opening post: "open" while that is published, else "hidden", which takes the
    row off the list. `title` is empty while hidden.
    `waiting` says that a customer waits for an answer: `waiting.py` keeps the rest of that.
    """

    id: ThreadId
    board: BoardSlug
    title: str
    author: Author
    created_at: datetime
    last_post_at: datetime
    language: str = "und"
    state: Literal["open", "hidden"] = "open"
    post_count: int = 1
    visibility: Visibility = "public"
    waiting: bool = False

    @staticmethod
    def at(thread_id: str) -> Ref["ThreadRow"]:
        """The address of the row of the thread with this id."""
        return Ref(Kind.THREAD, thread_id, "ROW")

    @property
    def ref(self) -> Ref["ThreadRow"]:
        """The record's own address."""
        return ThreadRow.at(self.id)
