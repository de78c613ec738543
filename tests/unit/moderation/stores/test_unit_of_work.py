"""One read, one decision, one transaction; and what happens when it goes wrong."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from moderation.audit.actions import Action
from moderation.cases.case import Guard
from moderation.change import Act, Change, Idempotency, More, UnitOfWork
from moderation.community.post import Post, PostState
from moderation.community.thread import Thread
from moderation.errors import Conflict, Invalid, NotFound, Unavailable
from moderation.ids import PostId
from moderation.stores.outcome import StoreMisuseError
from moderation.stores.unit_of_work import RETRIES
from tests.support.commands import MODERATOR, Do, EditPost, TakeDown, WritePost, put
from tests.support.faults import FaultAt, conflict
from tests.support.memory_dynamo import Hook
from tests.support.memory_dynamo_operations import Refusal
from tests.support.samples import CASE, GUARD, MEMBER, POST, THREAD, ulid
from tests.support.stack import EPOCH, Stack

PLAIN = replace(POST, state=PostState.PUBLISHED, restrictions=(), statement_id=None)
KEY = Idempotency("01KARS0000000000000000000C", "6f1c3a2e-7b1d-4c9e-8f00-1234567890ab", "f" * 64)


def test_it_is_a_unit_of_work(stack: Stack) -> None:
    """The store implements the domain's port."""
    work: UnitOfWork = stack.unit_of_work
    assert stack.unit_of_work is work


def test_what_is_written_is_read_back(stack: Stack) -> None:
    """Records come back equal; what is not there is None."""
    stack.unit_of_work.run(put(PLAIN, THREAD))
    seen = stack.unit_of_work.read(PLAIN.ref, THREAD.ref, CASE.ref)
    assert (
        seen.get(PLAIN.ref),
        seen.get(THREAD.ref),
        seen.get(CASE.ref),
    ) == (PLAIN, THREAD, None)
    assert stack.get(PLAIN.ref) == PLAIN
    assert stack.find(CASE.ref) is None


def test_a_command_is_one_strong_read_and_one_transaction(stack: Stack) -> None:
    """With an idempotency key the record of it is in the same two requests."""
    stack.unit_of_work.run(put(PLAIN))
    stack.engine.meter.reset()
    stack.unit_of_work.run(TakeDown(PLAIN.id), KEY)
    assert stack.engine.meter.operations == ["BatchGetItem", "TransactWriteItems"]
    read, write = stack.engine.meter.calls
    assert read.request["RequestItems"]["forum"]["ConsistentRead"] is True
    entry = stack.entries()[0]
    assert (
        f"put POST#{PLAIN.id} | META",
        f"put S#post#{PLAIN.id} | 0000000001",
        f"put {_pending(write.writes)} | {entry['id']}",
        f"put IDEM#{KEY.scope} | {KEY.key}",
    ) == write.writes


def _pending(writes: tuple[str, ...]) -> str:
    return next(line.split(" ")[1] for line in writes if "PENDING" in line)


def test_a_command_that_reads_nothing_only_writes(stack: Stack) -> None:
    """No request is made for nothing."""
    stack.unit_of_work.run(WritePost(PLAIN))
    assert stack.engine.meter.operations == ["TransactWriteItems"]


def test_a_change_of_nothing_writes_nothing(stack: Stack) -> None:
    """The answer is given, no transaction is sent."""
    nothing = Do(lambda _seen, _context: Change(answer=7))
    assert stack.unit_of_work.run(nothing) == 7
    assert stack.engine.meter.operations == []


def test_the_context_has_utc_in_whole_milliseconds(stack: Stack) -> None:
    """Whatever the clock says."""
    zone = timezone(timedelta(hours=1))
    stack.clock.now = EPOCH.astimezone(zone) + timedelta(microseconds=1999)
    told = Do(lambda _seen, context: Change(answer=context.now))
    assert stack.unit_of_work.run(told) == EPOCH + timedelta(milliseconds=1)


