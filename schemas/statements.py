"""Statements of reasons on the wire (DSA Art. 17(3))."""

from typing import Literal

from schemas.grounds import GroundView
from schemas.instant import Instant
from schemas.log import ReceiptView
from schemas.strict import Response
from schemas.vocabulary import RestrictionKind


class RedressView(Response):
    """One way to object that really exists."""

    kind: Literal["internal_complaint", "out_of_court", "court", "authority"]
    text: str
    url: str | None
    until: Instant | None


class StatementView(Response):
    """Why content was restricted; `decision_id` null for an automatic hold.

    `receipt` is the promise that the statement is in the audit log, where a single one is read.
    """

    id: str
    post_id: str
    decision_id: str | None
    restriction: RestrictionKind
    scope: list[str]
    until: Instant | None
    facts: str
    source: Literal["notice", "own_initiative"]
    automated_detection: bool
    automated_decision: bool
    ground: GroundView
    redress: list[RedressView]
    language: str
    text: str
    entry_id: str
    issued_at: Instant
    appeal_id: str | None
    receipt: ReceiptView | None = None


class StatementPage(Response):
    """A page of statements, newest first."""

    items: list[StatementView]
    next: str | None
