"""The fold worker: rows follow posts through duplicates, disorder, faults and crashes."""

from dataclasses import dataclass
from typing import Any

import pytest

from functions.workers.fold import Parts, handle
from moderation.change import Command, Idempotency, Seen, UnitOfWork
from moderation.community.boards import CreateBoard
from moderation.community.deleting import DeletePost
from moderation.community.editing import EditPost
from moderation.community.folding import FoldThread
from moderation.community.nightly import recount_thread
from moderation.community.post import Post
from moderation.community.posting import CreatePost, CreateThread
from moderation.community.thread import Thread, ThreadRow
from moderation.errors import Unavailable
from moderation.records import Ref
from tests.support.community import ADMIN, ALEX, HELD, KIM, RULES, intake
from tests.support.faults import CrashError, FaultAt, each_fault
from tests.support.forum_stream import ForumStream, sequences
from tests.support.places import Place
from tests.support.stack import Stack


@pytest.fixture
def stream(stack: Stack) -> ForumStream:
    """The stream of the stack's table, with a board in it."""
    stack.unit_of_work.run(CreateBoard(actor=ADMIN, slug="hilfe", title="Hilfe"))
    stream = ForumStream(stack.engine.tables["forum"])
    stack.engine.hooks.append(stream)
    return stream


def _thread(stack: Stack, title: str = "Filter") -> Thread:
    command = CreateThread(
        actor=KIM, board="hilfe", title=title, body="Wer?", intake=intake(), rules=RULES
    )
    return stack.unit_of_work.run(command).thread


def _reply(stack: Stack, thread: Thread, *, held: bool = False) -> Post:
    stack.clock.forward(minutes=1)
    reader = intake(HELD) if held else intake()
    return stack.unit_of_work.run(
        CreatePost(actor=ALEX, thread_id=thread.id, body="Ich.", intake=reader, rules=RULES)
    )


def _row(stack: Stack, thread: Thread) -> ThreadRow:
    return stack.get(ThreadRow.at(thread.id))


def _history(stack: Stack) -> Thread:
    """A thread, three replies (one held), one of them deleted, and an edited opening post."""
    thread = _thread(stack)
    _reply(stack, thread)
    _reply(stack, thread, held=True)
    last = _reply(stack, thread)
    edit = EditPost(
        actor=KIM,
        post_id=thread.opening_post,
        body="Wer kennt ihn?",
        expected=1,
        intake=intake(),
        rules=RULES,
    )
    stack.unit_of_work.run(edit)
    stack.unit_of_work.run(DeletePost(actor=ALEX, post_id=last.id))
    return thread


def _is_right(stack: Stack, thread: Thread) -> bool:
    return not recount_thread(thread.id, stack.unit_of_work, stack.lists)


def test_a_row_follows_its_thread(stack: Stack, stream: ForumStream) -> None:
    """The opening post and one reply are listed; the held one and the deleted one are not."""
    thread = _history(stack)

    answer = handle(stream.event(), Parts(stack.unit_of_work))

    row = _row(stack, thread)
    assert answer == {"batchItemFailures": []}
    assert (row.title, row.post_count, row.state) == ("Filter", 2, "open")
    assert row.last_post_at == stack.clock.now.replace(minute=1)
    assert stack.lists.threads("hilfe", 25, None).items == (row,)


def test_a_batch_delivered_again_changes_nothing(stack: Stack, stream: ForumStream) -> None:
    """Twice, one by one, and backwards: the row stays what it is."""
    thread = _history(stack)
    parts = Parts(stack.unit_of_work)
    handle(stream.event(), parts)
    row = _row(stack, thread)

    event = stream.event()
    handle(event, parts)
    for record in reversed(event["Records"]):
        handle({"Records": [record]}, parts)

    assert _row(stack, thread) == row
    assert _is_right(stack, thread)


def test_a_thread_whose_opening_is_deleted_leaves_the_list(
    stack: Stack, stream: ForumStream
) -> None:
    """Its title goes with it."""
    thread = _thread(stack)
    handle(stream.event(), Parts(stack.unit_of_work))
    stack.unit_of_work.run(DeletePost(actor=KIM, post_id=thread.opening_post))
    handle(stream.event(), Parts(stack.unit_of_work))

    assert (_row(stack, thread).title, _row(stack, thread).state) == ("", "hidden")
    assert stack.lists.threads("hilfe", 25, None).items == ()


