"""Appeals on the way out; who decides one is for the staff side alone."""

from moderation.cases.appeal import Appeal
from schemas.appeals import AppealView


def appeal_view(appeal: Appeal) -> AppealView:
    """The appeal."""
    return AppealView(
        id=appeal.id,
        case_id=appeal.case_id,
        post_id=appeal.post_id,
        statement_id=appeal.statement_id,
        notice_id=appeal.notice_id,
        reasons=appeal.reasons,
        state=appeal.state,
        outcome=appeal.outcome,
        outcome_reasons=appeal.outcome_reasons,
        created_at=appeal.created_at,
        due_at=appeal.due_at,
        decided_at=appeal.decided_at,
    )
