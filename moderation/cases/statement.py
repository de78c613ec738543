"""Statements of reasons: what the author is told about a restriction (DSA Art. 17(3))."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderation.cases.decision import Ground
from moderation.community.post import RestrictionKind
from moderation.detection.taxonomy import Category
from moderation.ids import (
    AppealId,
    CaseId,
    DecisionId,
    EntryId,
    MemberId,
    PostId,
    StatementId,
)
from moderation.records import Kind, Ref

Source = Literal["notice", "own_initiative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redress:
    """One way to object that really exists. `until` None: no end is set."""

    kind: Literal["internal_complaint", "out_of_court", "court", "authority"]
    text: str
    url: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement as issued; never changed afterwards but for the link to its appeal.

    `decision_id` None: an automatic hold. `decided_by` and `approved_by` may not hear an appeal.
    `text` is what the addressee reads, in `language`.
    """

    id: StatementId
    post_id: PostId
    case_id: CaseId
    addressee: MemberId
    category: Category
    restriction: RestrictionKind
    facts: str
    source: Source
    ground: Ground
    text: str
    entry_id: EntryId
    issued_at: datetime
    decision_id: DecisionId | None = None
    scope: tuple[str, ...] = ()
    until: datetime | None = None
    automated_detection: bool = False
    automated_decision: bool = False
    redress: tuple[Redress, ...] = ()
    language: str = "de"
    decided_by: MemberId | None = None
    approved_by: MemberId | None = None
    appeal_id: AppealId | None = None

    @staticmethod
    def at(statement_id: str) -> Ref["Statement"]:
        """The address of the statement with this id."""
        return Ref(Kind.STATEMENT, statement_id)

    @property
    def ref(self) -> Ref["Statement"]:
        """The record's own address."""
        return Statement.at(self.id)
