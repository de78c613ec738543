"""Whatever is done in whatever order, alone or at once, the workflow stays in order.

Two posts, a few people, and every command of the workflow, drawn at random; pairs of commands both
read before either writes, so that one of them loses and decides anew. After each write the records
must agree with each other and with what the law asks of them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from moderation.actor import Actor
from moderation.cases.appeal import Appeal
from moderation.cases.appealing import AppealNotice, AppealStatement
from moderation.cases.approving import ApproveDecision
from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.claiming import ClaimCase, EscalateCase, ReleaseCase
from moderation.cases.deciding import DecideCase
from moderation.cases.decision import (
    Decision,
    DecisionState,
    Measure,
    MemberMeasure,
    Outcome,
)
from moderation.cases.hearing import DecideAppeal
from moderation.cases.lapsing import LapseHold
from moderation.cases.message import Message, MessageKind
from moderation.cases.notice import Notice
from moderation.cases.noticing import FileNotice
from moderation.cases.places import Place
from moderation.cases.scoring import RecordScore
from moderation.cases.statement import Statement
from moderation.cases.visibility import visible_body
from moderation.change import Command
from moderation.community.deleting import DeletePost
from moderation.community.editing import EditPost
from moderation.community.markup import render
from moderation.community.member import WarningIssued
from moderation.community.post import Post, PostState, RestrictionKind
from moderation.detection import verdict
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category, Flag, Severity, facts_of
from moderation.detection.verdict import Verdict
from moderation.errors import DomainError
from moderation.ids import PostId
from tests.support.apply_change import WAITING, Office
from tests.support.casework import APP, INSIDER, MO, NOA, POST, REPORTED, proposal
from tests.support.community import KIM, MEMBER, NOTHING, NOW, RULES, found, intake, ulid

POSTS = tuple(
    replace(POST, id=PostId(ulid(3500 + n)), unchecked=True, html=render(POST.body))
    for n in range(2)
)
STAFF = (MO, NOA, APP, INSIDER, KIM)
CATEGORIES = (
    Category.INSULT,
    Category.FRAUD,
    Category.LIFE_THREAT,
    Category.SELF_HARM,
    Category.UNSPEC,
)
VERDICTS: tuple[Verdict, ...] = (
    NOTHING,
    *(found(c, action) for c in CATEGORIES[:4] for action in list(verdict.Action)[1:]),
    found(Category.INSULT, verdict.Action.FLAG, about_operator=True),
)
COVER = Measure(kind=RestrictionKind.REDACTION, spans=(Span(0, 3),))
ABROAD = Measure(kind=RestrictionKind.DISABLING, territory=("DE",))
FOR_A_TIME = Measure(kind=RestrictionKind.DISABLING, until=NOW + timedelta(days=2))
PROPOSALS = (
    proposal(Outcome.KEEP),
    proposal(Outcome.KEEP, Category.THREAT),
    proposal(about_operator=True, category=Category.TC),
    proposal(),
    proposal(about_operator=True),
    proposal(category=Category.LIFE_THREAT, referral=REPORTED),
    proposal(Outcome.REDACT, Category.DOX, measure=COVER),
    proposal(Outcome.RESTRICT, Category.SYMBOL, measure=ABROAD),
    proposal(Outcome.RESTRICT, measure=FOR_A_TIME),
    proposal(member_measure=MemberMeasure(kind="warn")),
    proposal(member_measure=MemberMeasure(kind="suspend")),
    proposal(category=Category.REVIEW_OPINION),
)
type Draw = int
type Make = Callable[[Office, Draw], Command[Any] | None]


def _pick[T](things: list[T] | tuple[T, ...], draw: Draw) -> T | None:
    return things[draw % len(things)] if things else None


def _post(at: Office, draw: Draw) -> Post:
    return at.get(Post.at(POSTS[draw % 2].id))


def _case(at: Office, draw: Draw) -> Case | None:
    """Mostly the case that is open, now and then any other."""
    guard = at.records.get(Guard.at(_post(at, draw).id))
    if isinstance(guard, Guard) and draw % 5:
        return at.get(Case.at(guard.case_id))
    return _pick(at.all(Case), draw)


def _who(draw: Draw) -> Actor:
    return STAFF[(draw // 7) % len(STAFF)]


def _edit(at: Office, draw: Draw) -> Command[Any]:
    post = _post(at, draw)
    body = f"{'abc ' * (draw % 3 + 1)}{draw}"
    checked = intake(VERDICTS[draw % len(VERDICTS)], owes_score=bool(draw % 2))
    return EditPost(
        actor=KIM, post_id=post.id, body=body, expected=post.revision, intake=checked, rules=RULES
    )


def _delete(at: Office, draw: Draw) -> Command[Any] | None:
    return DeletePost(actor=KIM, post_id=_post(at, draw).id) if draw % 3 == 0 else None


def _notice(at: Office, draw: Draw) -> Command[Any]:
    places = tuple(Place(post_id=_post(at, draw + n).id) for n in range(draw % 2 + 1))
    return FileNotice(
        places=places,
        reasons="Weg.",
        rules=RULES,
        category=CATEGORIES[draw % len(CATEGORIES)],
        good_faith=True,
    )


def _score(at: Office, draw: Draw) -> Command[Any]:
    post = _post(at, draw)
    return RecordScore(
        post_id=post.id,
        revision=post.revision - draw % 2,
        verdict=VERDICTS[draw % len(VERDICTS)],
        rules=RULES,
    )


def _claim(at: Office, draw: Draw) -> Command[Any] | None:
    case = _case(at, draw)
    return None if case is None else ClaimCase(case_id=case.id, actor=_who(draw), rules=RULES)


def _release(at: Office, draw: Draw) -> Command[Any] | None:
    case = _case(at, draw)
    return None if case is None else ReleaseCase(case_id=case.id, actor=_who(draw))


def _escalate(at: Office, draw: Draw) -> Command[Any] | None:
    case = _case(at, draw)
    return (
        None if case is None else EscalateCase(case_id=case.id, actor=_who(draw), reason="Bitte.")
    )


def _decide(at: Office, draw: Draw) -> Command[Any] | None:
    """By whoever holds the claim, about the revision he sees or the one before."""
    case = _case(at, draw)
    if case is None:
        return None
    holder = next((a for a in STAFF if case.claim and a.id == case.claim.by), _who(draw))
    judged = case.post.revision - (draw % 11 == 0)
    return DecideCase(
        case_id=case.id,
        actor=holder,
        proposal=replace(PROPOSALS[draw % len(PROPOSALS)], revision=judged),
        rules=RULES,
        render=render,
    )


def _approve(at: Office, draw: Draw) -> Command[Any] | None:
    proposed = [case for case in at.all(Case) if case.state is CaseState.AWAITING_APPROVAL]
    case = _pick(proposed, draw) or _case(at, draw)
    return (
        None
        if case is None
        else ApproveDecision(
            case_id=case.id,
            actor=_who(draw),
            approve=bool(draw % 3),
            reason="Geprüft.",
            rules=RULES,
            render=render,
        )
    )


def _appeal(at: Office, draw: Draw) -> Command[Any] | None:
    statement = _pick(at.all(Statement), draw)
    return (
        None
        if statement is None
        else AppealStatement(statement_id=statement.id, actor=KIM, reasons="Zitat.", rules=RULES)
    )


def _insist(at: Office, draw: Draw) -> Command[Any] | None:
    notice = _pick(at.all(Notice), draw)
    return (
        None if notice is None else AppealNotice(notice_id=notice.id, reasons="Doch.", rules=RULES)
    )


def _hear(at: Office, draw: Draw) -> Command[Any] | None:
    appeal = _pick(at.all(Appeal), draw)
    return (
        None
        if appeal is None
        else DecideAppeal(
            appeal_id=appeal.id,
            actor=_who(draw),
            outcome="reversed" if draw % 3 else "upheld",
            reasons="Gelesen.",
            rules=RULES,
            render=render,
        )
    )


def _lapse(at: Office, draw: Draw) -> Command[Any] | None:
    case = _pick([case for case in at.all(Case) if case.lapses_at is not None], draw)
    return None if case is None else LapseHold(case_id=case.id)


MAKERS: tuple[Make, ...] = (
    _edit,
    _delete,
    _notice,
    _score,
    _claim,
    _claim,
    _claim,
    _release,
    _escalate,
    _decide,
    _decide,
    _decide,
    _approve,
    _appeal,
    _insist,
    _hear,
    _hear,
    _lapse,
)
STEP = st.tuples(st.sampled_from(MAKERS), st.integers(0, 10_000))


class Workflow(RuleBasedStateMachine):
    """An office in which anything may happen."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office()
        warned = replace(MEMBER, warnings=(WarningIssued(at=NOW, case_id="x", category="INSULT"),))
        self.office.put(warned, *POSTS)
        self.office.watch = check_all

    @rule(step=STEP)
    def one_acts(self, step: tuple[Make, Draw]) -> None:
        """A command runs alone; it is carried out or refused."""
        begun = self._begin(step)
        if begun is not None:
            assert self.office.commit(begun)

    @rule(first=STEP, second=STEP)
    def two_act_at_once(self, first: tuple[Make, Draw], second: tuple[Make, Draw]) -> None:
        """Both read, then both write; who comes too late reads again and decides anew."""
        begun, late = self._begin(first), self._begin(second)
        if begun is not None:
            assert self.office.commit(begun)
        if late is not None and not self.office.commit(late):
            again = self._begin(second)
            if again is not None:
                assert self.office.commit(again)

    @rule(minutes=st.sampled_from((1, 9, 10, 60, 1_440, 20_160)))
    def time_passes(self, minutes: int) -> None:
        """Claims run out, holds lapse, windows close."""
        self.office.later(minutes=minutes)

    @invariant()
    def everything_agrees(self) -> None:
        """At every moment."""
        check_all(self.office)

    def _begin(self, step: tuple[Make, Draw]) -> Any:
        make, draw = step
        command = make(self.office, draw)
        if command is None:
            return None
        try:
            return self.office.begin(command)
        except DomainError:
            return None


