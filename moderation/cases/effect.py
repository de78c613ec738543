"""What an effective decision does: to the post, the case, the author; and who is told of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.decision import (
    Decision,
    DecisionState,
    MemberMeasure,
    Outcome,
    PostBefore,
)
from moderation.cases.forwarding import goes_to_product_safety, passed_on, reports_danger
from moderation.cases.grounds import ground_rule
from moderation.cases.house_rules import HouseRules
from moderation.cases.message import Message, MessageKind
from moderation.cases.statement import Statement
from moderation.cases.statements import decision_statement
from moderation.cases.visibility import lifted, with_restrictions
from moderation.cases.wording import Fields, of_approval, of_decision, of_statement
from moderation.change import Act, Change, Context
from moderation.community.member import Member, WarningIssued
from moderation.community.post import Post, PostState, Restriction, RestrictionKind
from moderation.detection.taxonomy import facts_of
from moderation.ids import EntryId, MemberId, StatementId
from moderation.records import Record

_VERBS = {
    Outcome.REMOVE: Action.POST_REMOVE,
    Outcome.RESTRICT: Action.POST_RESTRICT,
    Outcome.REDACT: Action.POST_REDACT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What taking effect needs beside the records: who acts, when, the rules, and the renderer.

    `render` makes harmless HTML of Markdown.
    """

    actor: Actor
    context: Context
    rules: HouseRules
    render: Callable[[str], str]


def take_effect(
    case: Case, decision: Decision, member: Member | None, action: Action, bench: Bench
) -> Change[Decision]:
    """The change that carries a decision out: post, case, statement, author and message together.

    `case.post` is the post as it is; `action` is what the log says of the case. `member` is the
    author, where the decision has a measure against him.
    """
    before = case.post
    free = _without_hold(case)
    decision = replace(decision, state=DecisionState.EFFECTIVE, before=_before(free))
    post, statement = _restricted(case, free, decision, bench)
    if statement is not None:
        decision = replace(decision, statement_id=statement.id)
    closed = _closed(case, post, decision)
    published = before.state is PostState.HELD and post.state is PostState.PUBLISHED
    author = post.author.id if statement is not None or published else None
    written: list[tuple[Record, Act]] = [
        (closed, Act(case.ref, action, bench.actor, payload=_argued(decision, action)))
    ]
    if post != before:
        written.append((post, Act(post.ref, _verb(decision, post), bench.actor)))
    if statement is not None:
        written.append((statement, _issue(statement, bench.actor)))
    if member is not None and decision.member_measure is not None:
        written.append(_sanctioned(member, decision.member_measure, decision, bench))
    return Change(
        answer=decision,
        puts=(
            *(record for record, _ in written),
            *_message(closed, author, bench.context),
            *_passed_on(closed, decision, bench.context),
        ),
        deletes=(Guard.at(post.id),),
        acts=tuple(decision_act(act, decision) for _, act in written),
        reference=decision.ref,
    )


def _argued(decision: Decision, action: Action) -> Fields:
    """The words of the act: of whoever decides, or of the second person who agrees."""
    return of_approval(decision) if action is Action.CASE_APPROVE else of_decision(decision)


def _verb(decision: Decision, post: Post) -> Action:
    """What the log says of the post; lifting a hold publishes nothing its author has deleted."""
    if decision.outcome is Outcome.KEEP:
        deleted = post.state is PostState.DELETED
        return Action.POST_RESTORE if deleted else Action.POST_PUBLISH
    return _VERBS[decision.outcome]


def _before(free: Post) -> PostBefore:
    """What a reversal gives back: never the hold that the decision itself ended."""
    return PostBefore(
        state=free.state, restrictions=free.restrictions, statement_id=free.statement_id
    )


def _closed(case: Case, post: Post, decision: Decision) -> Case:
    """The case decided, under the category decided on, free of its claim and of its hold."""
    return replace(
        case,
        state=CaseState.DECIDED,
        post=post,
        decision=decision,
        category=decision.category,
        severity=facts_of(decision.category).severity,
        claim=None,
        hold=None,
        measure_ends_at=None if decision.measure is None else decision.measure.until,
    )


def _issue(statement: Statement, actor: Actor) -> Act:
    return Act(
        statement.ref,
        Action.STATEMENT_ISSUE,
        actor,
        entry_id=statement.entry_id,
        payload=of_statement(statement),
    )


def _without_hold(case: Case) -> Post:
    statement_id = case.post.statement_id if case.hold is None else case.hold.replaced
    return replace(lifted(case.post), statement_id=statement_id)


def _restricted(
    case: Case, free: Post, decision: Decision, bench: Bench
) -> tuple[Post, Statement | None]:
    """The post as decided, and the reasons its author gets; keeping a post takes none."""
    if decision.ground is None:
        return free, None
    restriction = Restriction(kind=RestrictionKind.REMOVAL, since=bench.context.now)
    if decision.measure is not None:
        restriction = replace(
            restriction,
            kind=decision.measure.kind,
            until=decision.measure.until,
            spans=decision.measure.spans,
            territory=decision.measure.territory,
        )
    statement = decision_statement(
        case,
        decision,
        restriction,
        decision.ground,
        statement_id=StatementId(bench.context.new_id()),
        entry_id=EntryId(bench.context.new_id()),
        rules=bench.rules,
    )
    post = with_restrictions(free, (*free.restrictions, restriction), bench.render)
    return replace(post, statement_id=statement.id), statement


def _sanctioned(
    member: Member, measure: MemberMeasure, decision: Decision, bench: Bench
) -> tuple[Member, Act]:
    now = bench.context.now
    if measure.kind == "suspend":
        suspended = replace(member, suspended_at=now, suspended_until=measure.until)
        return suspended, Act(member.ref, Action.MEMBER_SUSPEND, bench.actor)
    warning = WarningIssued(at=now, case_id=decision.case_id, category=decision.category.value)
    warned = replace(member, warnings=(*member.warnings, warning))
    return warned, Act(member.ref, Action.MEMBER_WARN, bench.actor)


def _message(case: Case, author: MemberId | None, context: Context) -> tuple[Message, ...]:
    """One message for all who are to be told: the author, and whoever filed a notice."""
    if author is None and not case.notice_count:
        return ()
    return (
        Message(
            id=context.new_id(),
            kind=MessageKind.DECISION,
            about=case.id,
            created_at=context.now,
            to=author,
        ),
    )


def _passed_on(case: Case, decision: Decision, context: Context) -> tuple[Message, ...]:
    """What a person takes for a report of danger goes to product safety; once, if detection did."""
    kept = decision.outcome is Outcome.KEEP and goes_to_product_safety(decision.category)
    return (passed_on(case.post.id, context),) if kept and not reports_danger(case.signals) else ()


def decision_act(act: Act, decision: Decision) -> Act:
    """The act with what the log says of every decision: outcome, category, ground, revision."""
    return replace(
        act,
        reason=f"{decision.outcome.value}:{decision.category.value}",
        rule=None if decision.ground is None else ground_rule(decision.ground),
        content=decision.revision,
    )
