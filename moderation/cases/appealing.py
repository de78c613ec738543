"""Appealing: an author against a restriction, a notifier against its absence (DSA Art. 20(1))."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, CaseState
from moderation.cases.decision import DecisionState, Outcome
from moderation.cases.house_rules import HouseRules
from moderation.cases.notice import Notice
from moderation.cases.noticing import PUBLIC
from moderation.cases.statement import Statement
from moderation.cases.statements import complaint_end
from moderation.cases.wording import of_appeal
from moderation.change import Act, Change, Context, More, Seen
from moderation.detection.taxonomy import Category, Severity, facts_of
from moderation.errors import Conflict, Fault, Invalid, NotFound
from moderation.ids import AppealId, MemberId, NoticeId, StatementId
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealStatement:
    """The addressee of a statement objects. Answers the appeal.

    NotFound for anybody else. Conflict: the window is closed, or he has objected already.
    """

    statement_id: StatementId
    actor: Actor
    reasons: str
    rules: HouseRules

    def reads(self) -> tuple[Ref[Any], ...]:
        """The statement says all there is to know."""
        return (Statement.at(self.statement_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Appeal]:
        """File the appeal, and link it from the statement so that there is only one."""
        statement = seen.need(Statement.at(self.statement_id))
        if statement.addressee != self.actor.id:
            raise NotFound("There is no such statement.")
        if statement.appeal_id is not None:
            raise Conflict("You have objected already.", code="already-appealed")
        _check_window(complaint_end(statement.issued_at, self.rules), context.now)
        _check_reasons(self.reasons)
        appeal = Appeal(
            id=AppealId(context.new_id()),
            case_id=statement.case_id,
            post_id=statement.post_id,
            reasons=self.reasons,
            created_at=context.now,
            due_at=context.now + time_to_hear(statement.category, self.rules),
            statement_id=statement.id,
            appellant=self.actor.id,
            excluded=_named(statement.decided_by, statement.approved_by),
        )
        linked = replace(statement, appeal_id=appeal.id)
        return Change(
            answer=appeal,
            puts=(appeal, linked),
            acts=_filed(statement.category, self.actor, statement.ref, appeal),
            reference=appeal.ref,
        )

    def recall(self, reference: Ref[Appeal], seen: Seen) -> Appeal | More:
        """The appeal."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealNotice:
    """A notifier objects that content was kept. Answers the appeal, the first where it is several.

    Whether the caller is the notifier is settled outside, by the notice's secret. A notice of
    several places makes one appeal for each place that was kept and not objected to yet. Conflict
    where there is none: not decided, acted upon, objected to already, or too late.
    """

    notice_id: NoticeId
    reasons: str
    rules: HouseRules
    actor: Actor | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """The notice."""
        return (Notice.at(self.notice_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Appeal] | More:
        """File an appeal for each place, and link them from the notice."""
        notice = seen.need(Notice.at(self.notice_id))
        case_ids = dict.fromkeys(item.case_id for item in notice.items if item.case_id is not None)
        case_refs = [Case.at(case_id) for case_id in case_ids]
        appeal_refs = [Appeal.at(appeal_id) for appeal_id in notice.appeals]
        more = More.unless_seen(seen, (*case_refs, *appeal_refs))
        if more is not None:
            return more
        _check_reasons(self.reasons)
        cases = [seen.need(ref) for ref in case_refs]
        appealed = {seen.need(ref).case_id for ref in appeal_refs}
        appeals = tuple(
            self._appeal(notice, case, context) for case in self._open_to(cases, appealed, context)
        )
        linked = replace(notice, appeals=(*notice.appeals, *(appeal.id for appeal in appeals)))
        actor = self.actor or PUBLIC
        return Change(
            answer=appeals[0],
            puts=(*appeals, linked),
            acts=_filed(notice.category, actor, linked.ref, *appeals),
            reference=appeals[0].ref,
        )

    def recall(self, reference: Ref[Appeal], seen: Seen) -> Appeal | More:
        """The appeal."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)

    def _open_to(self, cases: list[Case], appealed: set[Any], context: Context) -> list[Case]:
        """The cases that may be objected to; Conflict with the reason where there is none."""
        kept = [case for case in cases if _is_kept(case)]
        fresh = [case for case in kept if case.id not in appealed]
        timely = [case for case in fresh if context.now <= self._end(case)]
        if timely:
            return timely
        if fresh:
            raise Conflict("The time to object is over.", code="window-closed")
        if kept:
            raise Conflict("You have objected already.", code="already-appealed")
        if any(case.state is not CaseState.DECIDED for case in cases):
            raise Conflict("Nothing has been decided yet.", code="not-decided")
        raise Conflict("What the notice is about has been acted upon.", code="acted-upon")

    def _end(self, case: Case) -> datetime:
        decided_at = case.created_at if case.decision is None else case.decision.decided_at
        return complaint_end(decided_at, self.rules)

    def _appeal(self, notice: Notice, case: Case, context: Context) -> Appeal:
        decision = case.decision
        excluded = () if decision is None else _named(decision.decided_by, decision.approved_by)
        return Appeal(
            id=AppealId(context.new_id()),
            case_id=case.id,
            post_id=case.post.id,
            reasons=self.reasons,
            created_at=context.now,
            due_at=context.now + time_to_hear(notice.category, self.rules),
            notice_id=notice.id,
            appellant=notice.member_id,
            excluded=excluded,
        )


def time_to_hear(category: Category, rules: HouseRules) -> timedelta:
    """The operator's own limit for an appeal; the law says "timely" (DSA Art. 20(4))."""
    serious = facts_of(category).severity >= Severity.S3
    return timedelta(days=rules.serious_appeal_days if serious else rules.appeal_days)


def _is_kept(case: Case) -> bool:
    decision = case.decision
    return (
        case.state is CaseState.DECIDED
        and decision is not None
        and decision.outcome is Outcome.KEEP
        and decision.state is DecisionState.EFFECTIVE
    )


def _check_window(end: datetime, now: datetime) -> None:
    if now > end:
        raise Conflict("The time to object is over.", code="window-closed")


def _check_reasons(reasons: str) -> None:
    if not reasons.strip():
        raise Invalid("Reasons are missing.", faults=(Fault("/reasons", "Say why you object."),))


def _filed(
    category: Category, actor: Actor, subject: Ref[Any], *appeals: Appeal
) -> tuple[Act, ...]:
    """The acts on each appeal and on what it is against, under the category that was named there.

    So the log itself says of an appeal what it is about, long after the rest of its cause.
    """
    filed = Act(subject, Action.APPEAL_FILE, actor, reason=f"appeal:{category.value}")
    argued = (replace(filed, subject=each.ref, payload=of_appeal(each)) for each in appeals)
    return (*argued, filed)


def _named(*people: MemberId | None) -> tuple[MemberId, ...]:
    known: Iterable[MemberId] = (person for person in people if person is not None)
    return tuple(dict.fromkeys(known))
