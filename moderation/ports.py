"""What the domain needs from outside, as Protocols. The audit log's own ports are `audit/ports.py`.

Each docstring says whether the dependency fails open or closed, and what somebody who can write to
it could do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from moderation.community.recent import Mark, Recent

if TYPE_CHECKING:
    from moderation.cases.appeal import Appeal
    from moderation.cases.case import Case, CaseState, NoticeLink
    from moderation.cases.message import InboxItem
    from moderation.cases.notice import Notice
    from moderation.cases.statement import Statement
    from moderation.community.board import Board
    from moderation.community.post import Post
    from moderation.community.thread import ThreadRow
    from moderation.community.waiting import AnswerState
    from moderation.compliance.disclosure import Disclosure
    from moderation.compliance.erasure import Erasure
    from moderation.compliance.export_job import ExportJob
    from moderation.compliance.legal_hold import LegalHold
    from moderation.records import Ref
    from moderation.rulesets.edition import Edition


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One page of a list and the position it continues from (None: the list has ended)."""

    items: tuple[T, ...]
    next: str | None


def every[T](fetch: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Yield every item of a list, page by page; `fetch` gives the page behind a position."""
    page = fetch(None)
    yield from page.items
    while page.next is not None:
        page = fetch(page.next)
        yield from page.items


class Lists(Protocol):
    """The lists, each one Query of a sparse index; a position is opaque to everybody but the store.

    May lag a second behind a write. Fails closed (Unavailable). Whoever writes the index decides
    what readers find, not what they may see: every route still checks the record.
    """

    def boards(self, limit: int, after: str | None) -> Page[Board]:
        """All boards by slug."""

    def rulesets(self, limit: int, after: str | None) -> Page[Edition]:
        """All rule sets that were ever proposed, newest first."""

    def threads(self, board: str, limit: int, after: str | None) -> Page[ThreadRow]:
        """The open threads of a board, newest activity first."""

    def waiting(self, board: str, limit: int, after: str | None) -> Page[AnswerState]:
        """The open threads of a board in which somebody waits for an answer, longest first."""

    def answered(self, board: str, limit: int, after: str | None) -> Page[AnswerState]:
        """The open threads of a board that had an answer, the latest first answer first."""

    def posts(self, thread_id: str, limit: int, after: str | None) -> Page[Post]:
        """The published posts of a thread, oldest first."""

    def posts_by(self, member_id: str, limit: int, after: str | None) -> Page[Post]:
        """A member's posts in every state, newest first."""

    def cases(
        self, state: CaseState, queue: str | None, limit: int, after: str | None
    ) -> Page[Case]:
        """Cases of a state: the S4 lane first, then by severity, then by `due_at`."""

    def statements(self, member_id: str, limit: int, after: str | None) -> Page[Statement]:
        """The statements issued to a member, newest first."""

    def appeals(
        self, state: Literal["open", "decided"], limit: int, after: str | None
    ) -> Page[Appeal]:
        """Appeals of a state by `due_at`."""

    def notices_of(self, case_id: str, limit: int, after: str | None) -> Page[NoticeLink]:
        """Every notice about a case, oldest first."""

    def notices_by(self, member_id: str, limit: int, after: str | None) -> Page[Notice]:
        """The notices a member filed, newest first."""

    def holds(self, limit: int, after: str | None) -> Page[LegalHold]:
        """Legal holds in force, by their review."""

    def released_holds(self, limit: int, after: str | None) -> Page[LegalHold]:
        """Legal holds that were released and still say in which matter, by their review."""

    def disclosures(self, limit: int, after: str | None) -> Page[Disclosure]:
        """Disclosures of a person that still say why, by the time they were asked for."""

    def inbox(self, member_id: str, limit: int, after: str | None) -> Page[InboxItem]:
        """A member's notifications, newest first."""


class WorkList(Protocol):
    """What must happen and has not yet; the truth behind every doorbell. Fails closed."""

    def unchecked(self, limit: int) -> tuple[Ref[Post], ...]:
        """Posts whose detectors still owe a score, oldest first."""

    def outbox(self, limit: int) -> tuple[Ref[Any], ...]:
        """Messages not yet delivered, oldest first."""

    def exports(self, limit: int) -> tuple[Ref[ExportJob], ...]:
        """Exports that are still to be built, oldest first."""

    def lapsing(self, before: datetime, limit: int) -> tuple[Ref[Case], ...]:
        """Cases whose automatic hold, or whose measure for a time, has ended by `before`."""

    def unanswered(self, before: datetime, limit: int) -> tuple[Ref[AnswerState], ...]:
        """Threads of whose wait a unit is to be told by `before`, the longest due first."""

    def erasures(self, before: datetime, limit: int) -> tuple[Ref[Erasure], ...]:
        """Erasures that are to be looked at by `before`."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a rate limit: limit and remaining in requests, the window in seconds.

    `recent` tells what the caller wrote in this hour.
    """

    limit: int
    remaining: int
    window_s: int
    resets_in_s: int
    recent: Recent = field(default_factory=Recent)


class RateCounter(Protocol):
    """Counts writes of one caller in a fixed window: one conditional update a write.

    Fails closed: where it cannot count, nothing is written (it lives in the table that would be
    written to anyway).
    """

    def take(
        self,
        caller: str,
        action: str,
        limit: int,
        window_s: int,
        now: datetime,
        mark: Mark | None = None,
    ) -> Allowance:
        """Count one; TooManyRequests with `retry_after_s` where the limit is used up.

        A window is a part of an hour (`window_s` divides 3,600). `mark` is of the text written.
        """


class Queue(Protocol):
    """Hands work to a worker, at least once. Fails open: what is lost here, the sweeper finds."""

    def send(self, bodies: tuple[str, ...]) -> None:
        """Enqueue JSON texts."""

    def put_off(self, receipt: str, seconds: int) -> None:
        """Have a message that was received come again after so long."""


class Alarm(Protocol):
    """Wakes a human at once (SNS, and a webhook where one is configured).

    Fails closed: a message that could not be handed over stays in the outbox and is tried again.
    """

    def raise_alarm(self, subject: str, text: str) -> None:
        """Send one urgent message; raises Unavailable where no channel took it."""


class UnitAlarm(Protocol):
    """Tells a unit of the company that customers wait (an SNS topic, filtered by the unit).

    Fails closed: a message that could not be handed over stays in the outbox and is tried again.
    """

    def tell_unit(self, unit: str | None, subject: str, text: str) -> None:
        """Tell the people of a unit (None: of the whole company); Unavailable where not taken."""


class Mailer(Protocol):
    """Sends mail to people without an account. Fails closed: the outbox keeps what was not sent."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send one plain-text mail; raises Unavailable where it was not taken."""
