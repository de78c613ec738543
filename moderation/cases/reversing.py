"""Reversing: an author's appeal that succeeds gives back what was taken, in the same change."""

from dataclasses import dataclass, replace

from moderation.audit.actions import Action
from moderation.cases.case import Case
from moderation.cases.decision import DecisionState
from moderation.cases.effect import Bench
from moderation.cases.history import noted
from moderation.cases.opening import in_step
from moderation.cases.statement import Statement
from moderation.cases.visibility import with_restrictions, without
from moderation.change import Act, Change
from moderation.community.member import Member
from moderation.community.post import Post
from moderation.ids import StatementId

REASON = "appeal:reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """What an author's appeal is about, as it is now.

    `case` is the one the statement came from; `open_case` the one that is open on the post at the
    moment, which may be the same. `member` is the author where the decision had a measure on him.
    """

    statement: Statement
    case: Case
    post: Post
    open_case: Case | None
    member: Member | None


def lift(contested: Contested, bench: Bench) -> Change[None]:
    """Take back one restriction, and the measure against the author that came with it.

    Whatever else restricts the post stays; where nothing does, it is as it was before. A case that
    is open on the post meanwhile is kept in step.
    """
    changes = [_undone(contested, bench), _restored(contested, bench), _pardoned(contested, bench)]
    return combined(changes)


def combined(changes: list[Change[None]]) -> Change[None]:
    """Several changes as one."""
    return Change(
        answer=None,
        puts=tuple(put for change in changes for put in change.puts),
        checks=tuple(check for change in changes for check in change.checks),
        acts=tuple(act for change in changes for act in change.acts),
    )


def undone(case: Case, note: str, bench: Bench) -> Change[None]:
    """The case whose decision no longer stands; nothing where it has none."""
    if case.decision is None:
        return Change(answer=None)
    decision = replace(case.decision, state=DecisionState.REVERSED)
    after = replace(case, decision=decision, measure_ends_at=None)
    after = noted(after, bench.context.now, Action.APPEAL_REVERSE, bench.actor, note)
    act = Act(
        case.ref, Action.APPEAL_REVERSE, bench.actor, reason=REASON, content=decision.revision
    )
    return Change(answer=None, puts=(after,), acts=(act,))


def _undone(contested: Contested, bench: Bench) -> Change[None]:
    """An automatic hold was nobody's decision; what came of its case since stands."""
    if contested.statement.decision_id is None:
        return Change(answer=None)
    return undone(contested.case, contested.statement.id, bench)


def _restored(contested: Contested, bench: Bench) -> Change[None]:
    statement = contested.statement
    rest = without(contested.post, statement.restriction, statement.issued_at)
    post = with_restrictions(contested.post, rest, bench.render)
    if post == contested.post:
        return Change(answer=None)
    if post.statement_id == statement.id:
        post = replace(post, statement_id=_statement_before(contested, post))
    act = Act(post.ref, Action.POST_RESTORE, bench.actor, reason=REASON, content=post.revision)
    open_case = contested.open_case
    if open_case is not None and open_case.hold is not None:
        ended = open_case.hold.statement_id == statement.id
        open_case = replace(open_case, hold=None if ended else open_case.hold)
    written = in_step(post, open_case, "appeal", bench.context, bench.actor)
    return replace(written, acts=(*written.acts, act))


def _statement_before(contested: Contested, post: Post) -> StatementId | None:
    """The statement that stood on the post before; none where nothing restricts it any more."""
    if not post.restrictions:
        return None
    if contested.statement.decision_id is None:
        hold = contested.case.hold
        return None if hold is None else hold.replaced
    decision = contested.case.decision
    return None if decision is None else decision.before.statement_id


def _pardoned(contested: Contested, bench: Bench) -> Change[None]:
    member, decision = contested.member, contested.case.decision
    if member is None or decision is None or decision.member_measure is None:
        return Change(answer=None)
    if decision.member_measure.kind == "warn":
        warnings = tuple(w for w in member.warnings if w.case_id != contested.case.id)
        free = replace(member, warnings=warnings)
    elif member.suspended_until == decision.member_measure.until:
        free = replace(member, suspended_at=None, suspended_until=None)
    else:
        return Change(answer=None)
    act = Act(member.ref, Action.MEMBER_LIFT, bench.actor, reason=REASON)
    return Change(answer=None, puts=(free,), acts=(act,))