def test_a_command_may_ask_for_more(stack: Stack) -> None:
    """What it asks for is read as strongly, and only that."""
    stack.unit_of_work.run(put(PLAIN, GUARD))

    def follow(seen: Any, _context: Any) -> Any:
        guard = seen.need(Guard.at(PLAIN.id))
        more = More.unless_seen(seen, (Post.at(guard.post_id), Thread.at("01A")))
        return more or Change(answer=(seen.need(PLAIN.ref), seen.get(Thread.at("01A"))))

    stack.engine.meter.reset()
    assert stack.unit_of_work.run(Do(follow, (Guard.at(PLAIN.id),))) == (PLAIN, None)
    assert stack.engine.meter.operations == ["BatchGetItem", "BatchGetItem"]


def test_a_command_that_never_has_enough_is_a_bug(stack: Stack) -> None:
    """It is stopped, deciding or recalling."""
    asking = Do[Any](
        lambda _seen, context: More((Post.at(context.new_id()),)),
        told=lambda _ref, _seen: More((Post.at(ulid(1)),)),
    )
    with pytest.raises(StoreMisuseError, match="after 8 reads"):
        stack.unit_of_work.run(asking)
    stack.unit_of_work.run(put(PLAIN), KEY)
    with pytest.raises(StoreMisuseError, match="after 8 reads"):
        stack.unit_of_work.run(asking, KEY)


def test_a_domain_error_writes_nothing(stack: Stack) -> None:
    """The refusal reaches the caller as it is."""
    with pytest.raises(NotFound, match="no such post"):
        stack.unit_of_work.run(EditPost(PLAIN.id, "x"))
    assert stack.engine.tables["forum"].items() == []


def test_what_must_not_be_there_is_not_overwritten(stack: Stack) -> None:
    """A record that was not read is put only if it is absent; then the command gives up."""
    stack.unit_of_work.run(put(PLAIN))
    with pytest.raises(Unavailable):
        stack.unit_of_work.run(put(replace(PLAIN, body="anders")))
    assert stack.get(PLAIN.ref) == PLAIN
    assert len(stack.pauses_ms) == RETRIES


def test_a_deleted_record_is_gone_and_its_absence_can_be_checked(stack: Stack) -> None:
    """Deletes and checks are conditioned on what was seen."""
    stack.unit_of_work.run(put(GUARD))

    def drop(_seen: Any, _context: Any) -> Change[None]:
        return Change(answer=None, deletes=(GUARD.ref,), checks=(THREAD.ref,))

    stack.unit_of_work.run(Do(drop, (GUARD.ref, THREAD.ref)))
    assert stack.find(GUARD.ref) is None
    labels = stack.engine.meter.calls[-2].writes
    expected = (f"conditioncheck THREAD#{THREAD.id} | META", f"delete POST#{POST.id} | OPENCASE")
    assert expected == labels


def test_a_check_that_fails_is_decided_anew(stack: Stack) -> None:
    """What appears between read and write is seen the second time."""
    stack.unit_of_work.run(put(PLAIN))
    guard = GUARD.ref

    def edit(seen: Any, _context: Any) -> Change[str]:
        if seen.get(guard) is not None:
            raise Conflict("under review")
        post = replace(seen.need(PLAIN.ref), body="neu", revision=3)
        return Change(answer="written", puts=(post,), checks=(guard, PLAIN.ref))

    class Meanwhile(Hook):
        def before(self, operation: str, request: dict[str, Any]) -> None:  # noqa: ARG002
            if operation == "TransactWriteItems" and self in stack.engine.hooks:
                stack.engine.hooks.remove(self)
                stack.unit_of_work.run(put(GUARD))

    stack.engine.hooks.append(Meanwhile())
    with pytest.raises(Conflict, match="under review"):
        stack.unit_of_work.run(Do(edit, (PLAIN.ref, guard)))
    assert stack.get(PLAIN.ref) == PLAIN


# Repeated requests


def test_a_repeated_request_gets_the_first_answer(stack: Stack) -> None:
    """Nothing is written a second time, and the answer is the record as it is."""
    first = stack.unit_of_work.run(WritePost(PLAIN), KEY)
    again = stack.unit_of_work.run(WritePost(PLAIN), KEY)
    assert first == again
    assert len(stack.lists.posts(PLAIN.thread_id, 10, None).items) == 1


