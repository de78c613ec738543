"""Everything a person left here, as the person may have it (GDPR Art. 15)."""

from typing import Literal

from schemas.instant import Instant
from schemas.members import MemberView, NotificationView
from schemas.notices import ReceiptItem
from schemas.posts import PostView, RevisionView
from schemas.statements import StatementView
from schemas.strict import Response
from schemas.vocabulary import Category


class OwnAppealView(Response):
    """An appeal of the caller's, and what became of it."""

    id: str
    reasons: str
    created_at: Instant
    outcome: Literal["upheld", "reversed"] | None
    outcome_reasons: str | None


class OwnNoticeView(Response):
    """A notice of the caller's, with what they said of themselves."""

    id: str
    received_at: Instant
    category: Category
    reasons: str
    name: str | None
    email: str | None
    items: list[ReceiptItem]


class OwnEntryView(Response):
    """A row of the log: what was done to this thing, when and how, and by which leaf it is proved.

    Why stands in the statement of reasons, and no row has it, so that none says by saying less that
    there was something to keep silent of (DSA Art. 18). `by` is `you`, or a number that tells
    people apart within this thing and nowhere else. `index` is null until it is sequenced.
    """

    id: str
    index: int | None
    at: Instant
    action: str
    subject: str
    content: int | None
    via: Literal["api", "rule", "job"]
    by: str
    leaf: str


class OwnDataItem(Response):
    """One thing that is kept, all but one of the views null; `entries` are the log's rows on it."""

    kind: Literal["member", "post", "statement", "notice", "notification"]
    member: MemberView | None
    post: PostView | None
    revisions: list[RevisionView]
    statement: StatementView | None
    appeal: OwnAppealView | None
    notice: OwnNoticeView | None
    notification: NotificationView | None
    entries: list[OwnEntryView]


class OwnDataPage(Response):
    """A page of everything."""

    items: list[OwnDataItem]
    next: str | None
