"""A fault before and after each storage call: all or nothing, and a retry gives the one result."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from moderation.cases.decision import MemberMeasure, Outcome
from moderation.cases.hearing import DecideAppeal
from moderation.change import Idempotency
from moderation.community.markup import render
from moderation.errors import Unavailable
from tests.support.community import RULES
from tests.support.faults import CrashError, FaultAt, each_fault
from tests.support.forum import APPROVER, FLAGGED, HELD, Forum, key
from tests.support.stack import Stack
from tests.support.state import State, ids_in, plain, state_of


@dataclass(frozen=True)
class Scene:
    """A command in its situation: what happens before, and the command itself.

    A worker's command has no key: rung for again, it finds that there is nothing left to do.
    """

    before: Callable[[Forum], None]
    command: Callable[[Forum], Any]
    keyed: bool = True


def nothing(_: Forum) -> None:
    """Nothing happens before."""


def opened(forum: Forum) -> None:
    """A notice has opened a case."""
    forum.run(forum.notice())


def claimed(forum: Forum) -> None:
    """A moderator has claimed it."""
    opened(forum)
    forum.run(forum.claim())


def proposed(forum: Forum) -> None:
    """A decision on content about the operator awaits approval."""
    claimed(forum)
    forum.run(forum.decide(about_operator=True))


def removed(forum: Forum) -> None:
    """The post has been removed, its author has a statement."""
    claimed(forum)
    forum.run(forum.decide())


def held(forum: Forum) -> None:
    """The scorer has had the post held, and the hour at which the hold lapses has come."""
    forum.run(forum.score(HELD))
    forum.stack.clock.forward(hours=24)


def appealed(forum: Forum) -> None:
    """The author has objected."""
    removed(forum)
    forum.run(forum.appeal())


def reverse(forum: Forum) -> Any:
    """Another one decides on the appeal."""
    (appeal,) = forum.stack.lists.appeals("open", 10, None).items
    return DecideAppeal(
        appeal_id=appeal.id,
        actor=APPROVER,
        outcome="reversed",
        reasons="Der Beitrag ist zulässig.",
        rules=RULES,
        render=render,
    )


SCENES = {
    "create": Scene(nothing, lambda forum: forum.reply()),
    "create flagged": Scene(nothing, lambda forum: forum.reply(verdict=FLAGGED)),
    "create held": Scene(nothing, lambda forum: forum.reply(verdict=HELD)),
    "edit": Scene(nothing, lambda forum: forum.edit()),
    "edit under review": Scene(opened, lambda forum: forum.edit(verdict=FLAGGED)),
    "delete": Scene(nothing, lambda forum: forum.delete()),
    "delete under review": Scene(opened, lambda forum: forum.delete()),
    "notice": Scene(nothing, lambda forum: forum.notice()),
    "notice joins": Scene(opened, lambda forum: forum.notice()),
    "score": Scene(nothing, lambda forum: forum.score(), keyed=False),
    "claim": Scene(opened, lambda forum: forum.claim()),
    "decide": Scene(claimed, lambda forum: forum.decide()),
    "decide and warn": Scene(
        claimed, lambda forum: forum.decide(member_measure=MemberMeasure(kind="warn"))
    ),
    "keep": Scene(claimed, lambda forum: forum.decide(Outcome.KEEP)),
    "propose": Scene(claimed, lambda forum: forum.decide(about_operator=True)),
    "approve": Scene(proposed, lambda forum: forum.approve()),
    "reject": Scene(proposed, lambda forum: forum.approve(agreed=False)),
    "lapse": Scene(held, lambda forum: forum.lapse(), keyed=False),
    "appeal": Scene(removed, lambda forum: forum.appeal()),
    "reverse": Scene(appealed, reverse),
}
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