def test_a_repeated_request_may_recall_more(stack: Stack) -> None:
    """Recalling reads further records as deciding does."""

    def told(reference: Any, seen: Any) -> Any:
        post = seen.need(reference)
        return More.unless_seen(seen, (Thread.at(post.thread_id),)) or seen.need(
            Thread.at(post.thread_id)
        )

    command = replace(put(PLAIN, THREAD), told=told)
    stack.unit_of_work.run(command, KEY)
    assert stack.unit_of_work.run(command, KEY) == THREAD


def test_a_key_used_for_another_request_is_refused(stack: Stack) -> None:
    """The fingerprint tells them apart."""
    stack.unit_of_work.run(WritePost(PLAIN), KEY)
    with pytest.raises(Invalid) as refused:
        stack.unit_of_work.run(WritePost(PLAIN), replace(KEY, fingerprint="e" * 64))
    assert refused.value.code == "idempotency-key-reused"


def test_a_key_counts_within_its_scope(stack: Stack) -> None:
    """Two callers with one key never meet."""
    first = stack.unit_of_work.run(WritePost(PLAIN), KEY)
    other = stack.unit_of_work.run(WritePost(PLAIN), replace(KEY, scope="public-1"))
    assert first.id != other.id


@pytest.mark.parametrize(("hours", "posts"), [(23.999, 1), (24, 2)])
def test_a_key_counts_for_24_hours(stack: Stack, hours: float, posts: int) -> None:
    """Its hour decides, not when DynamoDB gets round to deleting it."""
    stack.unit_of_work.run(WritePost(PLAIN), KEY)
    stack.clock.forward(hours=hours)
    stack.unit_of_work.run(WritePost(PLAIN), KEY)
    assert posts == len(stack.lists.posts(PLAIN.thread_id, 10, None).items)


def test_a_key_that_would_break_a_key_is_refused(stack: Stack) -> None:
    """Scope and key are plain words."""
    with pytest.raises(NotFound):
        stack.unit_of_work.run(WritePost(PLAIN), replace(KEY, key="a#b"))


def test_a_request_with_a_key_needs_something_to_be_answered_from(stack: Stack) -> None:
    """A change without a reference cannot be repeated: a bug, found at once."""
    with pytest.raises(StoreMisuseError, match="answered from again"):
        stack.unit_of_work.run(Do(lambda _seen, _context: Change(answer=1)), KEY)


# Trouble


@pytest.mark.parametrize("trouble", ["conflict", "throttle"])
def test_a_lost_race_is_run_again(stack: Stack, trouble: Any) -> None:
    """Conflicts and throttles mean: pause, read again, decide anew."""
    stack.unit_of_work.run(put(PLAIN))
    stack.engine.meter.reset()
    with stack.engine.hooked(FaultAt(trouble, "before", call=2)):
        stack.unit_of_work.run(TakeDown(PLAIN.id))
    expected = ["BatchGetItem", "TransactWriteItems", "BatchGetItem", "TransactWriteItems"]
    assert expected == stack.engine.meter.operations
    assert (len(stack.pauses_ms), len(stack.entries())) == (1, 1)
    tokens = {
        call.request["ClientRequestToken"]
        for call in stack.engine.meter.calls
        if "ClientRequestToken" in call.request
    }
    assert len(tokens) == 2


class Always(Hook):
    """Every transaction meets another one."""

    def before(self, operation: str, request: dict[str, Any]) -> None:
        """Refuse."""
        if operation == "TransactWriteItems":
            raise conflict(operation, request)


def test_too_many_lost_races_are_unavailable(stack: Stack) -> None:
    """Three pauses, each random and up to twice as long as the last, then the caller is told."""
    with stack.engine.hooked(Always()), pytest.raises(Unavailable, match="Too many others"):
        stack.unit_of_work.run(WritePost(PLAIN))
    assert len(stack.pauses_ms) == RETRIES
    for retry, pause_ms in enumerate(stack.pauses_ms, 1):
        assert 0 <= pause_ms < 20 << retry


