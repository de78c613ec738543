"""Threads on the wire."""

from schemas.instant import Instant
from schemas.posts import AuthorView, NewPost, PostView
from schemas.strict import Response
from schemas.text import Title
from schemas.vocabulary import ThreadState


class NewThread(NewPost):
    """A thread and the post that opens it."""

    title: Title


class ThreadView(Response):
    """A thread as its board lists it; `title` is empty while its opening post is hidden.

    `waiting` says that a customer waits for an answer. A board's list says no more of that; else
    `answered_at` is the first answer, `answer` the post marked as one, `waiting_since` when the
    oldest post of a customer was written that nobody has answered. By when it was to be, and
    whether the board's unit was told, is for the company's own people alone.
    """

    id: str
    board: str
    title: str
    author: AuthorView
    language: str
    state: ThreadState
    post_count: int
    last_post_at: Instant
    created_at: Instant
    waiting: bool
    answered_at: Instant | None = None
    answer: str | None = None
    waiting_since: Instant | None = None
    answer_due_at: Instant | None = None
    alarmed: bool = False


class ThreadPage(Response):
    """A page of threads."""

    items: list[ThreadView]
    next: str | None


class StartedThread(Response):
    """What opening a thread made."""

    thread: ThreadView
    post: PostView
