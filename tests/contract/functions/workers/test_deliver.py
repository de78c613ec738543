"""The deliver worker: everybody who must be told is told, and nobody is forgotten by a fault."""

from collections import Counter
from contextlib import suppress
from copy import copy, deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from functions.workers.deliver import Parts, handle
from functions.workers.events import body_of
from moderation.actor import Actor, Role
from moderation.cases.appealing import AppealNotice
from moderation.cases.decision import Outcome
from moderation.cases.hearing import DecideAppeal
from moderation.cases.message import InboxItem, Message, MessageKind
from moderation.cases.notice import Notice, Notifier
from moderation.community.markup import render
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action
from moderation.ids import MemberId
from tests.support.community import RULES, found, ulid
from tests.support.faults import CrashError, each_fault
from tests.support.forum import ERIKA, MAX, Forum
from tests.support.forum_stream import queue_event, sequences
from tests.support.post_office import FakeAlarm, FakeMailer, FakeUnitAlarm
from tests.support.stack import Stack

HEARER = Actor(MemberId(ulid(9200)), "Hanna", frozenset({Role.MODERATOR}))


@dataclass(slots=True)
class House:
    """A forum with a post office."""

    forum: Forum
    mailer: FakeMailer = field(default_factory=FakeMailer)
    alarm: FakeAlarm = field(default_factory=FakeAlarm)
    unit_alarm: FakeUnitAlarm = field(default_factory=FakeUnitAlarm)

    @property
    def parts(self) -> Parts:
        """The worker's parts."""
        stack = self.forum.stack
        return Parts(
            stack.unit_of_work,
            stack.lists,
            self.alarm,
            self.mailer,
            RULES,
            stack.clock,
            self.unit_alarm,
        )

    def waiting(self) -> list[str]:
        """A bell for every message in the outbox."""
        return [body_of("message", ref.id) for ref in self.forum.stack.work_list.outbox(100)]

    def deliver(self) -> Any:
        """Deliver until the outbox is empty or nothing moves; returns the last answer."""
        answer: Any = None
        while (waiting := self.waiting()) and not (answer and sequences(answer)):
            answer = handle(queue_event(*waiting), self.parts)
        return answer

    def inbox(self, actor: Actor) -> list[InboxItem]:
        """What somebody finds."""
        return list(self.forum.stack.lists.inbox(actor.id, 100, None).items)

    def kinds(self, actor: Actor) -> list[MessageKind]:
        """Of which kinds it is, oldest first."""
        return [item.kind for item in reversed(self.inbox(actor))]


@pytest.fixture
def house(stack: Stack) -> House:
    """A forum with a post office and an empty outbox."""
    return House(Forum(stack))


def _notice(house: House, email: str | None = None, **fields: Any) -> Notice:
    notifier = None if email is None else Notifier(name="N. N.", email=email)
    filed: Notice = house.forum.run(replace(house.forum.notice(), notifier=notifier, **fields))
    return filed


def _decided(house: House, outcome: Outcome = Outcome.REMOVE) -> None:
    house.forum.run(house.forum.claim())
    house.forum.run(house.forum.decide(outcome))


def test_a_hold_reaches_the_inbox_of_its_author_with_its_reasons(house: House) -> None:
    """The statement is what the author reads, and the outbox is empty afterwards."""
    post = house.forum.run(house.forum.reply(verdict=found(Category.FRAUD, Action.HOLD)))
    house.deliver()

    (item,) = house.inbox(ERIKA)
    assert (item.kind, item.about) == (MessageKind.STATEMENT, post.statement_id)
    assert "Art. 17" in item.text
    assert house.waiting() == []


def test_a_cry_for_help_reaches_the_author_and_wakes_a_human(house: House) -> None:
    """The alarm names the case and none of the words."""
    verdict = found(Category.SELF_HARM, Action.HOLD, help_offered=True)
    post = house.forum.run(house.forum.reply("Ich kann nicht mehr.", verdict))
    house.deliver()

    assert MessageKind.HELP in house.kinds(ERIKA)
    ((subject, text),) = house.alarm.raised
    assert post.id in text
    assert post.body not in subject + text


def test_a_receipt_goes_by_mail_to_who_left_an_address(house: House) -> None:
    """One mail, to that address."""
    notice = _notice(house, "n@example.com")
    house.deliver()

    ((to, subject, text),) = house.mailer.sent
    assert (to, notice.id in subject, notice.id in text) == ("n@example.com", True, True)


