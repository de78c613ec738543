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
    """A thread as its board lists it; `title` is empty while its opening post is hidden."""

    id: str
    board: str
    title: str
    author: AuthorView
    language: str
    state: ThreadState
    post_count: int
    last_post_at: Instant
    created_at: Instant


class ThreadPage(Response):
    """A page of threads."""

    items: list[ThreadView]
    next: str | None


class StartedThread(Response):
    """What opening a thread made."""

    thread: ThreadView
    post: PostView
