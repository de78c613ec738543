"""A fault before and after each storage call: all or nothing, and a retry gives the one result."""

from dataclasses import dataclass
from typing import Any

import pytest

from moderation.change import Idempotency
from moderation.errors import Unavailable
from tests.support.faults import CrashError, FaultAt, each_fault
from tests.support.forum import Forum, key
from tests.support.scenes import SCENES, Scene, opened
from tests.support.stack import Stack
from tests.support.state import State, ids_in, plain, state_of

KEY = key(1)


@dataclass(frozen=True)
class Play:
    """A scene that is set: the forum, what lies there, and which ids were there before."""

    forum: Forum
    command: Any
    key: Idempotency | None
    known: frozenset[str]

    @classmethod
    def of(cls, scene: Scene) -> "Play":
        """Set a scene."""
        forum = Forum(Stack.fresh())
        scene.before(forum)
        command = scene.command(forum)
        return cls(forum, command, KEY if scene.keyed else None, ids_in(forum.stack.engine))

    @property
    def state(self) -> State:
        """What lies there now."""
        return state_of(self.forum.stack.engine, self.known)

    def run(self) -> str:
        """Run the command; what it answers, in a form that can be compared."""
        return plain(repr(self.forum.run(self.command, self.key)), self.known)


@pytest.mark.parametrize("name", SCENES)
def test_a_fault_leaves_all_or_nothing_and_a_retry_mends_it(name: str) -> None:
    """Whatever breaks at whichever call, the same request sent again ends in the one result."""
    smooth = Play.of(SCENES[name])
    before = smooth.state
    smooth.forum.stack.engine.meter.reset()
    answer = smooth.run()
    after = smooth.state
    calls = len(smooth.forum.stack.engine.meter.calls)
    assert before != after
    struck = 0
    for fault in each_fault(calls):
        play = Play.of(SCENES[name])
        with play.forum.stack.engine.hooked(fault):
            told = _run_into(fault, play)
        struck += fault.struck
        assert play.state in (before, after), fault
        assert told in (None, answer), fault
        again = play.run()
        assert again == answer or not SCENES[name].keyed, fault
        assert after == play.state, fault
    assert struck >= calls * 7


def _run_into(fault: FaultAt, play: Play) -> str | None:
    try:
        return play.run()
    except CrashError:
        assert fault.trouble == "crash"
    except Unavailable:
        assert fault.trouble != "crash"
    return None


def test_every_second_call_may_fail(stack: Stack) -> None:
    """A store that loses every second answer delays a command and never doubles it."""
    forum = Forum(stack)
    opened(forum)
    for call in range(1, 4):
        with stack.engine.hooked(FaultAt("lost", "after", call)):
            try:
                forum.run(forum.claim(), key(call))
            except Unavailable:
                forum.run(forum.claim(), key(call))
    assert [event.action for event in forum.case.history].count("case:claim") == 1
