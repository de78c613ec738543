"""Lapsing: what was to end at an hour its author was told ends then, whoever is asleep."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Case, Hold
from moderation.cases.claiming import ESCALATED_QUEUE
from moderation.cases.deciding import what_changes
from moderation.cases.ending import end_measure
from moderation.cases.history import noted
from moderation.cases.message import Message, MessageKind
from moderation.cases.opening import follow
from moderation.cases.urgency import urgent
from moderation.cases.visibility import lifted
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.markup import render
from moderation.detection.taxonomy import facts_of
from moderation.ids import CaseId
from moderation.records import Ref

Answer = Literal["nothing", "published", "escalated", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseHold:
    """The clock ends a hold that nobody has decided on in time, or a measure decided for a time.

    Answers what became of it.
    It does so too while a decision awaits approval: the author was promised the hour.
    S0 to S2: the post is public again and the case stays open. S3 and S4: the post stays held, the
    case goes to the higher queue and wakes somebody, and does so again after the same time.
    """

    case_id: CaseId
    render: Callable[[str], str] = render

    def reads(self) -> tuple[Ref[Any], ...]:
        """The case, which carries its post."""
        return (Case.at(self.case_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Answer] | More:
        """Nothing where the hold is gone or its hour has not come: the clock may ring twice."""
        case = seen.need(Case.at(self.case_id))
        hold = case.hold
        if case.lapses_at is None or context.now < case.lapses_at:
            return Change(answer="nothing")
        if hold is None:
            ended = end_measure(case, case.lapses_at, seen, context, self.render)
            return ended if isinstance(ended, More) else _answered(ended)
        if hold.lapses_to == "escalated":
            return _escalated(case, hold, context)
        more = More.unless_seen(seen, what_changes(case, None))
        if more is not None:
            return more
        return _published(replace(case, post=seen.need(case.post.ref)), hold, context)

    def recall(self, reference: Ref[Case], seen: Seen) -> Answer | More:
        """Never asked for by a key; a second ring finds nothing to do."""
        return More.unless_seen(seen, (reference,)) or "nothing"


def _published(case: Case, hold: Hold, context: Context) -> Change[Answer]:
    post = replace(lifted(case.post), statement_id=hold.replaced)
    followed, act = follow(case, post, "lapse", context, SYSTEM)
    open_case = replace(followed, hold=None)
    told = Message(
        id=context.new_id(),
        kind=MessageKind.RESTORED,
        about=case.id,
        created_at=context.now,
        to=post.author.id,
    )
    lapse = Act(post.ref, Action.POST_LAPSE, SYSTEM, reason="lapse:published")
    return Change(
        answer="published",
        puts=(open_case, post, told),
        acts=(
            replace(act, via=Via.JOB),
            replace(lapse, via=Via.JOB, content=post.revision),
        ),
    )


def _escalated(case: Case, hold: Hold, context: Context) -> Change[Answer]:
    minutes = facts_of(case.category).hold_minutes or facts_of(case.category).manifest_minutes
    again = replace(hold, lapses_at=context.now + timedelta(minutes=minutes))
    higher = replace(case, escalated=True, queue=ESCALATED_QUEUE, hold=again)
    higher = noted(higher, context.now, Action.CASE_ESCALATE, SYSTEM)
    act = Act(case.ref, Action.CASE_ESCALATE, SYSTEM, via=Via.JOB, reason="lapse:escalated")
    return Change(answer="escalated", puts=(higher, urgent(higher, context)), acts=(act,))


def _answered(ended: Change[None]) -> Change[Answer]:
    return Change(answer="ended", puts=ended.puts, checks=ended.checks, acts=ended.acts)
