"""Notices on the wire (DSA Art. 16)."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from schemas.identifiers import LanguageTag, Ulid
from schemas.instant import Instant
from schemas.log import ReceiptView
from schemas.strict import Request, Response
from schemas.text import Email, Excerpt, Name, Reasons, Url
from schemas.vocabulary import Category, NoticeKind, NoticeState, NotifierType, Outcome

ITEMS_MOST = 10
SECRET_CHARACTERS = 128


class NewNoticeItem(Request):
    """One place the notice is about, by id or by address."""

    post_id: Ulid | None = None
    url: Url | None = None
    excerpt: Excerpt | None = None

    @model_validator(mode="after")
    def names_one_place(self) -> Self:
        """Exactly one of `post_id` and `url`."""
        if (self.post_id is None) == (self.url is None):
            raise PydanticCustomError("one_place", "needs exactly one of post_id and url")
        return self


class NewNotifier(Request):
    """Who files the notice, as told."""

    name: Name
    email: Email
    type: NotifierType = "individual"
    on_behalf_of: Name | None = None


class NewNotice(Request):
    """A notice. `notifier` may be null; nobody has to know the category."""

    kind: NoticeKind = "illegal"
    items: Annotated[list[NewNoticeItem], Field(min_length=1, max_length=ITEMS_MOST)]
    reasons: Reasons
    category: Category = "UNSPEC"
    notifier: NewNotifier | None = None
    good_faith: bool = False
    language: LanguageTag = "und"

    @model_validator(mode="after")
    def in_good_faith(self) -> Self:
        """A notice of illegal content states good faith (DSA Art. 16(2)(d))."""
        if self.kind == "illegal" and not self.good_faith:
            raise PydanticCustomError("good_faith", "good_faith must be true for illegal content")
        return self


class ReceiptItem(Response):
    """One place as it was received; says nothing about what is there."""

    post_id: str | None
    url: str | None
    excerpt: str | None


class NoticeReceipt(Response):
    """The receipt (DSA Art. 16(4)); `secret` opens `GET /v1/notices/{id}` and the appeal.

    `receipt` is the promise that the notice is in the audit log; where it is null, it is had later
    from `GET /v1/notices/{id}`.
    """

    id: str
    secret: str
    received_at: Instant
    items: list[ReceiptItem]
    follows: str
    receipt: ReceiptView | None


class NoticeItemView(Response):
    """What became of one place; `outcome` once decided, `reversed` where that was taken back."""

    post_id: str | None
    url: str | None
    state: NoticeState
    outcome: Outcome | None
    reversed: bool
    decided_at: Instant | None


class NoticeView(Response):
    """A notice as its notifier sees it."""

    id: str
    kind: NoticeKind
    state: NoticeState
    received_at: Instant
    items: list[NoticeItemView]
    appeals: list[str]
    receipt: ReceiptView | None


NoticeSecret = Annotated[
    str, StringConstraints(min_length=1, max_length=SECRET_CHARACTERS, pattern=r"^[\x21-\x7e]+$")
]
