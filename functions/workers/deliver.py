"""Delivers what the outbox holds: into inboxes, by mail, to whoever is on watch or on duty.

Idempotent: a message that has ended rings for nothing. What fails stays in the outbox, is received
again, and is rung for by the sweeper after that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from functions import outside
from functions.wiring import channels, house, tables
from functions.workers import journal
from functions.workers.events import BatchAnswer, failed_messages, queue_records
from moderation.cases.delivering import (
    LINKS_AT_ONCE,
    Addressee,
    EndMessage,
    PutInInbox,
    TakeApart,
    ToMailbox,
    ToMember,
    ToNobody,
    ToUnit,
    ToWatch,
    addressee_of,
    given_up_after,
    is_for_many,
)
from moderation.cases.forwarding import RecordForwarding
from moderation.cases.house_rules import HouseRules
from moderation.cases.letters import Letter, render_message
from moderation.cases.message import Message, MessageKind
from moderation.change import NO_RECORDS, Command, More, Seen, UnitOfWork
from moderation.community.office_hours import is_open
from moderation.errors import Unavailable
from moderation.ports import Alarm, Lists, Mailer, UnitAlarm


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with."""

    work: UnitOfWork
    lists: Lists
    alarm: Alarm
    mailer: Mailer
    rules: HouseRules
    now: Callable[[], datetime]
    unit_alarm: UnitAlarm


def handle(event: Mapping[str, Any], parts: Parts) -> BatchAnswer:
    """Deliver a batch; answers which messages are to be received again."""
    records = queue_records(event)
    failed: list[str] = []
    for record in records:
        try:
            deliver(record.field("message"), parts)
        except Exception as error:  # noqa: BLE001  (the outermost loop: others must go on)
            journal.failed("deliver", record.message_id, error)
            failed.append(record.message_id)
    journal.note("deliver", records=len(records), failed=len(failed))
    return failed_messages(failed)


def deliver(message_id: str, parts: Parts) -> None:
    """Deliver one message; whatever has ended already is done."""
    ref = Message.at(message_id)
    message = parts.work.read(ref).get(ref)
    while message is not None and is_for_many(message):
        page = parts.lists.notices_of(message.about, LINKS_AT_ONCE, message.after)
        parts.work.run(TakeApart(message, page.items, page.next, parts.rules))
        message = parts.work.read(ref).get(ref)
    if message is not None:
        _deliver_one(message, parts)


def _deliver_one(message: Message, parts: Parts) -> None:
    addressee, taken = _addressee(message, parts), True
    match addressee:
        case ToMember(member_id):
            parts.work.run(PutInInbox(message.id, member_id, parts.rules))
            return
        case ToMailbox(email):
            taken = _mail(message, email, parts)
        case ToWatch():
            letter = _letter(message, parts)
            parts.alarm.raise_alarm(letter.subject, letter.text)
        case ToUnit(unit, hours):
            if not is_open(hours, parts.now()):
                return  # it stays in the outbox, and the sweeper rings until the unit is on duty
            letter = _letter(message, parts)
            parts.unit_alarm.tell_unit(unit, letter.subject, letter.text)
        case ToNobody():
            pass
        case _:
            assert_never(addressee)
    parts.work.run(_end_of(message, taken=taken))


def _end_of(message: Message, *, taken: bool) -> Command[None]:
    """What is written when a message has been sent, or given up with an alarm."""
    if message.kind is MessageKind.PRODUCT_SAFETY:
        return RecordForwarding(message, "safety" if taken else "watch")
    return EndMessage(message.id)


def _mail(message: Message, email: str, parts: Parts) -> bool:
    """Send a mail; one that nobody takes for too long is given up (False), and somebody is told."""
    letter = _letter(message, parts)
    try:
        parts.mailer.send(email, letter.subject, letter.text)
    except Unavailable:
        if parts.now() - message.created_at < given_up_after(message):
            raise
        parts.alarm.raise_alarm(
            "Mail given up", f"{message.kind.value} about {message.about}: no mail server takes it."
        )
        return False
    return True


def _addressee(message: Message, parts: Parts) -> Addressee:
    seen = NO_RECORDS
    while isinstance(addressee := addressee_of(message, seen, parts.rules), More):
        seen = _read_on(seen, addressee, parts.work)
    return addressee


def _letter(message: Message, parts: Parts) -> Letter:
    seen = NO_RECORDS
    while isinstance(letter := render_message(message, seen, parts.rules), More):
        seen = _read_on(seen, letter, parts.work)
    return letter


def _read_on(seen: Seen, more: More, work: UnitOfWork) -> Seen:
    return Seen({**seen.records, **work.read(*more.refs).records})


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    return handle(
        event,
        Parts(
            tables.unit_of_work(),
            tables.lists(),
            channels.alarm(),
            channels.mailer(),
            house.house_rules(),
            outside.now,
            channels.unit_alarm(),
        ),
    )
