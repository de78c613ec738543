"""Boards: where threads live, who may read them, and which unit of the company they concern."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderation.community.answer_target import AnswerTarget
from moderation.detection.facts import BoardPolicy
from moderation.ids import BoardSlug
from moderation.records import Kind, Ref

Visibility = Literal["public", "members"]

USUAL = BoardPolicy()
"""The policy of a board that has none of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board; `unit` is the company unit it is about (None: the company as a whole).

    `policy` is how its posts are screened; the detection goes by the copy in `InForce`.
    `answer_target` is by when customers are to be answered (None: nobody is told of those who
    wait), and `revision` counts how often that was set.
    """

    slug: BoardSlug
    title: str
    created_at: datetime
    description: str = ""
    unit: str | None = None
    visibility: Visibility = "public"
    policy: BoardPolicy = USUAL
    answer_target: AnswerTarget | None = None
    revision: int = 1

    @staticmethod
    def at(slug: str) -> Ref["Board"]:
        """The address of the board with this slug."""
        return Ref(Kind.BOARD, slug)

    @property
    def ref(self) -> Ref["Board"]:
        """The record's own address."""
        return Board.at(self.slug)
