"""Boards are opened once a slug."""

import pytest

from moderation.audit.actions import Action
from moderation.change import Act, Change, More
from moderation.community.board import Board
from moderation.community.boards import CreateBoard
from moderation.errors import Conflict
from moderation.ids import BoardSlug
from tests.support.community import ADMIN, BOARD, NOW, context, seen

COMMAND = CreateBoard(
    actor=ADMIN, slug="akku", title="Akku", description="x", unit="battery", visibility="members"
)


def test_a_board_is_opened_with_its_entry() -> None:
    """The record and one act on it are written together, and the caller gets the board."""
    board = Board(
        slug=BoardSlug("akku"),
        title="Akku",
        created_at=NOW,
        description="x",
        unit="battery",
        visibility="members",
    )

    assert COMMAND.decide(seen(COMMAND), context()) == Change(
        answer=board,
        puts=(board,),
        acts=(Act(board.ref, Action.BOARD_CREATE, ADMIN, reason="request"),),
        reference=board.ref,
    )


def test_a_slug_that_is_taken_is_refused() -> None:
    """The board that is there stays as it is."""
    command = CreateBoard(actor=ADMIN, slug=BOARD.slug, title="Noch eins")

    with pytest.raises(Conflict) as refusal:
        command.decide(seen(command, BOARD), context())

    assert refusal.value.code == "slug-taken"


def test_a_repeated_request_gets_the_board_again() -> None:
    """It is read once more if it was not, and answered."""
    assert COMMAND.recall(BOARD.ref, seen(COMMAND)) == More((BOARD.ref,))
    assert COMMAND.recall(BOARD.ref, seen(COMMAND, BOARD, more=(BOARD.ref,))) == BOARD