@pytest.mark.parametrize("trouble", ["lost", "error"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_is_asked_for_again(stack: Stack, trouble: Any, when: Any) -> None:
    """The same request with the same token has effect once, whether or not it had arrived."""
    with stack.engine.hooked(FaultAt(trouble, when, call=1)):
        stack.unit_of_work.run(put(PLAIN))
    calls = [call for call in stack.engine.meter.calls if call.error is None]
    assert stack.get(PLAIN.ref) == PLAIN
    assert len({call.request["ClientRequestToken"] for call in calls}) == 1
    assert len(stack.pauses_ms) == 1


class Silence(Hook):
    """Nothing that writes is ever answered."""

    def before(self, operation: str, request: dict[str, Any]) -> None:  # noqa: ARG002
        """Fail."""
        if operation == "TransactWriteItems":
            raise Refusal("ServiceUnavailable")


def test_a_store_that_does_not_answer_is_unavailable(stack: Stack) -> None:
    """Four attempts with one token, then the caller may try again with the same key."""
    with stack.engine.hooked(Silence()), pytest.raises(Unavailable, match="does not answer"):
        stack.unit_of_work.run(put(PLAIN))
    assert len(stack.engine.meter.calls) == RETRIES + 1


@pytest.mark.parametrize("trouble", ["lost", "error", "throttle"])
def test_a_read_that_is_not_answered_is_unavailable(stack: Stack, trouble: Any) -> None:
    """Nothing has been decided, so nothing has been written."""
    with stack.engine.hooked(FaultAt(trouble, "before", call=1)), pytest.raises(Unavailable):
        stack.unit_of_work.read(PLAIN.ref)


class Broken(Hook):
    """The table is not there."""

    def before(self, operation: str, request: dict[str, Any]) -> None:  # noqa: ARG002
        """Refuse."""
        raise Refusal("ResourceNotFoundException")


def test_a_bug_is_not_taken_for_trouble(stack: Stack) -> None:
    """A missing table or a wrong request is raised as it is, and not tried again."""
    with stack.engine.hooked(Broken()):
        for call in (lambda: stack.unit_of_work.read(PLAIN.ref), lambda: _write(stack)):
            with pytest.raises(PynamoDBException):
                call()
    assert stack.pauses_ms == []


def _write(stack: Stack) -> None:
    stack.unit_of_work.run(WritePost(PLAIN))


def test_an_item_that_is_too_large_is_a_bug_that_names_the_write(stack: Stack) -> None:
    """The reasons are matched to the writes in the order they were sent."""
    large = replace(PLAIN, html="x" * 410_000)
    with pytest.raises(StoreMisuseError, match=f"put POST#{PLAIN.id} . META if absent"):
        stack.unit_of_work.run(put(THREAD, large))


def test_reading_more_than_a_hundred_is_a_bug(stack: Stack) -> None:
    """One request holds no more."""
    refs = [Post.at(ulid(number)) for number in range(101)]
    assert len(stack.unit_of_work.read(*refs[:100]).records) == 100
    with pytest.raises(StoreMisuseError, match="101 items"):
        stack.unit_of_work.read(*refs)
    assert dict(stack.unit_of_work.read().records) == {}


def test_what_one_answer_does_not_hold_is_asked_for_again(stack: Stack) -> None:
    """A batch answers 16 MB at most; a command never sees half of what it asked for."""
    posts = [
        replace(PLAIN, id=PostId(ulid(number)), html="x" * 390_000, title=str(number))
        for number in range(44)
    ]
    for post in posts:
        stack.unit_of_work.run(put(post))
    stack.engine.meter.reset()
    seen = stack.unit_of_work.read(*(post.ref for post in posts))
    assert posts == [seen.get(post.ref) for post in posts]
    assert ["BatchGetItem", "BatchGetItem"] == stack.engine.meter.operations


# What the store never does


def act(record: Any, action: Action = Action.POST_REMOVE) -> Act:
    """An act on a record."""
    return Act(record.ref, action, MODERATOR)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (Change(answer=1, puts=(PLAIN,), acts=(act(CASE),)), "which is not written"),
        (Change(answer=1, puts=(THREAD,), acts=(act(THREAD),)), "which is not written"),
        (Change(answer=1, puts=(CASE,)), "changes without an act"),
        (Change(answer=1, puts=(POST,)), "changes without an act"),
        (Change(answer=1, puts=(MEMBER,)), "changes without an act"),
        (Change(answer=1, puts=(PLAIN, PLAIN)), "written twice"),
        (Change(answer=1, puts=(PLAIN,), deletes=(PLAIN.ref,)), "written twice"),
        (Change(answer=1, deletes=(GUARD.ref,)), "not there to be deleted"),
        (Change(answer=1, checks=(THREAD.ref,)), "was not read"),
    ],
)
def test_a_change_that_breaks_the_rules_is_a_bug(
    stack: Stack, change: Change[int], complaint: str
) -> None:
    """It is refused before anything is written."""
    with pytest.raises(StoreMisuseError, match=complaint):
        stack.unit_of_work.run(Do(lambda _seen, _context: change, (GUARD.ref,)))
    assert stack.engine.tables["forum"].items() == []


