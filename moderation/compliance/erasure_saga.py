"""The walk of an erasure: over everything somebody left behind, as often as it takes.

What is erased leaves the lists it is found by, so a walk that a crash ended begins again and finds
less. It is done when a whole walk has found nothing to erase, long enough after the request that
every list shows what was written before it. What must be kept is hidden, named, and tried again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Any, Literal, Protocol

from moderation.actor import SYSTEM, Actor
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, CaseState, Guard, NoticeLink
from moderation.cases.decision import Decision
from moderation.cases.message import InboxItem
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.change import NO_RECORDS, UnitOfWork
from moderation.community.deleting import DeletePost
from moderation.community.member import Member
from moderation.community.post import Post, Revision
from moderation.community.thread import Thread, ThreadRow
from moderation.compliance.erasing import (
    PARTS_AT_ONCE,
    RUNNING,
    EraseParts,
    EraseSubject,
    ForgetExcerpt,
    MustBeKept,
)
from moderation.compliance.erasure import Erasure, Kept
from moderation.compliance.erasure_request import ConcludeErasure, RequestErasure, WaitForHold
from moderation.compliance.holdings import Holding, Holdings
from moderation.compliance.legal_hold import HoldMark, LegalHold
from moderation.ids import MemberId
from moderation.ports import Lists, every
from moderation.records import Kind, Ref

PAGE = 100
SETTLE = timedelta(seconds=5)
"""How long after the request the lists are sure to show what was written before it."""

LOOK_AGAIN = timedelta(days=1)


class Traces(Protocol):
    """What the table keeps of a caller beside records. Fails closed."""

    def forget(self, scope: str) -> int:
        """Delete the answered requests of a scope; return how many there were."""
        ...


class Shelf(Protocol):
    """The bundles and pinned records that hold personal data. Fails closed."""

    def clear(self) -> int:
        """Delete them all; return how many there were."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Eraser:
    """Carries erasures out. Several at once, and any crash, do no harm."""

    work: UnitOfWork
    holdings: Holdings
    lists: Lists
    traces: Traces
    shelf: Shelf
    now: Callable[[], datetime]

    def restart(self, target_id: str) -> None:
        """Have what was asked for once carried out anew, after a restore."""
        erasure = self.work.read(Erasure.at(target_id)).need(Erasure.at(target_id))
        again = RequestErasure(target=erasure.target, target_id=target_id, actor=SYSTEM, again=True)
        self.work.run(again)

    def walk(self, target_id: str) -> bool:
        """Walk once; answers whether another walk is needed now.."""
        erasure = self.work.read(Erasure.at(target_id)).get(Erasure.at(target_id))
        if erasure is None or erasure.state == "done":
            return False
        walk = _Walk(self, erasure)
        walk.target()
        settled = self.now() >= erasure.requested_at + SETTLE
        if not walk.kept and (walk.erased or not settled):
            return True
        conclusion = ConcludeErasure(
            target_id=target_id,
            kept=tuple(dict.fromkeys(walk.kept)),
            due_at=self.now() + LOOK_AGAIN,
        )
        self.work.run(conclusion)
        return False


