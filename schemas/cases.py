"""Cases on the wire: for moderators only."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from schemas.decisions import DecisionView, SpanView
from schemas.instant import Instant
from schemas.page import ListQuery
from schemas.posts import AuthorView
from schemas.strict import Response
from schemas.vocabulary import CaseState, Category, NoticeKind, Opener, PostState, Severity

QueueName = Annotated[
    str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_-]*$")
]


class CaseQuery(ListQuery):
    """Which cases; all queues where none is named."""

    state: CaseState = "open"
    queue: QueueName | None = None


class SubjectView(Response):
    """What the case is about; `revision` is the one to be judged now."""

    kind: Literal["post"]
    id: str
    revision: int


class WordsView(Response):
    """The words of one revision."""

    revision: int
    title: str | None
    body: str
    language: str


class ContentView(Response):
    """The post as the case was opened about it, and as it is now."""

    frozen: WordsView
    current: WordsView
    state: PostState
    author: AuthorView
    thread_id: str
    board: str


class SignalView(Response):
    """One reason that a detector gave."""

    detector: str
    version: str
    category: Category
    score_ppm: int
    span: SpanView | None
    excerpt: str
    explanation: str
    rule: str
    advisory: bool


class CaseNoticeView(Response):
    """A notice about the case; its words where the single case is read."""

    id: str
    received_at: Instant
    category: Category
    kind: NoticeKind | None = None
    reasons: str | None = None
    excerpts: list[str] | None = None
    language: str | None = None
    anonymous: bool | None = None
    self_interested: bool | None = None


class ClockView(Response):
    """One limit; `law` where the law sets the number, `product` where the operator did."""

    rule: str
    source: str
    kind: Literal["law", "product"]
    due_at: Instant


class ClaimView(Response):
    """Who works on it, and until when nobody else may decide."""

    by: str
    until: Instant


class HoldView(Response):
    """An automatic hold: its statement, when it lapses, and into what."""

    statement_id: str
    lapses_at: Instant
    lapses_to: Literal["published", "escalated"]


class EventView(Response):
    """One line of the history."""

    at: Instant
    action: str
    by: str
    note: str


class CaseView(Response):
    """A case. `scoring` says what reads posts beside the rules, and whether this one was read."""

    id: str
    state: CaseState
    queue: str
    category: Category
    severity: Severity
    subject: SubjectView
    content: ContentView
    signals: list[SignalView]
    scoring: str
    notices: list[CaseNoticeView]
    notice_count: int
    opened_by: Opener
    about_operator: bool
    escalated: bool
    knowledge_at: Instant | None
    due_at: Instant
    legal_due_at: Instant | None
    clocks: list[ClockView]
    claim: ClaimView | None
    hold: HoldView | None
    decision: DecisionView | None
    history: list[EventView]
    created_at: Instant


class CasePage(Response):
    """A page of cases, the gravest first."""

    items: list[CaseView]
    next: str | None
