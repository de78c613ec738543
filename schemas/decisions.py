"""Decisions and approvals on the wire."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.grounds import Ground, GroundView
from schemas.identifiers import Territory, Ulid
from schemas.instant import Instant
from schemas.strict import Request, Response
from schemas.text import Line, Reasons
from schemas.vocabulary import Category, DecisionState, Outcome, RestrictionKind

SPANS_MOST = 100
TERRITORIES_MOST = 50

Position = Annotated[int, Field(ge=0, le=10_000)]


class SpanModel(Request):
    """A stretch of the post's body in code points, end exclusive."""

    start: Position
    end: Position

    @model_validator(mode="after")
    def is_stretch(self) -> Self:
        """`start` lies before `end`."""
        if self.start >= self.end:
            raise PydanticCustomError("span", "start must lie before end")
        return self


class NewMeasure(Request):
    """How content is restricted or redacted."""

    kind: RestrictionKind
    spans: Annotated[list[SpanModel], Field(max_length=SPANS_MOST, default_factory=list)]
    territory: Annotated[list[Territory], Field(max_length=TERRITORIES_MOST, default_factory=list)]
    until: Instant | None = None


class NewMemberMeasure(Request):
    """What happens to the author."""

    kind: Literal["warn", "suspend"]
    until: Instant | None = None


class ReferralMade(Request):
    """A threat to life was reported (DSA Art. 18)."""

    made: Literal[True]
    authority: Line
    at: Instant
    reference: Line


class ReferralNotMade(Request):
    """Why a threat to life was not reported."""

    made: Literal[False]
    why: Reasons


Referral = Annotated[ReferralMade | ReferralNotMade, Field(discriminator="made")]


class NewDecision(Request):
    """A decision on one revision of a post."""

    revision: Annotated[int, Field(ge=1)]
    outcome: Outcome
    category: Category
    facts: Reasons
    about_operator: bool
    ground: Ground | None = None
    measure: NewMeasure | None = None
    member_measure: NewMemberMeasure | None = None
    referral: Referral | None = None


class NewApproval(Request):
    """The second person's answer."""

    approve: bool
    reason: Reasons


class NewEscalation(Request):
    """Why a case goes to the higher queue."""

    reason: Reasons


class LookedAt(Request):
    """A case, and the revision of its content that was looked at."""

    id: Ulid
    revision: Annotated[int, Field(ge=1)]


class NewClosing(Request):
    """Cases to close at once, and why."""

    cases: Annotated[list[LookedAt], Field(min_length=1, max_length=20)]
    reason: Reasons


class DecisionReceipt(Response):
    """What a decision came to."""

    id: str
    case_id: str
    state: DecisionState
    outcome: Outcome
    statement_id: str | None = None


class SpanView(Response):
    """A stretch of text in code points, end exclusive."""

    start: int
    end: int


class MeasureView(Response):
    """How content is restricted or redacted."""

    kind: RestrictionKind
    spans: list[SpanView]
    territory: list[str]
    until: Instant | None


class MemberMeasureView(Response):
    """What happens to the author."""

    kind: Literal["warn", "suspend"]
    until: Instant | None


class ReferralView(Response):
    """Whether a threat to life was reported, to whom, or why not."""

    made: bool
    authority: str | None
    at: Instant | None
    reference: str | None
    why: str | None


class DecisionView(DecisionReceipt):
    """A decision as the staff side sees it on its case."""

    revision: int
    category: Category
    facts: str
    about_operator: bool
    ground: GroundView | None
    measure: MeasureView | None
    member_measure: MemberMeasureView | None
    referral: ReferralView | None
    decided_by: str
    decided_at: Instant
    approved_by: str | None
    approved_at: Instant | None
    approval_reason: str | None
