"""Boards on the wire."""

from schemas.answers import AnswerTargetView, NewAnswerTarget
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
    answer_target: NewAnswerTarget | None = None


class BoardView(Response):
    """A board; `answer_target`, where it has one, for the company's own people alone."""

    slug: str
    title: str
    description: str
    unit: str | None
    visibility: Visibility
    created_at: Instant
    answer_target: AnswerTargetView | None = None


class BoardPage(Response):
    """A page of boards."""

    items: list[BoardView]
    next: str | None
