"""Cases: one open question about one post, with its clock, its evidence and who works on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from moderation.cases.decision import Decision
from moderation.community.post import Post
from moderation.detection.signal import Signal, Span
from moderation.detection.taxonomy import Category, Severity
from moderation.ids import CaseId, MemberId, NoticeId, PostId, StatementId
from moderation.records import Kind, Ref


class CaseState(StrEnum):
    """open → awaiting_approval → decided; closed where it ended without a decision."""

    OPEN = "open"
    AWAITING_APPROVAL = "awaiting_approval"
    DECIDED = "decided"
    CLOSED = "closed"


class Opener(StrEnum):
    """What opened a case; decides `source` and `automated_detection` of a statement."""

    RULE = "rule"
    SCORE = "score"
    NOTICE = "notice"
    MODERATOR = "moderator"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One limit. `kind` keeps what the law numbers apart from what the operator set itself."""

    rule: str
    source: str
    kind: Literal["law", "product"]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A lease: nobody else may decide before `until`."""

    by: MemberId
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An automatic hold in force: its statement, and when it lapses and into what.

    `replaced` is the statement that stood on the post before, and does again once the hold ends.
    """

    statement_id: StatementId
    lapses_at: datetime
    lapses_to: Literal["published", "escalated"]
    replaced: StatementId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One revision of a post's words, frozen."""

    revision: int
    body: str
    title: str | None = None
    language: str = "und"
    sealed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLink:
    """That a notice is about this case (kept on the case for the first 20, beside it for all)."""

    case_id: CaseId
    notice_id: NoticeId
    received_at: datetime
    category: Category

    @staticmethod
    def at(case_id: str, notice_id: str) -> Ref["NoticeLink"]:
        """The address of the link between a case and a notice."""
        return Ref(Kind.CASE, case_id, f"NOTICE#{notice_id}")

    @property
    def ref(self) -> Ref["NoticeLink"]:
        """The record's own address."""
        return NoticeLink.at(self.case_id, self.notice_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a case's history as people see it (the proof is in the audit log)."""

    at: datetime
    action: str
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case.

    `post` is the post as it is now: every write to a guarded post writes its case in the same
    transaction, so that a decision needs no further read. `frozen` is the revision the case was
    opened about, kept once the post has moved on from it. `knowledge_at` is when the operator came
    to know (DSA Art. 6, 16(3)): a detector's hit alone is no knowledge. `excluded` may not decide.
    `measure_ends_at` is when a restriction that was decided ends by itself.
    """

    id: CaseId
    post: Post
    category: Category
    severity: Severity
    queue: str
    opened_by: Opener
    created_at: datetime
    due_at: datetime
    state: CaseState = CaseState.OPEN
    frozen: Content | None = None
    signals: tuple[Signal, ...] = ()
    notices: tuple[NoticeLink, ...] = ()
    notice_count: int = 0
    knowledge_at: datetime | None = None
    legal_due_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()
    claim: Claim | None = None
    hold: Hold | None = None
    measure_ends_at: datetime | None = None
    decision: Decision | None = None
    about_operator: bool = False
    escalated: bool = False
    excluded: tuple[MemberId, ...] = ()
    history: tuple[Event, ...] = ()

    @staticmethod
    def at(case_id: str) -> Ref["Case"]:
        """The address of the case with this id."""
        return Ref(Kind.CASE, case_id)

    @property
    def ref(self) -> Ref["Case"]:
        """The record's own address."""
        return Case.at(self.id)

    @property
    def lapses_at(self) -> datetime | None:
        """When the clock has something to end: a hold, or a restriction decided for a time."""
        return self.measure_ends_at if self.hold is None else self.hold.lapses_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """That a post has an open case, and which: put if absent, deleted by the decision."""

    post_id: PostId
    case_id: CaseId

    @staticmethod
    def at(post_id: str) -> Ref["Guard"]:
        """The address of the guard of a post."""
        return Ref(Kind.POST, post_id, "OPENCASE")

    @property
    def ref(self) -> Ref["Guard"]:
        """The record's own address."""
        return Guard.at(self.post_id)
