"""Boards on the way out."""

from functions.api.answer_targets import target_view
from moderation.actor import Actor
from moderation.community.board import Board
from schemas.boards import BoardView


def board_view(board: Board, actor: Actor | None) -> BoardView:
    """The board as this reader may see it: its target is the company's own affair."""
    said: dict[str, object] = {
        "slug": board.slug,
        "title": board.title,
        "description": board.description,
        "unit": board.unit,
        "visibility": board.visibility,
        "created_at": board.created_at,
    }
    if board.answer_target is not None and actor is not None and actor.is_staff:
        said["answer_target"] = target_view(board.answer_target)
    return BoardView.model_validate(said)