def check_all(at: Office) -> None:
    """Hold every record to what must always be so."""
    for post in at.all(Post):
        _check_guard(at, post)
        _check_restrictions(at, post)
    for case in at.all(Case):
        _check_case(at, case)
    for decision in at.all(Decision):
        assert DecisionState.REJECTED is decision.state
    for appeal in at.all(Appeal):
        assert appeal.decided_by not in {*appeal.excluded, KIM.id}
        assert (appeal.state == "decided") == (appeal.decided_by is not None)


def _check_guard(at: Office, post: Post) -> None:
    """A post has one open case at most, says which, and the case knows the post as it is."""
    waiting = [c for c in at.all(Case) if c.post.id == post.id and c.state in WAITING]
    guard = at.records.get(Guard.at(post.id))
    guarded = [guard.case_id] if isinstance(guard, Guard) else []
    assert guarded == [case.id for case in waiting]
    for case in waiting:
        assert post == case.post
        assert case.frozen is None or case.frozen.revision <= post.revision
        held = any(r.kind is RestrictionKind.HOLD for r in post.restrictions)
        assert held == (case.hold is not None)


def _check_restrictions(at: Office, post: Post) -> None:
    """Nothing is restricted without reasons given; readers see what the restrictions leave."""
    issued = {(s.restriction, s.issued_at) for s in at.all(Statement) if s.post_id == post.id}
    assert {(r.kind, r.since) for r in post.restrictions} <= issued
    assert bool(post.restrictions) == (post.statement_id is not None)
    kinds = [r.kind for r in post.restrictions]
    assert kinds.count(RestrictionKind.HOLD) <= 1
    if post.state is not PostState.DELETED:
        hidden = RestrictionKind.REMOVAL in kinds or any(
            r.kind is RestrictionKind.DISABLING and not r.territory for r in post.restrictions
        )
        held = RestrictionKind.HOLD in kinds and not hidden
        assert (hidden, held) == (
            post.state is PostState.REMOVED,
            post.state is PostState.HELD,
        )
    assert render(visible_body(post)) == post.html


def _check_case(at: Office, case: Case) -> None:
    decision = case.decision
    assert (decision is not None) == (
        case.state in {CaseState.AWAITING_APPROVAL, CaseState.DECIDED}
    )
    if case.severity is Severity.S4 and case.decision is None:
        urgent = {m.about for m in at.all(Message) if m.kind is MessageKind.URGENT}
        assert case.id in urgent
    if decision is None:
        return
    assert decision.revision <= case.post.revision
    assert decision.decided_by not in {KIM.id, decision.approved_by, *case.excluded}
    restricts = decision.outcome is not Outcome.KEEP
    assert not restricts or Flag.NEVER_REMOVABLE not in facts_of(decision.category).flags
    if case.state is CaseState.DECIDED:
        assert decision.revision == case.post.revision
        assert restricts == (decision.statement_id is not None)
        if restricts and decision.about_operator:
            assert decision.approved_by not in {None, INSIDER.id}


TestWorkflow = Workflow.TestCase
TestWorkflow.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
