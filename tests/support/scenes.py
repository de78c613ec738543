"""Each command of the forum in the situation it is meant for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moderation.cases.decision import MemberMeasure, Outcome
from moderation.cases.hearing import DecideAppeal
from moderation.community.markup import render
from tests.support.community import RULES
from tests.support.forum import APPROVER, FLAGGED, HELD, Forum


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
