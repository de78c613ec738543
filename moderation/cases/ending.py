"""Ending: a restriction decided for a time is lifted at its hour, as its author was told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Case, Guard
from moderation.cases.history import noted
from moderation.cases.message import Message, MessageKind
from moderation.cases.opening import in_step
from moderation.cases.visibility import with_restrictions
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.post import Post, RestrictionKind
from moderation.ids import StatementId

ENDED = "lapse:ended"


def end_measure(
    case: Case, ends_at: datetime, seen: Seen, context: Context, render: Callable[[str], str]
) -> Change[None] | More:
    """Lift what a decision restricted until `ends_at`, and tell the author.

    Whatever else restricts the post stays, and a case that is open on it is kept in step.
    """
    guard_ref = Guard.at(case.post.id)
    more = More.unless_seen(seen, (case.post.ref, guard_ref))
    if more is not None:
        return more
    guard = seen.get(guard_ref)
    open_ref = None if guard is None else Case.at(guard.case_id)
    if open_ref is not None and not seen.knows(open_ref):
        return More((open_ref,))
    post = _free(case, seen.need(case.post.ref), ends_at, render)
    open_case = None if open_ref is None else seen.need(open_ref)
    written = in_step(post, open_case, "lapse", context, SYSTEM)
    ended = noted(replace(case, measure_ends_at=None), context.now, Action.POST_LAPSE, SYSTEM)
    told = Message(
        id=context.new_id(),
        kind=MessageKind.RESTORED,
        about=case.id,
        created_at=context.now,
        to=post.author.id,
    )
    acts = (
        Act(case.ref, Action.CASE_UPDATE, SYSTEM, reason=ENDED),
        *written.acts,
        Act(post.ref, Action.POST_LAPSE, SYSTEM, reason=ENDED),
    )
    return replace(
        written,
        puts=(ended, *written.puts, told),
        acts=tuple(replace(act, via=Via.JOB, content=post.revision) for act in acts),
    )


def _free(case: Case, post: Post, ends_at: datetime, render: Callable[[str], str]) -> Post:
    rest = [
        restriction
        for restriction in post.restrictions
        if restriction.until != ends_at or restriction.kind is RestrictionKind.HOLD
    ]
    free = with_restrictions(post, rest, render)
    decision = case.decision
    if decision is None or post.statement_id != decision.statement_id:
        return free
    before: StatementId | None = decision.before.statement_id if rest else None
    return replace(free, statement_id=before)
