"""Boards on the way out."""

from moderation.community.board import Board
from schemas.boards import BoardView


def board_view(board: Board) -> BoardView:
    """The board as everybody sees it who may see it."""
    return BoardView(
        slug=board.slug,
        title=board.title,
        description=board.description,
        unit=board.unit,
        visibility=board.visibility,
        created_at=board.created_at,
    )