def test_an_audited_subject_is_never_deleted(stack: Stack) -> None:
    """Its chain of entries would end in nothing."""
    stack.unit_of_work.run(put(PLAIN))
    drop = Do(lambda _seen, _context: Change(answer=1, deletes=(PLAIN.ref,)), (PLAIN.ref,))
    with pytest.raises(StoreMisuseError, match="never deleted"):
        stack.unit_of_work.run(drop)


def test_what_went_between_two_reads_is_a_lost_race(stack: Stack) -> None:
    """A record that was to be deleted and is gone is read again, and decided on anew."""
    stack.unit_of_work.run(put(PLAIN, THREAD))

    def drop(seen: Any, _context: Any) -> Any:
        more = More.unless_seen(seen, (GUARD.ref,))
        return more or Change(answer=None, puts=(), deletes=(GUARD.ref,))

    with pytest.raises(Unavailable):
        stack.unit_of_work.run(Do(drop, (THREAD.ref,)))


def test_a_transaction_has_a_hundred_writes_at_most(stack: Stack) -> None:
    """The limit is DynamoDB's; a command that needs more must be several."""
    posts = [replace(PLAIN, id=PostId(ulid(number))) for number in range(101)]
    stack.unit_of_work.run(put(*posts[:100]))
    with pytest.raises(StoreMisuseError, match="101 writes, 100 are the limit"):
        stack.unit_of_work.run(put(*posts))


# The audit chain in the table


def test_acts_count_on_and_survive_plain_edits(stack: Stack) -> None:
    """An edit between two acts leaves chain and salt as they are."""
    stack.unit_of_work.run(put(PLAIN))
    stack.unit_of_work.run(TakeDown(PLAIN.id, {"note": "ä"}))
    salt = _item(stack)["salt"]
    stack.unit_of_work.run(EditPost(PLAIN.id, "!"))

    def restore(seen: Any, _context: Any) -> Change[Post]:
        post = replace(seen.need(PLAIN.ref), state=PostState.PUBLISHED)
        return Change(answer=post, puts=(post,), acts=(act(post, Action.POST_RESTORE),))

    stack.unit_of_work.run(Do(restore, (PLAIN.ref,)))
    first, second = stack.entries()
    assert (first["rev"], second["rev"]) == (1, 2)
    assert first["id"] == second["prev_id"]
    item = _item(stack)
    assert ({"N": "2"}, {"S": second["id"]}, salt) == (
        item["audit_rev"],
        item["audit_id"],
        item["salt"],
    )
    assert item["version"] == {"N": "4"}
    assert (first["payload"] is None, second["payload"]) == (False, None)


def _item(stack: Stack) -> Any:
    return stack.engine.tables["forum"].partitions[f"POST#{PLAIN.id}"]["META"]
