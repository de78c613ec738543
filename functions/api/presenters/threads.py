"""Threads on the way out."""

from functions.api.presenters.posts import author_view
from moderation.actor import Actor
from moderation.community.answer_figures import AnswerFigures
from moderation.community.post import Post, PostState
from moderation.community.thread import Thread, ThreadRow
from moderation.community.waiting import AnswerState
from schemas.answers import AnswerFiguresView
from schemas.threads import ThreadView


def row_view(row: ThreadRow) -> ThreadView:
    """A thread as its board lists it."""
    return ThreadView.model_validate(_row(row))


def answers_view(row: ThreadRow, state: AnswerState, actor: Actor | None) -> ThreadView:
    """A thread with its answers, as this reader may know of them."""
    said = _row(row) | {
        "answered_at": state.answered_at,
        "answer": state.answer,
        "waiting_since": state.waiting_since,
    }
    if actor is not None and actor.is_staff:
        said |= {"answer_due_at": state.answer_due_at, "alarmed": state.is_alarmed}
    return ThreadView.model_validate(said)


def _row(row: ThreadRow) -> dict[str, object]:
    return {
        "id": row.id,
        "board": row.board,
        "title": row.title,
        "author": author_view(row.author),
        "language": row.language,
        "state": row.state,
        "post_count": row.post_count,
        "last_post_at": row.last_post_at,
        "created_at": row.created_at,
        "waiting": row.waiting,
    }


def started_view(thread: Thread, opening: Post) -> ThreadView:
    """A thread just opened, before the fold has made its row; its author sees the title."""
    public = opening.state is PostState.PUBLISHED
    return ThreadView(
        id=thread.id,
        board=thread.board,
        title=opening.title or "",
        author=author_view(thread.author),
        language=thread.language,
        state="open" if public else "hidden",
        post_count=1,
        last_post_at=opening.created_at,
        created_at=thread.created_at,
        waiting=public and not opening.author.staff,
    )


def figures_view(figures: AnswerFigures) -> AnswerFiguresView:
    """How long a board's customers wait."""
    said = {
        "from": figures.start,
        "to": figures.end,
        "waiting": figures.waiting,
        "overdue": figures.overdue,
        "waiting_since": figures.waiting_since,
        "answered": figures.answered,
        "median_minutes": figures.median_minutes,
        "p90_minutes": figures.slow_minutes,
        "complete": figures.complete,
    }
    return AnswerFiguresView.model_validate(said)