def test_a_member_finds_the_receipt_in_the_inbox(house: House) -> None:
    """Whoever is logged in needs no mail."""
    _notice(house, actor=MAX)
    house.deliver()

    assert (house.kinds(MAX), house.mailer.sent) == ([MessageKind.RECEIPT], [])


def test_a_decision_tells_the_author_and_each_notifier_once(house: House) -> None:
    """Two by mail, a member by inbox, the anonymous one by the secret of the notice alone."""
    _notice(house, "a@example.com")
    _notice(house, "b@example.com")
    _notice(house, actor=MAX)
    _notice(house)
    house.deliver()
    house.mailer.sent.clear()
    _decided(house)
    house.deliver()

    assert Counter(to for to, _, _ in house.mailer.sent) == {"a@example.com": 1, "b@example.com": 1}
    assert house.kinds(ERIKA) == [MessageKind.DECISION]
    assert house.kinds(MAX) == [MessageKind.RECEIPT, MessageKind.DECISION]
    assert house.waiting() == []


def test_the_author_hears_nothing_of_who_filed_the_notice(house: House) -> None:
    """Nor the notifier of the author."""
    _notice(house, "a@example.com")
    _decided(house)
    house.deliver()

    (item,) = house.inbox(ERIKA)
    assert "a@example.com" not in item.text
    assert "N. N." not in item.text
    assert all("Erika" not in text for _, _, text in house.mailer.sent)


def test_more_notifiers_than_fit_one_change_are_all_told(house: House) -> None:
    """A hundred and twenty notices are as many letters, and one inbox item of the author."""
    for number in range(120):
        _notice(house, f"n{number}@example.com")
    for _ in range(2):
        house.deliver()
    house.mailer.sent.clear()
    _decided(house)
    house.deliver()

    assert len(house.mailer.sent) == len({to for to, _, _ in house.mailer.sent}) == 120
    assert house.kinds(ERIKA) == [MessageKind.DECISION]
    assert house.waiting() == []


def test_an_address_that_takes_no_mail_keeps_nobody_waiting(house: House) -> None:
    """Its own letter is received again; the others have arrived."""
    _notice(house, "dead@example.com")
    _notice(house, "b@example.com")
    house.mailer.dead = {"dead@example.com"}

    answer = house.deliver()

    assert [to for to, _, _ in house.mailer.sent] == ["b@example.com"]
    assert len(sequences(answer)) == len(house.waiting()) == 1
    house.mailer.dead.clear()
    house.deliver()
    assert [to for to, _, _ in house.mailer.sent] == ["b@example.com", "dead@example.com"]


def test_mail_nobody_takes_for_days_is_given_up_with_an_alarm(house: House) -> None:
    """The notice can still be read with its secret; somebody knows that it was not sent."""
    notice = _notice(house, "dead@example.com")
    house.mailer.dead = {"dead@example.com"}
    house.forum.stack.clock.forward(days=3)
    house.deliver()

    assert house.waiting() == []
    ((subject, text),) = house.alarm.raised
    assert (subject, notice.id in text, "dead@example.com" in text) == (
        "Mail given up",
        True,
        False,
    )


def test_an_alarm_nobody_takes_is_tried_again(house: House) -> None:
    """A threat to life is never forgotten: the message stays until a channel took it."""
    house.forum.run(house.forum.reply(verdict=found(Category.LIFE_THREAT, Action.HOLD)))
    house.alarm.down = True
    house.deliver()
    assert len(house.waiting()) == 1

    house.alarm.down = False
    house.deliver()
    assert (len(house.alarm.raised), house.waiting()) == (1, [])


@pytest.mark.parametrize("email", ["a@example.com", None])
def test_a_notifiers_appeal_is_answered_where_the_notice_came_from(
    house: House, email: str | None
) -> None:
    """By mail, or for the anonymous one by the secret alone."""
    notice = _notice(house, email)
    _decided(house, Outcome.KEEP)
    house.deliver()
    house.mailer.sent.clear()
    appeal = house.forum.run(AppealNotice(notice_id=notice.id, reasons="Doch.", rules=RULES))
    house.forum.run(
        DecideAppeal(
            appeal_id=appeal.id,
            actor=HEARER,
            outcome="upheld",
            reasons="Es bleibt dabei.",
            rules=RULES,
            render=render,
        )
    )
    house.deliver()

    assert [to for to, _, _ in house.mailer.sent] == ([] if email is None else [email])
    assert house.waiting() == []


