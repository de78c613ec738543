"""Hearing an appeal: decided by a human who had no part in what is contested (DSA Art. 20(6))."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, Guard
from moderation.cases.effect import Bench
from moderation.cases.eligibility import CODE, check_outside_unit, concerns_operator
from moderation.cases.house_rules import HouseRules
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice
from moderation.cases.reopening import Kept, judge_anew
from moderation.cases.reversing import Contested, lift
from moderation.cases.statement import Statement
from moderation.cases.wording import of_hearing
from moderation.change import Act, Change, Context, More, Seen
from moderation.community.member import Member
from moderation.community.post import Post
from moderation.errors import Conflict, Fault, Invalid
from moderation.ids import AppealId
from moderation.records import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAppeal:
    """Somebody new decides an appeal. Answers the appeal.

    Upheld: what was decided stands. Reversed: an author gets back what was taken, in the same
    change; for a notifier the kept content is judged anew. Conflict: the appeal is decided, or he
    had a part in what is contested, is a party to it, or belongs to the unit concerned.
    """

    appeal_id: AppealId
    actor: Actor
    outcome: Literal["upheld", "reversed"]
    reasons: str
    rules: HouseRules
    render: Callable[[str], str]

    def reads(self) -> tuple[Ref[Any], ...]:
        """The appeal, which names everything else."""
        return (Appeal.at(self.appeal_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Appeal] | More:
        """Three reads at most: the appeal, what it is about, and a case opened since."""
        appeal = seen.need(Appeal.at(self.appeal_id))
        more = More.unless_seen(seen, _about(appeal)) or More.unless_seen(seen, _then(appeal, seen))
        if more is not None:
            return more
        case = seen.need(Case.at(appeal.case_id))
        self._check(appeal, case)
        heard = replace(
            appeal,
            state="decided",
            outcome=self.outcome,
            outcome_reasons=self.reasons,
            decided_by=self.actor.id,
            decided_at=context.now,
        )
        action = Action.APPEAL_REVERSE if self.outcome == "reversed" else Action.APPEAL_UPHOLD
        act = Act(
            appeal.ref,
            action,
            self.actor,
            reason=f"appeal:{self.outcome}",
            payload=of_hearing(heard),
        )
        effect = self._reversed(appeal, case, seen, context)
        told = Message(
            id=context.new_id(),
            kind=MessageKind.APPEAL_DECIDED,
            about=appeal.id,
            created_at=context.now,
            to=appeal.appellant,
        )
        return Change(
            answer=heard,
            puts=(heard, *effect.puts, told),
            checks=effect.checks,
            acts=(act, *effect.acts),
            reference=appeal.ref,
        )

    def recall(self, reference: Ref[Appeal], seen: Seen) -> Appeal | More:
        """The appeal."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)

    def _check(self, appeal: Appeal, case: Case) -> None:
        if appeal.state != "open":
            raise Conflict("The appeal has been decided.", code="appeal-decided")
        if self.actor.id in appeal.excluded:
            raise Conflict("Whoever decided or approved does not hear the appeal.", code=CODE)
        if self.actor.id in {appeal.appellant, case.post.author.id}:
            raise Conflict("Nobody judges in a matter of his own.", code=CODE)
        if concerns_operator(case):
            check_outside_unit(case, self.actor)
        if not self.reasons.strip():
            raise Invalid("Reasons are missing.", faults=(Fault("/reasons", "Say why."),))

    def _reversed(self, appeal: Appeal, case: Case, seen: Seen, context: Context) -> Change[None]:
        if self.outcome == "upheld":
            return Change(answer=None)
        bench = Bench(actor=self.actor, context=context, rules=self.rules, render=self.render)
        post, open_case = seen.need(Post.at(appeal.post_id)), _open_case(appeal, seen)
        if appeal.notice_id is not None:
            notice = seen.need(Notice.at(appeal.notice_id))
            kept = Kept(appeal=appeal, notice=notice, case=case, post=post, open_case=open_case)
            return judge_anew(kept, bench)
        contested = Contested(
            statement=seen.need(_statement_ref(appeal)),
            case=case,
            post=post,
            open_case=open_case,
            member=seen.get(Member.at(post.author.id)) if _has_measure(case) else None,
        )
        return lift(contested, bench)


def _about(appeal: Appeal) -> tuple[Ref[Any], ...]:
    """What the appeal itself names."""
    source = Notice.at(appeal.notice_id) if appeal.notice_id is not None else _statement_ref(appeal)
    return (
        Case.at(appeal.case_id),
        Post.at(appeal.post_id),
        Guard.at(appeal.post_id),
        source,
    )


def _then(appeal: Appeal, seen: Seen) -> tuple[Ref[Any], ...]:
    """What is known only now: the case open on the post, the author under a measure."""
    guard = seen.get(Guard.at(appeal.post_id))
    open_case = () if guard is None else (Case.at(guard.case_id),)
    case = seen.need(Case.at(appeal.case_id))
    member = (Member.at(case.post.author.id),) if _has_measure(case) else ()
    return (*open_case, *member)


def _open_case(appeal: Appeal, seen: Seen) -> Case | None:
    guard = seen.get(Guard.at(appeal.post_id))
    return None if guard is None else seen.need(Case.at(guard.case_id))


def _statement_ref(appeal: Appeal) -> Ref[Statement]:
    return Statement.at(appeal.statement_id or "")


def _has_measure(case: Case) -> bool:
    return case.decision is not None and case.decision.member_measure is not None
