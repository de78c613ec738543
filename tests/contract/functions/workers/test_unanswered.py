"""A customer whom nobody answers: the stream, the clocks and the post office together."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.workers import clocks, deliver, fold
from functions.workers.events import body_of
from moderation.actor import Actor
from moderation.cases.message import Message, MessageKind
from moderation.community.answer_target import AnswerTarget
from moderation.community.answering import MarkAnswer, TakeBackAnswer
from moderation.community.boards import CreateBoard, SetAnswerTarget
from moderation.community.deleting import DeletePost
from moderation.community.post import Post
from moderation.community.posting import CreatePost, CreateThread
from moderation.community.thread import Thread, ThreadRow
from moderation.community.unanswered import TellOfWait
from moderation.community.waiting import AnswerState
from moderation.errors import Unavailable
from moderation.ids import ulid_source
from tests.support.community import ADMIN, ALEX, KIM, RULES, SASCHA, intake
from tests.support.faults import CrashError, each_fault
from tests.support.forum_stream import ForumStream, queue_event, sequences
from tests.support.interleaver import Interleaver
from tests.support.post_office import FakeAlarm, FakeMailer, FakeUnitAlarm
from tests.support.stack import Stack

FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
"""Three in the afternoon in Berlin: two hours of the week are left."""

TARGET = AnswerTarget(minutes=60)


def clock_parts(stack: Stack) -> clocks.Parts:
    """What the clocks work with, on a log that was written to just now."""
    just_now = ulid_source(stack.clock, bytes)
    return clocks.Parts(
        stack.unit_of_work, stack.lists, stack.work_list, stack.clock, just_now, dict, bool
    )


@dataclass(slots=True)
class House:
    """A board of the support unit with one question on it."""

    stack: Stack
    unit_alarm: FakeUnitAlarm = field(default_factory=FakeUnitAlarm)
    thread: Thread = field(init=False)
    stream: ForumStream = field(init=False)

    def __post_init__(self) -> None:
        self.stack.clock.now = FRIDAY
        self.stack.unit_of_work.run(
            CreateBoard(
                actor=ADMIN, slug="hilfe", title="Hilfe", unit="support", answer_target=TARGET
            )
        )
        self.stream = ForumStream(self.stack.engine.tables["forum"])
        self.stack.engine.hooks.append(self.stream)
        self.thread = self.stack.unit_of_work.run(
            CreateThread(
                actor=KIM, board="hilfe", title="?", body="Wer?", intake=intake(), rules=RULES
            )
        ).thread

    def reply(self, actor: Actor = SASCHA) -> Post:
        """Somebody replies, a minute later."""
        self.stack.clock.forward(minutes=1)
        return self.stack.unit_of_work.run(
            CreatePost(
                actor=actor, thread_id=self.thread.id, body="F7.", intake=intake(), rules=RULES
            )
        )

    def fold(self) -> None:
        """The stream rings, with all that ever happened."""
        answer = fold.handle(self.stream.event(), fold.Parts(self.stack.unit_of_work))
        assert [] == sequences(answer)

    def tick(self, at: datetime | None = None) -> int:
        """The clocks look, at this time; answers how many waits were told."""
        stack = self.stack
        stack.clock.now = at or stack.clock.now
        counts = clocks.handle(clock_parts(stack))
        assert 0 == counts["failed"]
        return counts["unanswered"]

    def deliver(self) -> list[str]:
        """Messages are delivered; answers which are to be received again."""
        stack = self.stack
        bells = [body_of("message", ref.id) for ref in stack.work_list.outbox(100)]
        parts = deliver.Parts(
            stack.unit_of_work,
            stack.lists,
            FakeAlarm(),
            FakeMailer(),
            RULES,
            stack.clock,
            self.unit_alarm,
        )
        return sequences(deliver.handle(queue_event(*bells), parts))

    @property
    def state(self) -> AnswerState:
        """Whether the thread is answered."""
        state = self.stack.get(AnswerState.at(self.thread.id))
        row = self.stack.get(ThreadRow.at(self.thread.id))
        assert (state.waiting_since is not None, state.is_open) == (row.waiting, True)
        return state

    @property
    def waiting(self) -> list[str]:
        """The threads on the list of those that wait."""
        return [each.thread_id for each in self.stack.lists.waiting("hilfe", 100, None).items]

    @property
    def messages(self) -> list[Message]:
        """What is to be told to units."""
        records = [self.stack.get(ref) for ref in self.stack.work_list.outbox(100)]
        return [record for record in records if record.kind is MessageKind.UNANSWERED]


@pytest.fixture
def house(stack: Stack) -> House:
    """A board with a question that nobody has answered, and its row."""
    house = House(stack)
    house.fold()
    return house


def minutes(number: int) -> datetime:
    """So many minutes after the question."""
    return FRIDAY + timedelta(minutes=number)


def test_a_question_nobody_answers_is_told_to_its_unit_once(house: House) -> None:
    """Not a moment before the target, and however often the clocks look afterwards."""
    assert [house.thread.id] == house.waiting
    assert 0 == house.tick(minutes(60) - timedelta(milliseconds=1))
    assert [1, 0, 0] == [house.tick(minutes(number)) for number in (60, 61, 100)]
    assert [] == house.deliver()

    ((unit, subject, text),) = house.unit_alarm.told
    assert ("support", True) == (unit, "hilfe" in subject)
    assert house.thread.id in text
    assert "Wer?" not in subject + text
    assert [] == house.messages
    assert [house.thread.id] == house.waiting


def test_an_answer_in_time_tells_nobody(house: House) -> None:
    """It is off the list, and the clocks find nothing."""
    answer = house.reply()
    house.fold()

    assert 0 == house.tick(minutes(60))
    assert ([], answer.created_at) == (house.waiting, house.state.answered_at)
    assert house.state.answer_due_at is None


def test_an_answer_after_the_alarm_was_written_keeps_it_from_being_sent(house: House) -> None:
    """The message ends in silence: what it would say is no longer so."""
    house.tick(minutes(60))
    house.reply()
    house.fold()

    assert [] == house.deliver()
    assert ([], []) == (house.unit_alarm.told, house.messages)


def test_a_board_that_gave_its_target_up_meanwhile_tells_nobody(house: House) -> None:
    """A message that is already in the outbox ends."""
    house.tick(minutes(60))
    house.stack.unit_of_work.run(
        SetAnswerTarget(actor=ADMIN, slug="hilfe", target=None, expected=1)
    )

    assert [] == house.deliver()
    assert ([], []) == (house.unit_alarm.told, house.messages)


def test_nobody_is_told_off_duty(house: House) -> None:
    """Asked on Friday evening, due on Monday; and what could not be sent by five waits as well."""
    house.unit_alarm.down = True
    house.tick(minutes(60))
    assert ["m1"] == house.deliver()
    house.unit_alarm.down = False
    for at in (minutes(120), minutes(24 * 60)):
        house.stack.clock.now = at
        assert [] == house.deliver()
        assert [] == house.unit_alarm.told
    house.stack.clock.now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    house.deliver()
    assert 1 == len(house.unit_alarm.told)


def test_another_question_waits_anew_and_is_told_anew(house: House) -> None:
    """A second breach is a second alarm."""
    house.tick(minutes(60))
    house.reply()
    asked = house.reply(ALEX)
    house.fold()

    assert asked.created_at == house.state.waiting_since
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert [0, 1, 0] == [house.tick(monday + timedelta(minutes=number)) for number in (1, 2, 3)]
    assert 2 == len(house.messages)


def test_a_marked_answer_ends_the_wait_until_it_is_gone(house: House) -> None:
    """Another customer's words can be it; taking the mark back, or the post away, undoes it."""
    peer = house.reply(ALEX)
    house.fold()
    house.stack.unit_of_work.run(MarkAnswer(actor=KIM, thread_id=house.thread.id, post_id=peer.id))
    assert ([], peer.id, peer.created_at) == (
        house.waiting,
        house.state.answer,
        house.state.answered_at,
    )
    house.reply(KIM)
    house.fold()
    assert [] == house.waiting
    house.stack.unit_of_work.run(TakeBackAnswer(actor=KIM, thread_id=house.thread.id))
    assert ([house.thread.id], minutes(60)) == (house.waiting, house.state.alarm_at)
    house.stack.unit_of_work.run(
        MarkAnswer(actor=SASCHA, thread_id=house.thread.id, post_id=peer.id)
    )
    house.stack.unit_of_work.run(DeletePost(actor=ALEX, post_id=peer.id))
    house.fold()
    assert ([house.thread.id], None) == (house.waiting, house.state.answer)
    assert FRIDAY == house.state.waiting_since


