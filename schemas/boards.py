"""Boards on the wire."""

from schemas.identifiers import Slug
from schemas.instant import Instant
from schemas.strict import Request, Response
from schemas.text import Description, Title, Unit
from schemas.vocabulary import Visibility


class NewBoard(Request):
    """A board to open; `unit` is the company unit it is about."""

    slug: Slug
    title: Title
    description: Description = ""
    unit: Unit | None = None
    visibility: Visibility = "public"


class BoardView(Response):
    """A board."""

    slug: str
    title: str
    description: str
    unit: str | None
    visibility: Visibility
    created_at: Instant


class BoardPage(Response):
    """A page of boards."""

    items: list[BoardView]
    next: str | None