def test_a_reply_costs_its_row_one_read_and_one_transaction(
    stack: Stack, stream: ForumStream
) -> None:
    """Once there is a row, nothing else is asked for; a repeated change is read and not written."""
    thread = _thread(stack)
    handle(stream.event(), Parts(stack.unit_of_work))
    _reply(stack, thread)
    event = {"Records": stream.records[-1:]}
    stack.engine.meter.calls.clear()

    handle(event, Parts(stack.unit_of_work))
    assert [call.operation for call in stack.engine.meter.calls] == [
        "BatchGetItem",
        "TransactWriteItems",
    ]
    handle(event, Parts(stack.unit_of_work))
    assert stack.engine.meter.calls[-1].operation == "BatchGetItem"


def test_more_changes_than_one_read_can_hold_are_folded_in_parts(
    stack: Stack, stream: ForumStream
) -> None:
    """A hundred replies in one batch are counted all."""
    thread = _thread(stack)
    for _ in range(99):
        _reply(stack, thread)

    assert handle(stream.event(), Parts(stack.unit_of_work)) == {"batchItemFailures": []}
    assert _row(stack, thread).post_count == 100
    assert _is_right(stack, thread)


@dataclass(frozen=True, slots=True)
class _Failing:
    """A unit of work that cannot fold one thread."""

    work: UnitOfWork
    thread_id: str

    def read(self, *refs: Ref[Any]) -> Seen:
        return self.work.read(*refs)

    def run[A](self, command: Command[A], idempotency: Idempotency | None = None) -> A:
        if isinstance(command, FoldThread) and command.thread_id == self.thread_id:
            raise Unavailable("busy")
        return self.work.run(command, idempotency)


def test_a_thread_that_fails_is_delivered_again_and_stops_no_other(
    stack: Stack, stream: ForumStream
) -> None:
    """The answer names the first change of it, from where the stream goes on."""
    good, bad, good_too = _thread(stack), _thread(stack), _thread(stack)
    _reply(stack, bad)
    first = next(
        record["dynamodb"]["SequenceNumber"]
        for record in stream.records
        if record["dynamodb"]["Keys"]["pk"]["S"] == f"POST#{bad.opening_post}"
    )

    answer = handle(stream.event(), Parts(_Failing(stack.unit_of_work, bad.id)))

    assert sequences(answer) == [first]
    assert [_row(stack, thread).post_count for thread in (good, good_too)] == [1, 1]
    assert stack.find(ThreadRow.at(bad.id)) is None
    assert handle(stream.event(), Parts(stack.unit_of_work)) == {"batchItemFailures": []}
    assert _row(stack, bad).post_count == 2


def test_changes_of_other_records_are_no_concern_of_the_fold(
    stack: Stack, stream: ForumStream
) -> None:
    """Members, cases, rows and tallies ring nothing, so the fold does not ring itself."""
    thread = _thread(stack)
    others = [
        record
        for record in stream.records
        if record["dynamodb"]["Keys"]["pk"]["S"] != f"POST#{thread.opening_post}"
    ]
    stack.engine.meter.calls.clear()

    assert handle({"Records": others}, Parts(stack.unit_of_work)) == {"batchItemFailures": []}
    assert stack.engine.meter.calls == []


def test_no_fault_around_any_storage_call_makes_a_row_wrong(place: Place) -> None:
    """After a crash, a lost answer, a throttle or a conflict the batch comes again and is right."""
    for fault in each_fault(2):
        with place.stack() as stack:
            _comes_right(stack, fault)


def _comes_right(stack: Stack, fault: FaultAt) -> None:
    stack.unit_of_work.run(CreateBoard(actor=ADMIN, slug="hilfe", title="Hilfe"))
    stream = ForumStream(stack.engine.tables["forum"])
    stack.engine.hooks.append(stream)
    thread = _history(stack)
    event = stream.event()
    with stack.engine.hooked(fault):
        try:
            answer = handle(event, Parts(stack.unit_of_work))
        except CrashError:
            answer = handle(event, Parts(stack.unit_of_work))
    if sequences(answer):
        handle(event, Parts(stack.unit_of_work))

    assert fault.struck or fault.trouble == "conflict", fault
    assert _row(stack, thread).post_count == 2, fault
    assert _is_right(stack, thread), fault
