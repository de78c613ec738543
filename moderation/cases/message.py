"""Messages: what somebody must be told, kept in the outbox until it has been delivered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderation.ids import MemberId, NoticeId
from moderation.records import Kind, Ref


class MessageKind(StrEnum):
    """What the deliver worker does with a message."""

    STATEMENT = "statement"
    URGENT = "urgent"
    HELP = "help"
    DECISION = "decision"
    APPEAL_DECIDED = "appeal_decided"
    RECEIPT = "receipt"
    RESTORED = "restored"
    EXPORT = "export"
    PRODUCT_SAFETY = "product_safety"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An outbox item: a kind and the record it is about, no text and no personal data.

    `about` is the id of the case, statement, notice, appeal, export or post it concerns. One
    `about` is the id of the case, statement, notice, appeal, export or thread it concerns. One
    message may be fanned out by the worker (a decision: to the author and to each notifier): the
    part for one notifier is a message of its own that names his `notice`, and `after` is how far
    along the case's notices the worker has come.
    """

    id: str
    kind: MessageKind
    about: str
    created_at: datetime
    to: MemberId | None = None
    notice: NoticeId | None = None
    after: str | None = None

    @staticmethod
    def at(message_id: str) -> Ref["Message"]:
        """The address of the outbox item with this id."""
        return Ref(Kind.OUTBOX, message_id)

    @property
    def ref(self) -> Ref["Message"]:
        """The record's own address."""
        return Message.at(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """A delivered message as its addressee finds it under `/v1/me/notifications`."""

    member_id: MemberId
    id: str
    kind: MessageKind
    about: str
    text: str
    created_at: datetime
    language: str = "de"

    @staticmethod
    def at(member_id: str, item_id: str) -> Ref["InboxItem"]:
        """The address of one item of a member's inbox."""
        return Ref(Kind.MEMBER, member_id, f"INBOX#{item_id}")

    @property
    def ref(self) -> Ref["InboxItem"]:
        """The record's own address."""
        return InboxItem.at(self.member_id, self.id)
