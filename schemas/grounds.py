"""Grounds of decisions: norms and clauses of the terms."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.strict import Request, Response
from schemas.text import Code, Reasons
from schemas.vocabulary import Category, Severity


class IllegalGround(Request):
    """The content breaks a norm (DSA Art. 17(3)(d))."""

    kind: Literal["illegal"]
    norm: Code
    explanation: Reasons


class TermsGround(Request):
    """The content breaks a clause of the terms at a version (DSA Art. 17(3)(e))."""

    kind: Literal["terms"]
    clause: Code
    version: Code
    explanation: Reasons


Ground = Annotated[IllegalGround | TermsGround, Field(discriminator="kind")]


class IllegalGroundView(Response):
    """A norm and why the content breaks it."""

    kind: Literal["illegal"]
    norm: str
    explanation: str


class TermsGroundView(Response):
    """A clause at a version and why the content breaks it."""

    kind: Literal["terms"]
    clause: str
    version: str
    explanation: str


GroundView = Annotated[IllegalGroundView | TermsGroundView, Field(discriminator="kind")]


class CategoryGrounds(Response):
    """What a category is called and which norms may be a decision's ground."""

    category: Category
    title: str
    title_de: str
    severity: Severity
    norms: list[str]


class ClauseView(Response):
    """One clause of the terms, by language."""

    id: str
    title: dict[str, str]
    text: dict[str, str]


class TermsView(Response):
    """The terms at the version in force."""

    version: str
    clauses: list[ClauseView]


class Grounds(Response):
    """Every ground that a decision may name."""

    taxonomy: str
    categories: list[CategoryGrounds]
    terms: TermsView
