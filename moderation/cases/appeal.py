"""Appeals: an author's or a notifier's objection, decided by somebody new (DSA Art. 20)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderation.ids import AppealId, CaseId, MemberId, NoticeId, PostId, StatementId
from moderation.records import Kind, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An appeal; exactly one of `statement_id` and `notice_id` is set.

    `excluded` had a part in the decision and may not hear it.
    """

    id: AppealId
    case_id: CaseId
    post_id: PostId
    reasons: str
    created_at: datetime
    due_at: datetime
    statement_id: StatementId | None = None
    notice_id: NoticeId | None = None
    appellant: MemberId | None = None
    excluded: tuple[MemberId, ...] = ()
    state: Literal["open", "decided"] = "open"
    outcome: Literal["upheld", "reversed"] | None = None
    outcome_reasons: str | None = None
    decided_by: MemberId | None = None
    decided_at: datetime | None = None

    @staticmethod
    def at(appeal_id: str) -> Ref["Appeal"]:
        """The address of the appeal with this id."""
        return Ref(Kind.APPEAL, appeal_id)

    @property
    def ref(self) -> Ref["Appeal"]:
        """The record's own address."""
        return Appeal.at(self.id)
