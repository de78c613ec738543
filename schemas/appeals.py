"""Appeals on the wire (DSA Art. 20)."""

from schemas.instant import Instant
from schemas.page import ListQuery
from schemas.strict import Request, Response
from schemas.text import Reasons
from schemas.vocabulary import AppealOutcome, AppealState


class NewAppeal(Request):
    """Why the decision is wrong."""

    reasons: Reasons


class NewAppealDecision(Request):
    """What becomes of an appeal."""

    outcome: AppealOutcome
    reasons: Reasons


class AppealQuery(ListQuery):
    """Which appeals."""

    state: AppealState = "open"


class AppealView(Response):
    """An appeal; exactly one of `statement_id` and `notice_id` is set."""

    id: str
    case_id: str
    post_id: str
    statement_id: str | None
    notice_id: str | None
    reasons: str
    state: AppealState
    outcome: AppealOutcome | None
    outcome_reasons: str | None
    created_at: Instant
    due_at: Instant
    decided_at: Instant | None


class AppealPage(Response):
    """A page of appeals, by `due_at`."""

    items: list[AppealView]
    next: str | None
