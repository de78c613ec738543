"""Everything a person left here, list after list: a cursor names the list and the place in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from functions.api.endpoint import Call
from functions.api.presenters.members import member_view, notification_view
from functions.api.presenters.own_entries import own_entries
from functions.api.presenters.posts import post_view, revision_view
from functions.api.presenters.statements import statement_view
from moderation.audit.pseudonym import pseudonym, year_key
from moderation.cases.appeal import Appeal
from moderation.cases.message import InboxItem
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.cases.statements import reasons_heard
from moderation.community.member import Member
from moderation.community.post import Post, Revision
from moderation.compliance.entry_list import EntryFilter
from moderation.ports import Page
from moderation.records import Ref
from schemas.notices import ReceiptItem
from schemas.own_data import OwnAppealView, OwnDataItem, OwnEntryView, OwnNoticeView

ENTRIES_MOST = 100
"""How many of the log's rows on one thing are shown: the latest."""

type Fetch = Callable[[int, str | None], Page[Any]]


@dataclass(frozen=True, slots=True)
class OwnData:
    """What is kept of the caller."""

    call: Call

    def page(self, limit: int, at: str | None) -> Page[OwnDataItem]:
        """A page; it ends where one of the lists does, and a later one goes on behind it."""
        number, _, place = (at or "0|").partition("|")
        fetch, view = self._lists()[int(number)]
        page = fetch(limit, place or None)
        following = None
        if page.next is not None:
            following = f"{number}|{page.next}"
        elif int(number) + 1 < len(self._lists()):
            following = f"{int(number) + 1}|"
        return Page(tuple(map(view, page.items)), following)

    def _lists(self) -> tuple[tuple[Fetch, Callable[[Any], OwnDataItem]], ...]:
        lists, me = self.call.parts.lists, self.call.member.id
        return (
            (lambda _limit, _at: self._self(), self._member),
            (lambda limit, at: lists.posts_by(me, limit, at), self._post),
            (lambda limit, at: lists.statements(me, limit, at), self._statement),
            (lambda limit, at: lists.notices_by(me, limit, at), self._notice),
            (lambda limit, at: lists.inbox(me, limit, at), self._notification),
        )

    def _self(self) -> Page[Member | None]:
        ref = Member.at(self.call.member.id)
        return Page((self.call.parts.units.read(ref).get(ref),), None)

    def _member(self, member: Member | None) -> OwnDataItem:
        view = member_view(self.call.member, member, self.call.parts.now())
        return _item("member", member=view, entries=self._entries(Member.at(self.call.member.id)))

    def _post(self, post: Post) -> OwnDataItem:
        refs = [Revision.at(post.id, number) for number in range(1, post.revision)]
        seen = self.call.parts.units.read(*refs[-ENTRIES_MOST:]).records if refs else {}
        return _item(
            "post",
            post=post_view(post, self.call.actor, self.call.parts),
            revisions=[revision_view(each) for each in seen.values() if isinstance(each, Revision)],
            entries=self._entries(post.ref),
        )

    def _statement(self, statement: Statement) -> OwnDataItem:
        appeal = None
        if statement.appeal_id is not None:
            ref = Appeal.at(statement.appeal_id)
            appeal = _appeal(self.call.parts.units.read(ref).need(ref), statement)
        return _item(
            "statement",
            statement=statement_view(statement),
            appeal=appeal,
            entries=self._entries(statement.ref),
        )

    def _notice(self, notice: Notice) -> OwnDataItem:
        return _item("notice", notice=_notice(notice), entries=self._entries(notice.ref))

    def _notification(self, item: InboxItem) -> OwnDataItem:
        return _item("notification", notification=notification_view(item))

    def _entries(self, subject: Ref[Any]) -> list[OwnEntryView]:
        wanted = EntryFilter(subject=subject.subject)
        page = self.call.parts.audit.entries(wanted, ENTRIES_MOST, None)
        return own_entries(page.items, self._is_me)

    def _is_me(self, year: int, name: str) -> bool:
        key = year_key(self.call.parts.keyring.root, year)
        return pseudonym(key, self.call.member.id) == name


def _item(kind: str, **said: Any) -> OwnDataItem:
    blank: dict[str, Any] = dict.fromkeys(OwnDataItem.model_fields)
    return OwnDataItem.model_validate(
        {**blank, "revisions": [], "entries": [], "kind": kind} | said
    )


def _appeal(appeal: Appeal, statement: Statement) -> OwnAppealView:
    return OwnAppealView(
        id=appeal.id,
        reasons=appeal.reasons,
        created_at=appeal.created_at,
        outcome=appeal.outcome,
        outcome_reasons=reasons_heard(appeal, statement),
    )


def _notice(notice: Notice) -> OwnNoticeView:
    notifier = notice.notifier
    return OwnNoticeView(
        id=notice.id,
        received_at=notice.received_at,
        category=notice.category.value,
        reasons=notice.reasons,
        name=None if notifier is None else notifier.name,
        email=None if notifier is None else notifier.email,
        items=[
            ReceiptItem(post_id=item.post_id, url=item.url, excerpt=item.excerpt)
            for item in notice.items
        ],
    )