def test_a_fault_at_any_call_of_the_clocks_loses_no_alarm_and_doubles_none() -> None:
    """Before and after each call to the store; the next minute goes on."""
    for fault in each_fault(8):
        house = House(Stack.fresh())
        house.fold()
        house.stack.clock.now = minutes(60)
        with house.stack.engine.hooked(fault), suppress(CrashError, Unavailable):
            clocks.handle(clock_parts(house.stack))
        house.tick(minutes(61))

        assert 1 == len(house.messages), fault
        assert minutes(0) == house.state.alarmed_for


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 3), max_size=24))
def test_clocks_fold_and_an_answer_at_once_tell_of_a_wait_at_most_once(
    schedule: list[int],
) -> None:
    """Two clocks, the fold of an answer and a mark, a storage call at a time, in any order."""
    house = House(Stack.fresh())
    house.fold()
    answer = house.reply()
    events = house.stream.event()
    house.stack.clock.now = minutes(60)
    work = house.stack.unit_of_work
    tell = TellOfWait(house.thread.id)
    told = Interleaver(house.stack.engine).run(
        [
            lambda: work.run(tell),
            lambda: work.run(tell),
            lambda: fold.handle(events, fold.Parts(work)),
            lambda: work.run(
                MarkAnswer(actor=SASCHA, thread_id=house.thread.id, post_id=answer.id)
            ),
        ],
        schedule,
    )

    assert [told[0], told[1]].count(True) == len(house.messages) <= 1
    house.fold()
    assert ([], None, None) == (house.waiting, house.state.waiting_since, house.state.alarm_at)
    assert (0, []) == (house.tick(), house.deliver())
    assert [] == house.unit_alarm.told