@dataclass(slots=True)
class _Walk:
    """One walk of one erasure."""

    eraser: Eraser
    erasure: Erasure
    erased: int = 0
    kept: list[Kept] = field(default_factory=list)
    appealed: set[str] = field(default_factory=set)
    released: dict[str, list[Ref[LegalHold]]] = field(default_factory=dict)

    def target(self) -> None:
        """Everything of a member, or one notice."""
        lists = self.eraser.lists
        open_appeals = every(lambda at: lists.appeals("open", PAGE, at))
        self.appealed = {appeal.post_id for appeal in open_appeals}
        for hold in every(lambda at: lists.released_holds(PAGE, at)):
            for subject in hold.covers:
                self.released.setdefault(subject, []).append(hold.ref)
        if self.erasure.target == "notice":
            self._notice(Notice.at(self.erasure.id))
            self.erased += self.eraser.traces.forget(f"notice-{self.erasure.id}")
        else:
            self._member(self.erasure.id)
        self.erased += self.eraser.shelf.clear()

    def _member(self, member: str) -> None:
        lists = self.eraser.lists
        for asked in every(lambda at: lists.disclosures(PAGE, at)):
            if asked.about == member:
                self._said_of(asked.ref, self._forbidding(Member.at(member)))
        for case in self._cases(member):
            self._case(case)
        for statement in every(lambda at: lists.statements(member, PAGE, at)):
            self._statement(statement)
        for notice in every(lambda at: lists.notices_by(member, PAGE, at)):
            self._notice(notice.ref)
        for post in every(lambda at: lists.posts_by(member, PAGE, at)):
            self._post(post)
        self.erased += self.eraser.traces.forget(member)
        family = self.eraser.holdings.family(Member.at(member))
        inbox = [each.record.ref for each in family if isinstance(each.record, InboxItem)]
        self._subject(Member.at(member), parts=inbox)

    def _cases(self, member: str) -> Iterator[Case]:
        """The cases about a member's posts: no list leads to them, so all are looked at."""
        lists = self.eraser.lists
        for state in CaseState:
            for case in every(partial(lists.cases, state, None, PAGE)):
                if case.post.author.id == member:
                    yield case

    def _case(self, case: Case) -> None:
        if case.state in RUNNING:
            self.kept.append(Kept(subject=case.ref.subject, why="open-case"))
            return
        if case.post.id in self.appealed:
            self.kept.append(Kept(subject=case.ref.subject, why="open-appeal"))
            return
        family = self.eraser.holdings.family(case.ref)
        forbidding = (HoldMark.on(case.post.ref), *self._forbidding(case.ref))
        links = [each.record for each in family if isinstance(each.record, NoticeLink)]
        for link in links:
            self._try(
                ForgetExcerpt(
                    notice_id=link.notice_id,
                    post_id=case.post.id,
                    absent=forbidding,
                    actor=SYSTEM,
                ),
                case.ref,
            )
        decisions = [each.record.ref for each in family if isinstance(each.record, Decision)]
        self._subject(case.ref, *forbidding, parts=decisions)

    def _statement(self, statement: Statement) -> None:
        about = HoldMark.on(Post.at(statement.post_id)), HoldMark.on(Case.at(statement.case_id))
        if statement.appeal_id is not None:
            self._subject(Appeal.at(statement.appeal_id), *about)
        if statement.post_id in self.appealed:
            self.kept.append(Kept(subject=statement.ref.subject, why="open-appeal"))
            return
        self._subject(statement.ref, *about)

    def _notice(self, ref: Ref[Notice]) -> None:
        notice = self.eraser.work.read(ref).get(ref)
        if notice is None:
            return
        cases = {item.case_id: None for item in notice.items if item.case_id is not None}
        found = self.eraser.work.read(*map(Case.at, cases)) if cases else NO_RECORDS
        if any(found.need(Case.at(each)).state in RUNNING for each in cases):
            self.kept.append(Kept(subject=ref.subject, why="open-case"))
            return
        about = tuple(HoldMark.on(Case.at(each)) for each in cases)
        for appeal in notice.appeals:
            self._subject(Appeal.at(appeal), *about)
        if any(item.post_id in self.appealed for item in notice.items):
            self.kept.append(Kept(subject=ref.subject, why="open-appeal"))
            return
        self._subject(ref, *about)

    def _post(self, post: Post) -> None:
        family = self.eraser.holdings.family(post.ref)
        found = [each.record for each in family if isinstance(each.record, Post)]
        if not found or found[0].author.id != self.erasure.id:
            # The list lags behind: this walk or another one has been here.
            return
        post = found[0]
        why = self._kept_because(post, family)
        if why is not None:
            author = Actor(MemberId(self.erasure.id), "")
            self.eraser.work.run(DeletePost(actor=author, post_id=post.id, by=SYSTEM))
            self.kept.append(why)
            return
        thread = self.eraser.work.read(Thread.at(post.thread_id)).get(Thread.at(post.thread_id))
        if thread is not None and thread.opening_post == post.id:
            self._subject(thread.ref)
            self._subject(ThreadRow.at(thread.id))
        revisions = [each.record.ref for each in family if isinstance(each.record, Revision)]
        self._subject(post.ref, Guard.at(post.id), parts=revisions)

    def _kept_because(self, post: Post, family: tuple[Holding, ...]) -> Kept | None:
        """Why a post must stay, as far as can be seen; the transaction looks again."""
        parts = [each.record for each in family]
        if any(isinstance(each, Guard) for each in parts):
            return Kept(subject=post.ref.subject, why="open-case")
        if post.id in self.appealed:
            return Kept(subject=post.ref.subject, why="open-appeal")
        return self._held(post.ref, self._forbidding(post.ref))

    def _forbidding(self, ref: Ref[Any]) -> tuple[Ref[HoldMark], ...]:
        """The marks that keep a subject: its own, and that of the person."""
        marks = [HoldMark.on(ref)]
        if self.erasure.target == "member":
            marks.append(HoldMark.on(Member.at(self.erasure.id)))
        return tuple(dict.fromkeys(marks))

    def _subject(self, ref: Ref[Any], *absent: Ref[Any], parts: Sequence[Ref[Any]] = ()) -> None:
        """Erase a subject and what is kept beside it at once; what is too much for that goes first.

        A hold that comes meanwhile keeps the subject with all that is left of it.
        """
        forbidding = tuple(dict.fromkeys((*self._forbidding(ref), *absent)))
        for hold in self.released.get(ref.subject, ()):
            self._said_of(hold, forbidding)
        *first, last = [*batched(parts, PARTS_AT_ONCE)] or [()]
        if all(self._try(EraseParts(parts=some, absent=forbidding), ref) for some in first):
            erase = EraseSubject(subject=ref, absent=forbidding, actor=SYSTEM, parts=last)
            self._try(erase, ref)

    def _said_of(self, ref: Ref[Any], absent: tuple[Ref[Any], ...]) -> None:
        """Erase what officers wrote about a subject, before it; kept with it, and not named."""
        with suppress(MustBeKept):
            command = EraseSubject(subject=ref, absent=absent, actor=SYSTEM)
            self.erased += int(self.eraser.work.run(command))

    def _try(self, command: EraseSubject | EraseParts | ForgetExcerpt, about: Ref[Any]) -> bool:
        """Carry a step out; what must be kept is named, and told to wake this again."""
        try:
            self.erased += int(self.eraser.work.run(command))
        except MustBeKept:
            held = self._held(about, command.absent)
            self.kept.append(held or Kept(subject=about.subject, why=_open(about)))
            return False
        return True

    def _held(self, about: Ref[Any], absent: tuple[Ref[Any], ...]) -> Kept | None:
        """Which holds keep a subject, each told to wake this again; None where there is none."""
        seen = self.eraser.work.read(*absent) if absent else NO_RECORDS
        marks = [mark for mark in seen.records.values() if isinstance(mark, HoldMark)]
        for mark in marks:
            self.eraser.work.run(WaitForHold(subject=mark.subject, target_id=self.erasure.id))
        holds = tuple(dict.fromkeys(hold for mark in marks for hold in mark.holds))
        return Kept(subject=about.subject, why="hold", holds=holds) if marks else None


def _open(about: Ref[Any]) -> Literal["open-appeal", "open-case"]:
    return "open-appeal" if about.kind is Kind.APPEAL else "open-case"
