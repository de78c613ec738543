"""Boards: where threads live, who may read them, and which unit of the company they concern."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderation.ids import BoardSlug
from moderation.records import Kind, Ref

Visibility = Literal["public", "members"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board; `unit` is the company unit it is about (None: the company as a whole)."""

    slug: BoardSlug
    title: str
    created_at: datetime
    description: str = ""
    unit: str | None = None
    visibility: Visibility = "public"

    @staticmethod
    def at(slug: str) -> Ref["Board"]:
        """The address of the board with this slug."""
        return Ref(Kind.BOARD, slug)

    @property
    def ref(self) -> Ref["Board"]:
        """The record's own address."""
        return Board.at(self.slug)