def test_an_authors_appeal_is_answered_in_the_inbox(house: House) -> None:
    """With the reasons."""
    _notice(house)
    _decided(house)
    appeal = house.forum.run(house.forum.appeal())
    house.forum.run(
        DecideAppeal(
            appeal_id=appeal.id,
            actor=HEARER,
            outcome="upheld",
            reasons="Es bleibt dabei.",
            rules=RULES,
            render=render,
        )
    )
    house.deliver()

    assert "Es bleibt dabei." in house.inbox(ERIKA)[0].text


def test_a_lapsed_hold_tells_the_author_that_the_post_is_public(house: House) -> None:
    """At the hour that was promised."""
    verdict = found(Category.SPAM, Action.HOLD)
    house.forum.post = house.forum.run(house.forum.reply(verdict=verdict))
    hold = house.forum.case.hold
    assert hold is not None
    house.forum.stack.clock.now = hold.lapses_at
    house.forum.run(house.forum.lapse())
    house.deliver()

    assert house.kinds(ERIKA) == [MessageKind.STATEMENT, MessageKind.RESTORED]


def test_a_bell_for_what_has_ended_and_a_bell_that_names_nothing(house: House) -> None:
    """The first is done; the second goes to the dead-letter queue, and disturbs no other."""
    notice = _notice(house, "a@example.com")
    (bell,) = house.waiting()
    bells = (bell, bell, body_of("message", ulid(1)), "[]", "no json", '{"message": 1}')

    answer = handle(queue_event(*bells), house.parts)

    assert sequences(answer) == ["m4", "m5", "m6"]
    assert [notice.id in text for _, _, text in house.mailer.sent] == [True]


def test_two_workers_at_once_take_a_decision_apart_once(house: House) -> None:
    """Whoever comes second with old news writes nothing."""
    _notice(house, "a@example.com")
    house.deliver()
    _decided(house)
    work = house.forum.stack.unit_of_work
    parts = replace(house.parts, lists=_Twice(house))
    (bell,) = house.waiting()
    house.mailer.sent.clear()

    handle(queue_event(bell), parts)
    house.deliver()

    assert [to for to, _, _ in house.mailer.sent] == ["a@example.com"]
    assert work.read(Message.at(ulid(1))).get(Message.at(ulid(1))) is None


@dataclass(slots=True)
class _Twice:
    """Lists during whose answer another worker takes the same message apart."""

    house: House
    done: bool = False

    def notices_of(self, case_id: str, limit: int, after: str | None) -> Any:
        page = self.house.forum.stack.lists.notices_of(case_id, limit, after)
        if not self.done:
            self.done = True
            handle(queue_event(*self.house.waiting()), self.house.parts)
        return page

    def __getattr__(self, name: str) -> Any:
        return getattr(self.house.forum.stack.lists, name)


def _three_letters_due() -> House:
    house = House(Forum(Stack.fresh()))
    _notice(house, "a@example.com")
    _notice(house, actor=MAX)
    _decided(house)
    return house


def _again(house: House) -> House:
    """The same tables once more, a minute later."""
    stack = Stack.fresh()
    stack.engine.tables.update(deepcopy(house.forum.stack.engine.tables))
    stack.random.drawn = house.forum.stack.random.drawn
    stack.clock.now = house.forum.stack.clock.now + timedelta(minutes=1)
    again = copy(house.forum)
    again.stack = stack
    return House(again)


def test_no_fault_around_any_storage_call_loses_a_letter() -> None:
    """Inboxes get each message once; a mail may come twice and is never missing."""
    due = _three_letters_due()
    house = _again(due)
    event = queue_event(*house.waiting())
    house.forum.stack.engine.meter.calls.clear()
    handle(event, house.parts)
    calls = len(house.forum.stack.engine.meter.calls)

    for fault in each_fault(calls):
        house = _again(due)
        with house.forum.stack.engine.hooked(fault), suppress(CrashError):
            handle(event, house.parts)
        for _ in range(3):
            house.deliver()

        assert fault.struck or fault.trouble == "conflict", fault
        assert house.kinds(ERIKA) == [MessageKind.DECISION], fault
        assert Counter(house.kinds(MAX)) == {MessageKind.RECEIPT: 1, MessageKind.DECISION: 1}, fault
        assert len({text for _, _, text in house.mailer.sent}) == 2, fault
        assert house.waiting() == [], fault
