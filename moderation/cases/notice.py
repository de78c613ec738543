"""Notices: somebody says that content is illegal or against the terms (DSA Art. 16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from moderation.detection.taxonomy import Category
from moderation.ids import AppealId, CaseId, MemberId, NoticeId, PostId
from moderation.records import Kind, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifier:
    """Who filed a notice, as told; personal data, never in the log."""

    name: str
    email: str
    type: Literal["individual", "entity", "trusted_flagger", "authority"] = "individual"
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeItem:
    """One place the notice is about. `case_id` is None where nothing of ours is at that place."""

    url: str | None = None
    post_id: PostId | None = None
    excerpt: str | None = None
    case_id: CaseId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as received. Its outcome is read from the cases of its items, never copied.

    `self_interested` marks a notice by one of the company's own people.
    """

    id: NoticeId
    items: tuple[NoticeItem, ...]
    reasons: str
    received_at: datetime
    kind: Literal["illegal", "terms"] = "illegal"
    category: Category = Category.UNSPEC
    notifier: Notifier | None = None
    good_faith: bool = False
    language: str = "und"
    member_id: MemberId | None = None
    appeals: tuple[AppealId, ...] = ()
    self_interested: bool = False

    @staticmethod
    def at(notice_id: str) -> Ref["Notice"]:
        """The address of the notice with this id."""
        return Ref(Kind.NOTICE, notice_id)

    @property
    def ref(self) -> Ref["Notice"]:
        """The record's own address."""
        return Notice.at(self.id)
