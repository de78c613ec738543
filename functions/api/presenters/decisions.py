"""Decisions on the way out."""

from functions.api.presenters.grounds import ground_view
from moderation.cases.decision import Decision, Measure, MemberMeasure, Referral
from schemas.decisions import (
    DecisionReceipt,
    DecisionView,
    MeasureView,
    MemberMeasureView,
    ReferralView,
    SpanView,
)


def decision_receipt(decision: Decision) -> DecisionReceipt:
    """What a decision came to; `statement_id` where one was issued."""
    return DecisionReceipt.model_validate(_receipt(decision))


def decision_view(decision: Decision) -> DecisionView:
    """A decision with all that it rests on, for the staff side."""
    return DecisionView.model_validate(
        {
            **_receipt(decision),
            "revision": decision.revision,
            "category": decision.category.value,
            "facts": decision.facts,
            "about_operator": decision.about_operator,
            "ground": ground_view(decision.ground) if decision.ground else None,
            "measure": _measure(decision.measure) if decision.measure else None,
            "member_measure": _member(decision.member_measure) if decision.member_measure else None,
            "referral": _referral(decision.referral) if decision.referral else None,
            "decided_by": decision.decided_by,
            "decided_at": decision.decided_at,
            "approved_by": decision.approved_by,
            "approved_at": decision.approved_at,
            "approval_reason": decision.approval_reason,
        }
    )


def _receipt(decision: Decision) -> dict[str, object]:
    said: dict[str, object] = {
        "id": decision.id,
        "case_id": decision.case_id,
        "state": decision.state.value,
        "outcome": decision.outcome.value,
    }
    if decision.statement_id is not None:
        said["statement_id"] = decision.statement_id
    return said


def _measure(measure: Measure) -> MeasureView:
    return MeasureView(
        kind=measure.kind.value,
        spans=[SpanView(start=span.start, end=span.end) for span in measure.spans],
        territory=list(measure.territory),
        until=measure.until,
    )


def _member(measure: MemberMeasure) -> MemberMeasureView:
    return MemberMeasureView(kind=measure.kind, until=measure.until)


def _referral(referral: Referral) -> ReferralView:
    return ReferralView(
        made=referral.made,
        authority=referral.authority,
        at=referral.at,
        reference=referral.reference,
        why=referral.why,
    )
