"""Delivering messages: to whom, and what is written when one has arrived.

An inbox item and the end of its message are one change, so a member finds each message once. Mail
and alarms leave the house before the end of their message can be written: a crash in between sends
them twice, never not at all. A decision that many must be told of is taken apart into one message
for each, so that one address that does not answer keeps nobody else waiting.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from moderation.cases.appeal import Appeal
from moderation.cases.case import NoticeLink
from moderation.cases.house_rules import HouseRules
from moderation.cases.letters import render_message
from moderation.cases.message import InboxItem, Message, MessageKind
from moderation.cases.notice import Notice
from moderation.change import Change, Context, More, Seen
from moderation.community.board import Board
from moderation.community.office_hours import OfficeHours
from moderation.community.waiting import AnswerState
from moderation.ids import MemberId
from moderation.records import Record, Ref

LINKS_AT_ONCE = 90
GIVE_UP_AFTER = timedelta(days=3)
"""Mail that nobody takes for this long is given up with an alarm; its notice can still be read."""
FORWARD_WITHIN = timedelta(hours=24)
"""The operator's own limit for passing on a report of danger; then somebody is woken instead."""


@dataclass(frozen=True, slots=True)
class ToMember:
    """Into the inbox of somebody with an account."""

    id: MemberId


@dataclass(frozen=True, slots=True)
class ToMailbox:
    """By mail: to a notifier without an account, or to product safety."""

    email: str


@dataclass(frozen=True, slots=True)
class ToWatch:
    """To whoever is on watch: the alarm."""


@dataclass(frozen=True, slots=True)
class ToUnit:
    """To the people of a unit (None: of the company), within its office hours and not outside."""

    unit: str | None
    hours: OfficeHours


@dataclass(frozen=True, slots=True)
class ToNobody:
    """A notifier who left no address reads the outcome with the secret of the notice.

    Nor is anybody told of a wait that is over.
    """


Addressee = ToMember | ToMailbox | ToWatch | ToUnit | ToNobody


def given_up_after(message: Message) -> timedelta:
    """How long a mail is tried that nobody takes."""
    return FORWARD_WITHIN if message.kind is MessageKind.PRODUCT_SAFETY else GIVE_UP_AFTER


def is_for_many(message: Message) -> bool:
    """Whether a message must be taken apart: a decision that is not yet one notifier's."""
    return message.kind is MessageKind.DECISION and message.notice is None


def addressee_of(message: Message, seen: Seen, rules: HouseRules) -> Addressee | More:
    """Whom a message is for, or what must be read to know it."""
    if message.kind is MessageKind.URGENT:
        return ToWatch()
    if message.kind is MessageKind.PRODUCT_SAFETY:
        return ToMailbox(rules.product_safety or rules.contact)
    if message.kind is MessageKind.UNANSWERED:
        return _unit_of(AnswerState.at(message.about), seen)
    if message.to is not None:
        return ToMember(message.to)
    notice = _notice_of(message, seen)
    if notice is None or isinstance(notice, More):
        return notice or ToNobody()
    more = More.unless_seen(seen, (notice,))
    return more or _notifier(seen.get(notice))


def _notice_of(message: Message, seen: Seen) -> Ref[Notice] | More | None:
    match message.kind:
        case MessageKind.RECEIPT:
            return Notice.at(message.about)
        case MessageKind.DECISION if message.notice is not None:
            return Notice.at(message.notice)
        case MessageKind.APPEAL_DECIDED:
            ref = Appeal.at(message.about)
            if not seen.knows(ref):
                return More((ref,))
            appeal = seen.need(ref)
            return None if appeal.notice_id is None else Notice.at(appeal.notice_id)
        case _:
            return None


def _unit_of(ref: Ref[AnswerState], seen: Seen) -> Addressee | More:
    """The unit of the thread's board, while somebody still waits in the thread."""
    if not seen.knows(ref):
        return More((ref,))
    state = seen.get(ref)
    if state is None or not state.is_alarmed:
        return ToNobody()
    board = Board.at(state.board)
    if not seen.knows(board):
        return More((board,))
    target = seen.need(board).answer_target
    return ToNobody() if target is None else ToUnit(seen.need(board).unit, target.hours)


def _notifier(notice: Notice | None) -> Addressee:
    if notice is None:
        return ToNobody()
    if notice.member_id is not None:
        return ToMember(notice.member_id)
    return ToNobody() if notice.notifier is None else ToMailbox(notice.notifier.email)


@dataclass(frozen=True, slots=True)
class PutInInbox:
    """Put a message into a member's inbox and end it; nothing where it has ended already."""

    message_id: str
    to: MemberId
    rules: HouseRules

    def reads(self) -> tuple[Ref[Any], ...]:
        """The message."""
        return (Message.at(self.message_id),)

    def decide(self, seen: Seen, context: Context) -> Change[None] | More:
        """The inbox item under the message's own id, and the end of the message."""
        message = seen.get(Message.at(self.message_id))
        if message is None:
            return Change(answer=None)
        item = inbox_item(replace(message, to=self.to), seen, context, self.rules)
        if isinstance(item, More):
            return item
        return Change(answer=None, puts=(item,), deletes=(message.ref,))

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""


@dataclass(frozen=True, slots=True)
class EndMessage:
    """Take a message that has been sent, or that is for nobody, out of the outbox."""

    message_id: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The message."""
        return (Message.at(self.message_id),)

    def decide(self, seen: Seen, context: Context) -> Change[None]:  # noqa: ARG002
        """Its end, if it has not ended."""
        message = seen.get(Message.at(self.message_id))
        return Change(answer=None, deletes=() if message is None else (message.ref,))

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""


@dataclass(frozen=True, slots=True)
class TakeApart:
    """Tell the author of a decision, and make a message for each of the next notices.

    `message` is as it was read before its notices were listed: where somebody else has come further
    meanwhile, nothing is written, so every notifier gets one message. `links` are at most 90, and
    `after` is the position behind them (None: those were the last).
    """

    message: Message
    links: tuple[NoticeLink, ...]
    after: str | None
    rules: HouseRules

    def reads(self) -> tuple[Ref[Any], ...]:
        """The message."""
        return (self.message.ref,)

    def decide(self, seen: Seen, context: Context) -> Change[None] | More:
        """The author's inbox item, the notifiers' messages, and how far it has come."""
        if seen.get(self.message.ref) != self.message:
            return Change(answer=None)
        puts: list[Record] = []
        if self.message.to is not None:
            item = inbox_item(self.message, seen, context, self.rules)
            if isinstance(item, More):
                return item
            puts.append(item)
        puts += [
            replace(self.message, id=context.new_id(), to=None, notice=link.notice_id, after=None)
            for link in self.links
        ]
        if self.after is None:
            return Change(answer=None, puts=tuple(puts), deletes=(self.message.ref,))
        puts.append(replace(self.message, to=None, after=self.after))
        return Change(answer=None, puts=tuple(puts))

    def recall(self, reference: Ref[Any], seen: Seen) -> None:
        """Nothing is told."""


def inbox_item(
    message: Message, seen: Seen, context: Context, rules: HouseRules
) -> InboxItem | More:
    """A message as its member finds it, or what must be read to write it."""
    letter = render_message(message, seen, rules)
    if isinstance(letter, More):
        return letter
    if message.to is None:
        raise ValueError("an inbox item is for a member")
    return InboxItem(
        member_id=message.to,
        id=message.id,
        kind=message.kind,
        about=message.about,
        text=letter.text,
        created_at=context.now,
        language=letter.language,
    )
