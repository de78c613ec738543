"""`moderation.ports.Lists`: every list is one Query, and page 1 costs what page 1,000 costs."""

from dataclasses import dataclass
from typing import Literal

from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, CaseState, NoticeLink
from moderation.cases.message import InboxItem
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.community.board import Board
from moderation.community.member import Member
from moderation.community.post import Post
from moderation.community.thread import ThreadRow
from moderation.community.waiting import AnswerState
from moderation.compliance.disclosure import Disclosure
from moderation.compliance.legal_hold import LegalHold
from moderation.ports import Page
from moderation.rulesets.edition import Edition
from moderation.stores import keys
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import key_of
from moderation.stores.kinds import Storable
from moderation.stores.query import Slice, fetch, key_in
from moderation.stores.stored import record_in


@dataclass(frozen=True, slots=True)
class TableLists:
    """The lists over the sparse indexes; notices and inbox over their subject's own partition."""

    forum: type[ForumItem]

    def boards(self, limit: int, after: str | None) -> Page[Board]:
        """All boards by slug."""
        return self._page(Board, Slice(partition=keys.BOARDS, index="list"), limit, after)

    def rulesets(self, limit: int, after: str | None) -> Page[Edition]:
        """All rule sets, newest first."""
        wanted = Slice(partition=keys.RULESETS, index="list", descending=True)
        return self._page(Edition, wanted, limit, after)

    def threads(self, board: str, limit: int, after: str | None) -> Page[ThreadRow]:
        """The open threads of a board, newest activity first."""
        wanted = Slice(partition=keys.threads_of(board), index="list", descending=True)
        return self._page(ThreadRow, wanted, limit, after)

    def waiting(self, board: str, limit: int, after: str | None) -> Page[AnswerState]:
        """The open threads of a board in which somebody waits for an answer, longest first."""
        wanted = Slice(partition=keys.waiting_on(board), index="owner")
        return self._page(AnswerState, wanted, limit, after)

    def answered(self, board: str, limit: int, after: str | None) -> Page[AnswerState]:
        """The open threads of a board that had an answer, the latest first answer first."""
        wanted = Slice(partition=keys.answered_on(board), index="list", descending=True)
        return self._page(AnswerState, wanted, limit, after)

    def posts(self, thread_id: str, limit: int, after: str | None) -> Page[Post]:
        """The published posts of a thread, oldest first."""
        wanted = Slice(partition=keys.posts_in(thread_id), index="list")
        return self._page(Post, wanted, limit, after)

    def posts_by(self, member_id: str, limit: int, after: str | None) -> Page[Post]:
        """A member's posts in every state, newest first."""
        wanted = Slice(partition=keys.posts_of(member_id), index="owner", descending=True)
        return self._page(Post, wanted, limit, after)

    def cases(
        self, state: CaseState, queue: str | None, limit: int, after: str | None
    ) -> Page[Case]:
        """Cases of a state: the S4 lane first, then by severity, then by `due_at`."""
        index: Literal["list", "owner"] = "list" if queue is None else "owner"
        wanted = Slice(partition=keys.cases_in(state, queue), index=index)
        return self._page(Case, wanted, limit, after)

    def statements(self, member_id: str, limit: int, after: str | None) -> Page[Statement]:
        """The statements issued to a member, newest first."""
        wanted = Slice(partition=keys.statements_to(member_id), index="owner", descending=True)
        return self._page(Statement, wanted, limit, after)

    def appeals(
        self, state: Literal["open", "decided"], limit: int, after: str | None
    ) -> Page[Appeal]:
        """Appeals of a state by `due_at`."""
        wanted = Slice(partition=keys.appeals_in(state), index="list")
        return self._page(Appeal, wanted, limit, after)

    def notices_of(self, case_id: str, limit: int, after: str | None) -> Page[NoticeLink]:
        """Every notice about a case, oldest first."""
        wanted = Slice(partition=key_of(Case.at(case_id)).pk, prefix=keys.NOTICES)
        return self._page(NoticeLink, wanted, limit, after)

    def notices_by(self, member_id: str, limit: int, after: str | None) -> Page[Notice]:
        """The notices a member filed, newest first."""
        wanted = Slice(partition=keys.notices_of(member_id), index="owner", descending=True)
        return self._page(Notice, wanted, limit, after)

    def holds(self, limit: int, after: str | None) -> Page[LegalHold]:
        """Legal holds in force, by their review."""
        return self._page(LegalHold, Slice(partition=keys.HOLDS, index="list"), limit, after)

    def released_holds(self, limit: int, after: str | None) -> Page[LegalHold]:
        """Legal holds that were released and still say in which matter, by their review."""
        wanted = Slice(partition=keys.HOLDS_RELEASED, index="list")
        return self._page(LegalHold, wanted, limit, after)

    def disclosures(self, limit: int, after: str | None) -> Page[Disclosure]:
        """Disclosures of a person that still say why, by the time they were asked for."""
        wanted = Slice(partition=keys.DISCLOSURES, index="list")
        return self._page(Disclosure, wanted, limit, after)

    def inbox(self, member_id: str, limit: int, after: str | None) -> Page[InboxItem]:
        """A member's notifications, newest first."""
        partition = key_of(Member.at(member_id)).pk
        wanted = Slice(partition=partition, prefix=keys.INBOX, descending=True)
        return self._page(InboxItem, wanted, limit, after)

    def _page[R: Storable](
        self, kind: type[R], wanted: Slice, limit: int, after: str | None
    ) -> Page[R]:
        items, position = fetch(self.forum, wanted, limit, after)
        records = (record_in(item["kind"]["S"], key_in(item), item["doc"]["S"]) for item in items)
        return Page(tuple(record for record in records if isinstance(record, kind)), position)
