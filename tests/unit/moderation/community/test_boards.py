"""Boards are opened once a slug."""

from dataclasses import replace

import pytest

from moderation.audit.actions import Action
from moderation.change import Act, Change, More
from moderation.community.answer_target import AnswerTarget
from moderation.community.board import Board
from moderation.community.boards import CreateBoard, SetAnswerTarget
from moderation.errors import Conflict, Stale
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


TARGET = AnswerTarget(minutes=240)
SET = SetAnswerTarget(actor=ADMIN, slug=BOARD.slug, target=TARGET, expected=1)


def test_a_target_is_set_with_its_entry() -> None:
    """The board counts on, so that another admin who saw the old one is refused."""
    changed = replace(BOARD, answer_target=TARGET, revision=2)

    assert SET.decide(seen(SET, BOARD), context()) == Change(
        answer=changed,
        puts=(changed,),
        acts=(Act(BOARD.ref, Action.BOARD_UPDATE, ADMIN, reason="request"),),
        reference=BOARD.ref,
    )
    with pytest.raises(Stale) as refusal:
        SET.decide(seen(SET, changed), context())
    assert refusal.value.data == {"revision": 2}


def test_the_same_target_again_is_no_act() -> None:
    """Nothing is written, and nothing is logged."""
    same = replace(SET, target=None)

    assert same.decide(seen(same, BOARD), context()) == Change(answer=BOARD, reference=BOARD.ref)
    assert SET.recall(BOARD.ref, seen(SET, BOARD)) == BOARD


def test_a_board_may_be_opened_with_a_target() -> None:
    """One act, not two."""
    change = replace(COMMAND, answer_target=TARGET).decide(seen(COMMAND), context())

    assert (TARGET, 1, 1) == (
        change.answer.answer_target,
        change.answer.revision,
        len(change.acts),
    )
