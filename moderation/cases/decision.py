"""Decisions: what was decided about which revision, on which ground, by whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from moderation.community.post import PostState, Restriction, RestrictionKind
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category
from moderation.ids import CaseId, DecisionId, MemberId, StatementId
from moderation.records import Kind, Ref


class Outcome(StrEnum):
    """What a decision does with the post."""

    KEEP = "keep"
    REMOVE = "remove"
    RESTRICT = "restrict"
    REDACT = "redact"


class DecisionState(StrEnum):
    """Whether a decision has effect, waits for a second person, or has been undone."""

    EFFECTIVE = "effective"
    AWAITING_APPROVAL = "awaiting_approval"
    REJECTED = "rejected"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IllegalGround:
    """A norm and why the content breaks it (DSA Art. 17(3)(d))."""

    norm: str
    explanation: str
    kind: Literal["illegal"] = "illegal"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsGround:
    """A clause of the terms at a version and why the content breaks it (DSA Art. 17(3)(e))."""

    clause: str
    version: str
    explanation: str
    kind: Literal["terms"] = "terms"


Ground = IllegalGround | TermsGround


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How content is restricted or redacted."""

    kind: RestrictionKind
    spans: tuple[Span, ...] = ()
    territory: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMeasure:
    """What happens to the author: a warning, or a suspension with or without an end."""

    kind: Literal["warn", "suspend"]
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """Whether a threat to life was reported (DSA Art. 18), to whom, or why not."""

    made: bool
    authority: str | None = None
    at: datetime | None = None
    reference: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostBefore:
    """What a reversal restores."""

    state: PostState
    restrictions: tuple[Restriction, ...] = ()
    statement_id: StatementId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision on one revision of a post.

    Kept on its case. A proposal that the second person rejected moves to its own record, so that
    the case can be decided again and nothing is lost.
    """

    id: DecisionId
    case_id: CaseId
    revision: int
    outcome: Outcome
    category: Category
    facts: str
    decided_by: MemberId
    decided_at: datetime
    before: PostBefore
    state: DecisionState = DecisionState.EFFECTIVE
    about_operator: bool = False
    unit: str | None = None
    ground: Ground | None = None
    measure: Measure | None = None
    member_measure: MemberMeasure | None = None
    referral: Referral | None = None
    statement_id: StatementId | None = None
    approved_by: MemberId | None = None
    approval_reason: str | None = None
    approved_at: datetime | None = None

    @staticmethod
    def at(case_id: str, decision_id: str) -> Ref["Decision"]:
        """The address of a rejected proposal."""
        return Ref(Kind.CASE, case_id, f"DECISION#{decision_id}")

    @property
    def ref(self) -> Ref["Decision"]:
        """The record's own address."""
        return Decision.at(self.case_id, self.id)
