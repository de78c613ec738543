"""Threads on the way out."""

from functions.api.presenters.posts import author_view
from moderation.community.post import Post, PostState
from moderation.community.thread import Thread, ThreadRow
from schemas.threads import ThreadView


def row_view(row: ThreadRow) -> ThreadView:
    """A thread as its board lists it."""
    return ThreadView(
        id=row.id,
        board=row.board,
        title=row.title,
        author=author_view(row.author),
        language=row.language,
        state=row.state,
        post_count=row.post_count,
        last_post_at=row.last_post_at,
        created_at=row.created_at,
    )


def started_view(thread: Thread, opening: Post) -> ThreadView:
    """A thread just opened, before the fold has made its row; its author sees the title."""
    return ThreadView(
        id=thread.id,
        board=thread.board,
        title=opening.title or "",
        author=author_view(thread.author),
        language=thread.language,
        state="open" if opening.state is PostState.PUBLISHED else "hidden",
        post_count=1,
        last_post_at=opening.created_at,
        created_at=thread.created_at,
    )
