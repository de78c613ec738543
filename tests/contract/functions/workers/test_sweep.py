"""The sweep: what the doorbell lost is rung for again."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from functions.workers.sweep import Parts, handle
from moderation.actor import Actor, Role
from moderation.compliance.erasure import Kept
from moderation.compliance.erasure_request import ConcludeErasure, RequestErasure
from moderation.compliance.export_request import CompleteExport, RequestExport
from moderation.errors import Unavailable
from moderation.ids import MemberId
from tests.support.community import HELD
from tests.support.forum import Forum
from tests.support.forum_stream import FakeQueue
from tests.support.stack import Stack

COMPLIANCE = Actor(MemberId("01M84E9ZMS6WM0EWFRDW7DW15E"), "Co", frozenset({Role.COMPLIANCE}))


@dataclass(frozen=True, slots=True)
class House:
    """A forum and its queues."""

    forum: Forum
    score: FakeQueue
    deliver: FakeQueue
    export: FakeQueue

    def sweep(self) -> dict[str, int]:
        """One round."""
        stack = self.forum.stack
        return handle(
            Parts(
                stack.unit_of_work,
                stack.lists,
                stack.work_list,
                self.score,
                self.deliver,
                self.export,
                stack.clock,
                lambda: True,
            )
        )


@pytest.fixture
def house(stack: Stack) -> House:
    """A forum with an unchecked post and a held one, whose messages nobody has sent."""
    forum = Forum(stack)
    forum.run(forum.reply(verdict=HELD))
    return House(forum, FakeQueue(), FakeQueue(), FakeQueue())


def test_what_is_younger_than_a_minute_is_left_to_the_doorbell(house: House) -> None:
    """It has most likely rung."""
    house.forum.stack.clock.forward(seconds=59)

    assert set(house.sweep().values()) == {0}
    assert house.score.sent + house.deliver.sent == []


def test_what_is_left_over_is_rung_for_until_it_is_done(house: House) -> None:
    """Every unchecked post and every message, each round again."""
    house.forum.stack.clock.forward(minutes=1)
    waiting = [ref.id for ref in house.forum.stack.work_list.outbox(100)]

    assert house.sweep() == house.sweep()
    assert [json.loads(body)["post"] for body in house.score.sent] == [house.forum.post.id] * 2
    assert [json.loads(body)["message"] for body in house.deliver.sent] == waiting * 2


def test_an_export_that_was_lost_is_rung_for_after_half_an_hour(house: House) -> None:
    """Until then its own queue keeps trying; once it is built nobody rings."""
    stack = house.forum.stack
    end = stack.clock()
    job = stack.unit_of_work.run(
        RequestExport(start=end - timedelta(days=1), end=end, actor=COMPLIANCE)
    )
    stack.clock.forward(minutes=29)
    assert house.sweep()["exports"] == 0

    stack.clock.forward(minutes=1)
    assert house.sweep()["exports"] == 1
    assert house.export.sent == [json.dumps({"export": job.id}, separators=(",", ":"))]

    stack.unit_of_work.run(CompleteExport(export_id=job.id, object_key="key", record="{}"))
    assert house.sweep()["exports"] == 0


def test_an_erasure_is_rung_for_when_it_is_due(house: House) -> None:
    """A minute after it was asked for, and what waits not before its day."""
    stack = house.forum.stack
    asked = stack.unit_of_work.run(
        RequestErasure(target="member", target_id=COMPLIANCE.id, actor=COMPLIANCE)
    )
    assert house.sweep()["erasures"] == 0
    stack.clock.forward(minutes=1)
    assert house.sweep()["erasures"] == 1
    assert house.export.sent == [json.dumps({"erasure": asked.id}, separators=(",", ":"))]
    kept = (Kept(subject="post:x", why="hold"),)
    later = stack.clock() + timedelta(days=1)
    stack.unit_of_work.run(ConcludeErasure(target_id=asked.id, kept=kept, due_at=later))
    assert house.sweep()["erasures"] == 0
    stack.clock.forward(days=1, minutes=1)
    assert house.sweep()["erasures"] == 1


def test_a_queue_that_is_down_is_rung_the_next_time(house: House) -> None:
    """The other one is not kept waiting."""
    house.forum.stack.clock.forward(minutes=1)
    house.score.down = Unavailable("down")

    answer = house.sweep()

    assert (answer["scores"], answer["messages"] > 0) == (0, True)
