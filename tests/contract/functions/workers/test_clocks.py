"""The clocks: holds end at their hour, people are reminded of ends, and an idle log beats."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from functions.workers.clocks import Parts, handle
from moderation.audit.ports import StampError
from moderation.cases.case import Case
from moderation.cases.lapsing import LapseHold
from moderation.cases.message import Message, MessageKind
from moderation.cases.reminding import RemindOfCase
from moderation.change import Command, Idempotency, Seen, UnitOfWork
from moderation.community.post import Post, PostState
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action
from moderation.errors import Unavailable
from moderation.ids import ulid_source
from moderation.records import Ref
from moderation.stores.audit_table import AuditTable
from moderation.stores.forum_table import connection_of
from tests.support.community import context, found
from tests.support.forum import Forum
from tests.support.stack import ORIGIN, Stack


def _never() -> bool:
    """An anchor that needs no stamp."""
    return False


def _parts(
    stack: Stack,
    newest: Callable[[], str | None] | None = None,
    stamp_anchor: Callable[[], bool] = _never,
) -> Parts:
    """Parts on a log that was written to just now, unless another newest entry is given."""
    just_now = ulid_source(stack.clock, bytes)
    return Parts(
        stack.unit_of_work,
        stack.lists,
        stack.work_list,
        stack.clock,
        newest or just_now,
        dict,
        stamp_anchor,
    )


def _counts(lapsed: int = 0, reminded: int = 0, beats: int = 0, failed: int = 0) -> dict[str, int]:
    return {
        "lapsed": lapsed,
        "reminded": reminded,
        "unanswered": 0,
        "beats": beats,
        "settings": 0,
        "stamps": 0,
        "failed": failed,
    }


@pytest.fixture
def forum(stack: Stack) -> Forum:
    """A forum with one thread."""
    return Forum(stack)


def _case_on(forum: Forum, category: Category, action: Action) -> Case:
    forum.post = forum.run(forum.reply(verdict=found(category, action)))
    return forum.case


def _alarms(forum: Forum) -> list[Message]:
    return [m for m in forum.records(Message) if m.kind is MessageKind.URGENT]


def test_an_hour_in_which_nothing_runs_out_is_quiet(forum: Forum) -> None:
    """No case, nothing to do; a case with time left, nothing to do."""
    assert handle(_parts(forum.stack)) == _counts()
    _case_on(forum, Category.INSULT, Action.FLAG)
    assert handle(_parts(forum.stack)) == _counts()


def test_a_hold_lapses_at_its_hour_and_once(forum: Forum) -> None:
    """Not a moment before, and the second ring finds nothing."""
    case = _case_on(forum, Category.SPAM, Action.HOLD)
    assert case.hold is not None
    forum.stack.clock.now = case.hold.lapses_at - timedelta(milliseconds=1)
    assert handle(_parts(forum.stack))["lapsed"] == 0
    forum.stack.clock.now = case.hold.lapses_at
    assert handle(_parts(forum.stack))["lapsed"] == 1
    assert handle(_parts(forum.stack))["lapsed"] == 0
    assert forum.stack.get(Post.at(forum.post.id)).state is PostState.PUBLISHED


def test_people_are_reminded_once_before_the_end_and_once_after(forum: Forum) -> None:
    """However often the clock rings in between."""
    case = _case_on(forum, Category.INSULT, Action.FLAG)
    rings = []
    for at in (
        case.due_at - timedelta(hours=1, milliseconds=1),
        case.due_at - timedelta(hours=1),
        case.due_at - timedelta(minutes=1),
        case.due_at,
        case.due_at + timedelta(hours=5),
    ):
        forum.stack.clock.now = at
        rings.append(handle(_parts(forum.stack))["reminded"])

    assert rings == [0, 1, 0, 1, 0]
    assert [message.about for message in _alarms(forum)] == [case.id, case.id]


def test_an_end_that_moves_forward_is_reminded_of_again(forum: Forum) -> None:
    """A notice can make a case more urgent than it was."""
    case = _case_on(forum, Category.INSULT, Action.FLAG)
    forum.stack.clock.now = case.due_at
    assert handle(_parts(forum.stack))["reminded"] == 1
    command = RemindOfCase(case.id, "overdue")
    told = forum.stack.unit_of_work.read(*command.reads())
    sooner = replace(case, due_at=case.due_at - timedelta(minutes=1))
    moved = Seen({**told.records, case.ref: sooner})

    assert not command.decide(told, context(case.due_at)).answer
    assert command.decide(moved, context(case.due_at)).answer


def test_a_decided_case_reminds_nobody(forum: Forum) -> None:
    """Nor does a bell for it that comes late."""
    case = _case_on(forum, Category.INSULT, Action.FLAG)
    forum.run(forum.claim())
    forum.run(forum.decide())
    forum.stack.clock.now = case.due_at

    assert handle(_parts(forum.stack)) == _counts()
    assert not forum.run(RemindOfCase(case.id, "overdue"))


@dataclass(frozen=True, slots=True)
class _Failing:
    """A unit of work in which one case cannot be written."""

    work: UnitOfWork
    case_id: str

    def read(self, *refs: Ref[Any]) -> Seen:
        return self.work.read(*refs)

    def run[A](self, command: Command[A], idempotency: Idempotency | None = None) -> A:
        if isinstance(command, LapseHold) and command.case_id == self.case_id:
            raise Unavailable("busy")
        return self.work.run(command, idempotency)


def test_a_case_that_fails_stops_no_other_and_is_seen_again(forum: Forum) -> None:
    """One hold cannot be ended; the other is, and a minute later the first is too."""
    bad = _case_on(forum, Category.SPAM, Action.HOLD)
    good = _case_on(forum, Category.SPAM, Action.HOLD)
    assert bad.hold is not None
    assert good.hold is not None
    forum.stack.clock.now = good.hold.lapses_at
    parts = Parts(
        _Failing(forum.stack.unit_of_work, bad.id),
        forum.stack.lists,
        forum.stack.work_list,
        forum.stack.clock,
        ulid_source(forum.stack.clock, bytes),
        dict,
        _never,
    )

    answer = handle(parts)

    assert (answer["lapsed"], answer["failed"]) == (1, 1)
    assert handle(_parts(forum.stack))["lapsed"] == 1


def test_the_days_anchor_is_stamped(stack: Stack) -> None:
    """Whether it was is counted."""
    answer = handle(_parts(stack, stamp_anchor=lambda: True))

    assert (answer["stamps"], answer["failed"]) == (1, 0)


def test_an_authority_that_is_silent_stops_nothing(stack: Stack) -> None:
    """It is asked again in a minute."""

    def silent() -> bool:
        raise StampError("no answer")

    answer = handle(_parts(stack, stamp_anchor=silent))

    assert (answer["stamps"], answer["failed"], answer["settings"]) == (0, 1, 0)


def test_every_page_of_waiting_cases_is_watched(forum: Forum) -> None:
    """The hundred and first case is reminded of too."""
    last = [_case_on(forum, Category.INSULT, Action.FLAG) for _ in range(101)][-1]
    forum.stack.clock.now = last.due_at

    assert handle(_parts(forum.stack))["reminded"] == 101


def _newest(stack: Stack) -> Callable[[], str | None]:
    """What the audit table itself has."""
    client: Any = connection_of(stack.forum).client
    return AuditTable(lambda: client, "audit", ORIGIN).newest


def _heartbeats(stack: Stack) -> list[str]:
    return [entry["at"] for entry in stack.entries() if entry["action"] == "log:heartbeat"]


def test_an_idle_log_beats_once_an_hour(stack: Stack) -> None:
    """The first entry of a log is a heartbeat; the clock rings each minute, for three hours."""
    parts = _parts(stack, _newest(stack))
    beats = [stack.clock.forward(minutes=1) and handle(parts)["beats"] for _ in range(181)]

    assert [minute for minute, beat in enumerate(beats) if beat] == [0, 60, 120, 180]
    assert len(_heartbeats(stack)) == 4
    assert {entry["subject"] for entry in stack.entries()} == {"log:pulse"}


def test_a_log_that_is_written_to_does_not_beat(forum: Forum) -> None:
    """Any act of the last hour is a sign of life."""
    parts = _parts(forum.stack, _newest(forum.stack))
    _case_on(forum, Category.INSULT, Action.FLAG)
    forum.stack.clock.forward(minutes=59)
    assert handle(parts)["beats"] == 0
    forum.stack.clock.forward(minutes=1)
    assert handle(parts)["beats"] == 1


def test_two_clocks_at_once_make_one_beat(stack: Stack) -> None:
    """Both have seen the idle log; the second finds the pulse of the first."""
    parts = _parts(stack, lambda: None)

    assert [handle(parts)["beats"], handle(parts)["beats"]] == [1, 0]


def test_a_heartbeat_that_fails_stops_nothing(forum: Forum) -> None:
    """It is counted, and comes a minute later."""

    def refuse() -> str | None:
        raise Unavailable("busy")

    case = _case_on(forum, Category.SPAM, Action.HOLD)
    assert case.hold is not None
    forum.stack.clock.now = case.hold.lapses_at

    assert handle(_parts(forum.stack, refuse)) == _counts(lapsed=1, reminded=1, failed=1)


def test_settings_that_a_deployment_changed_leave_one_entry(forum: Forum) -> None:
    """At the first look and at no other, and a failure keeps nothing else from being done."""
    parts = replace(_parts(forum.stack), in_force=lambda: {"STAGE": "a" * 32})
    looks = [handle(parts)["settings"] for _ in range(3)]
    changed = replace(parts, in_force=lambda: {"STAGE": "b" * 32})
    looks += [handle(changed)["settings"] for _ in range(2)]

    assert looks == [1, 0, 0, 1, 0]
    entries = [e for e in forum.stack.entries() if e["action"] == "settings:change"]
    assert [("settings:house", "settings:first"), ("settings:house", "settings:STAGE")] == [
        (entry["subject"], entry["reason"]) for entry in entries
    ]

    def broken() -> dict[str, str]:
        raise Unavailable("no secret")

    assert handle(replace(parts, in_force=broken)) == _counts(failed=1)
