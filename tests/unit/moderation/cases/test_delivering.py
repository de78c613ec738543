"""To whom a message goes, and how it ends once."""

from dataclasses import replace

import pytest

from moderation.cases.delivering import (
    EndMessage,
    PutInInbox,
    TakeApart,
    ToMailbox,
    ToMember,
    ToNobody,
    ToUnit,
    ToWatch,
    addressee_of,
    inbox_item,
    is_for_many,
)
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice, Notifier
from moderation.change import NO_RECORDS, Change, More, Seen
from moderation.community.board import Board
from moderation.community.waiting import AnswerState
from moderation.ids import NoticeId
from tests.support.community import KIM, NOW, RULES, context, seen, ulid
from tests.support.samples import ANSWER_STATE, BOARD_RECORD

MESSAGE = Message(id=ulid(1), kind=MessageKind.RECEIPT, about=ulid(2), created_at=NOW)
NOTICE = Notice(id=NoticeId(ulid(2)), items=(), reasons="Darum.", received_at=NOW)
NAMED = replace(NOTICE, notifier=Notifier(name="N. N.", email="n@example.com"))


def _known(notice: Notice | None) -> Seen:
    return Seen({Notice.at(NOTICE.id): notice})


def test_an_urgent_message_is_for_the_watch_and_one_to_a_member_for_the_member() -> None:
    """Neither needs anything read."""
    urgent = replace(MESSAGE, kind=MessageKind.URGENT)

    assert addressee_of(urgent, NO_RECORDS, RULES) == ToWatch()
    assert addressee_of(replace(MESSAGE, to=KIM.id), NO_RECORDS, RULES) == ToMember(KIM.id)


@pytest.mark.parametrize(
    "message",
    [MESSAGE, replace(MESSAGE, kind=MessageKind.DECISION, about=ulid(9), notice=NOTICE.id)],
)
def test_a_notifier_is_reached_as_the_notice_says(message: Message) -> None:
    """By inbox, by mail, or not at all."""
    assert addressee_of(message, NO_RECORDS, RULES) == More((Notice.at(NOTICE.id),))
    assert addressee_of(message, _known(replace(NAMED, member_id=KIM.id)), RULES) == ToMember(
        KIM.id
    )
    assert addressee_of(message, _known(NAMED), RULES) == ToMailbox("n@example.com")
    assert addressee_of(message, _known(NOTICE), RULES) == ToNobody()
    assert addressee_of(message, _known(None), RULES) == ToNobody()


def test_a_report_of_danger_is_for_product_safety() -> None:
    """For whoever the operator has named, else for where everybody writes."""
    report = replace(MESSAGE, kind=MessageKind.PRODUCT_SAFETY)
    named = replace(RULES, product_safety="safety@example.com")
    assert addressee_of(report, NO_RECORDS, RULES) == ToMailbox(RULES.contact)
    assert addressee_of(report, NO_RECORDS, named) == ToMailbox("safety@example.com")


def test_a_message_of_another_kind_without_an_addressee_is_for_nobody() -> None:
    """It ends, since there is nobody to tell."""
    assert addressee_of(replace(MESSAGE, kind=MessageKind.EXPORT), NO_RECORDS, RULES) == ToNobody()


def test_a_wait_is_told_to_the_unit_of_its_board_while_it_lasts() -> None:
    """Not once it is over, and not where the board has given up its target."""
    row = replace(ANSWER_STATE, alarmed_for=ANSWER_STATE.waiting_since)
    message = replace(MESSAGE, kind=MessageKind.UNANSWERED, about=ANSWER_STATE.thread_id)

    def told(state: AnswerState | None, board: Board) -> object:
        return addressee_of(message, Seen({ANSWER_STATE.ref: state, board.ref: board}), RULES)

    assert addressee_of(message, NO_RECORDS, RULES) == More((row.ref,))
    assert addressee_of(message, Seen({row.ref: row}), RULES) == More((BOARD_RECORD.ref,))
    assert BOARD_RECORD.answer_target is not None
    assert told(row, BOARD_RECORD) == ToUnit("battery", BOARD_RECORD.answer_target.hours)
    assert told(row, replace(BOARD_RECORD, answer_target=None)) == ToNobody()
    assert told(replace(row, waiting_since=None), BOARD_RECORD) == ToNobody()
    assert told(ANSWER_STATE, BOARD_RECORD) == ToNobody()
    assert told(None, BOARD_RECORD) == ToNobody()


def test_a_decision_is_for_many_until_it_names_a_notice() -> None:
    """Then it is the letter of one."""
    decision = replace(MESSAGE, kind=MessageKind.DECISION)

    assert [is_for_many(m) for m in (decision, replace(decision, notice=NOTICE.id), MESSAGE)] == [
        True,
        False,
        False,
    ]


def test_what_has_ended_is_not_ended_again() -> None:
    """A second bell writes nothing."""
    put, end = PutInInbox(MESSAGE.id, KIM.id, RULES), EndMessage(MESSAGE.id)
    apart = TakeApart(MESSAGE, (), None, RULES)

    for command in (put, end, apart):
        assert command.decide(seen(command), context()) == Change(answer=None)
        assert command.recall(MESSAGE.ref, seen(command)) is None


def test_an_inbox_item_is_for_a_member() -> None:
    """Whoever has no account has no inbox."""
    with pytest.raises(ValueError, match="for a member"):
        inbox_item(MESSAGE, _known(NOTICE), context(), RULES)
