"""Seen records and the request for more of them."""

from datetime import UTC, datetime

import pytest

from moderation.change import More, Seen
from moderation.community.board import Board
from moderation.errors import NotFound
from moderation.ids import BoardSlug

BOARD = Board(slug=BoardSlug("hilfe"), title="Hilfe", created_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_what_was_seen_is_given_and_what_is_missing_is_not_found() -> None:
    """`get` gives None for an absent record, `need` refuses."""
    seen = Seen({BOARD.ref: BOARD, Board.at("none"): None})

    assert BOARD == seen.need(Board.at("hilfe"))
    assert seen.get(Board.at("none")) is None
    with pytest.raises(NotFound, match="no such board"):
        seen.need(Board.at("none"))


def test_what_was_never_read_is_a_mistake_in_the_command() -> None:
    """A command that looks at what it did not ask for fails loudly."""
    with pytest.raises(KeyError):
        Seen({}).get(Board.at("hilfe"))


def test_more_asks_only_for_what_is_missing() -> None:
    """Nothing is read twice, and nothing is asked for when all is there."""
    seen = Seen({BOARD.ref: BOARD})

    assert More((Board.at("b"),)) == More.unless_seen(seen, [BOARD.ref, Board.at("b")])
    assert More.unless_seen(seen, [BOARD.ref]) is None
