"""Opening a case by detection, and keeping it in step with the post it is about.

Whoever writes a post reads its guard with it. Where there is none, a finding opens a case
(`open_by_detection`), and a write without a finding checks that the guard is still absent. Where
there is one, the case is written in the same change: `revise` for an edit, `follow` for the rest.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from moderation.actor import SYSTEM, Actor
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Case, Content, Guard, Hold, Opener
from moderation.cases.clocks import earliest, product_clocks
from moderation.cases.history import noted
from moderation.cases.house_rules import HouseRules
from moderation.cases.message import Message, MessageKind
from moderation.cases.statements import hold_statement
from moderation.cases.urgency import alarms, raised, urgent
from moderation.cases.wording import of_statement
from moderation.change import Act, Change, Context
from moderation.community.post import Post, PostState, Restriction, RestrictionKind
from moderation.detection import verdict as detection
from moderation.detection.signal import Signal
from moderation.detection.taxonomy import Flag, facts_of
from moderation.detection.verdict import Verdict
from moderation.ids import CaseId, EntryId, StatementId
from moderation.records import Record

SIGNALS_KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a finding makes of a post: the post as it is now to be written, and all the rest.

    `puts` holds every other record of the change, the case first. `acts` has one act for each
    audited subject among them, and one for the post where it is held or edited under review.
    """

    post: Post
    case: Case
    puts: tuple[Record, ...]
    acts: tuple[Act, ...]


def open_by_detection(
    post: Post, verdict: Verdict, opener: Opener, context: Context, rules: HouseRules
) -> Opened:
    """Open a case about a post that a detector found, and hold the post where the verdict says so.

    A detector's hit is no knowledge (DSA Art. 6), so no clock of law starts. ValueError for a
    verdict that finds nothing.
    """
    if verdict.category is None:
        raise ValueError("a text against which nothing stands opens no case")
    facts = facts_of(verdict.category)
    clocks = product_clocks(verdict.category, context.now)
    case = Case(
        id=CaseId(context.new_id()),
        post=post,
        category=verdict.category,
        severity=facts.severity,
        queue=facts.queue,
        opened_by=opener,
        created_at=context.now,
        due_at=earliest(clocks),
        clocks=clocks,
    )
    case = noted(case, context.now, Action.CASE_OPEN, SYSTEM, verdict.category.value)
    found = _with_findings(case, verdict, context, rules, before=None)
    guard = Guard(post_id=post.id, case_id=case.id)
    act = _rule_act(Act(case.ref, Action.CASE_OPEN, SYSTEM), found.case, verdict)
    return replace(found, puts=(found.case, guard, *found.puts[1:]), acts=(act, *found.acts))


def join_by_detection(
    case: Case, post: Post, verdict: Verdict, context: Context, rules: HouseRules
) -> Opened:
    """Add a late finding about the words under review to the case that is open on them."""
    joined = noted(replace(case, post=post), context.now, Action.CASE_JOIN, SYSTEM)
    found = _with_findings(joined, verdict, context, rules, before=case)
    act = _rule_act(Act(case.ref, Action.CASE_JOIN, SYSTEM), found.case, verdict)
    return replace(found, acts=(act, *found.acts))


def revise(
    case: Case, post: Post, verdict: Verdict, actor: Actor, *, context: Context, rules: HouseRules
) -> Opened:
    """Take an author's edit of a guarded post into its case, and hold the post where need be.

    `post` is the post with its new words. A claim stays; a decision names the revision it judged,
    so nobody decides on words he has not seen. A held post stays held.
    """
    followed, act = follow(case, post, "edit", context, actor)
    found = _with_findings(followed, verdict, context, rules, before=case)
    held = found.post.state is not post.state
    edited = Act(post.ref, Action.POST_EDIT, actor, reason="edit:author", content=post.revision)
    return replace(found, acts=(act, *found.acts) if held else (act, edited))


def follow(
    case: Case,
    post: Post,
    event: Literal["edit", "delete", "score", "redrive", "lapse", "appeal", "forward"],
    context: Context,
    actor: Actor,
) -> tuple[Case, Act]:
    """The case of a guarded post that is written for another reason, and the case's act.

    The words the case was opened about are frozen when the author first moves on from them; the
    spans of earlier signals point into those, and are dropped.
    """
    frozen, signals = case.frozen, case.signals
    moved = post.revision != case.post.revision
    if moved or event == "delete":
        frozen = frozen or content_of(case.post)
    if moved:
        signals = tuple(replace(signal, span=None) for signal in signals)
    followed = replace(case, post=post, frozen=frozen, signals=signals)
    act = Act(case.ref, Action.CASE_UPDATE, actor, reason=f"post:{event}", content=post.revision)
    return noted(followed, context.now, Action.CASE_UPDATE, actor, event), act


def in_step(
    post: Post,
    open_case: Case | None,
    event: Literal["redrive", "lapse", "appeal", "forward"],
    context: Context,
    actor: Actor,
) -> Change[None]:
    """The post written with the case that is open on it, or with the check that none is.

    The act on the post is the caller's.
    """
    if open_case is None:
        return Change(answer=None, puts=(post,), checks=(Guard.at(post.id),))
    case, act = follow(open_case, post, event, context, actor)
    return Change(answer=None, puts=(case, post), acts=(act,))


def content_of(post: Post) -> Content:
    """The post's words at their revision."""
    return Content(
        revision=post.revision,
        body=post.body,
        title=post.title,
        language=post.language,
        sealed=post.sealed,
    )


def rule_name(signal: Signal) -> str:
    """The rule of a signal as the audit log names it: `set@version#id`."""
    parts = (signal.detector[:40], signal.version[:40], signal.rule[:60])
    name, version, rule = (re.sub(r"[^A-Za-z0-9._-]", "-", part) or "-" for part in parts)
    return f"{name}@{version}#{rule}"


def leading_signal(verdict: Verdict) -> Signal:
    """The strongest signal of the verdict's category, or of any where none is named for it."""
    own = [s for s in verdict.signals if s.category is verdict.category and not s.advisory]
    return max(own or verdict.signals, key=lambda signal: signal.score_ppm)


def _with_findings(
    case: Case, verdict: Verdict, context: Context, rules: HouseRules, *, before: Case | None
) -> Opened:
    """The case with a verdict's signals, and its post held where the verdict says so.

    The acts are those on the post and on the statement; the case's own act is the caller's.
    """
    if verdict.category is not None:
        case = raised(case, verdict.category, context.now)
    signals = (*case.signals, *(s for s in verdict.signals if s not in case.signals))
    case = replace(
        case,
        signals=signals[:SIGNALS_KEPT],
        about_operator=case.about_operator or verdict.about_operator,
    )
    messages = alarms(case, before, context)
    if verdict.help_offered and not _was_offered_help(before):
        messages = (_help(case, context), *(messages or (urgent(case, context),)))
    if verdict.action is not detection.Action.HOLD or case.post.state is not PostState.PUBLISHED:
        return Opened(post=case.post, case=case, puts=(case, *messages), acts=())
    return _held(case, verdict, messages, context, rules)


def _held(
    case: Case,
    verdict: Verdict,
    messages: tuple[Message, ...],
    context: Context,
    rules: HouseRules,
) -> Opened:
    facts = facts_of(case.category)
    minutes = facts.hold_minutes or facts.manifest_minutes
    hold = Hold(
        statement_id=StatementId(context.new_id()),
        lapses_at=context.now + timedelta(minutes=minutes),
        lapses_to="published" if facts.hold_lapses_to == "published" else "escalated",
        replaced=case.post.statement_id,
    )
    post = _waiting(case.post, hold, context)
    case = noted(replace(case, post=post, hold=hold), context.now, Action.POST_HOLD, SYSTEM)
    statement = hold_statement(
        case,
        hold,
        leading_signal(verdict),
        entry_id=EntryId(context.new_id()),
        at=context.now,
        rules=rules,
    )
    told = Message(
        id=context.new_id(),
        kind=MessageKind.STATEMENT,
        about=statement.id,
        created_at=context.now,
        to=post.author.id,
    )
    issue = Act(
        statement.ref,
        Action.STATEMENT_ISSUE,
        SYSTEM,
        entry_id=statement.entry_id,
        payload=of_statement(statement),
    )
    return Opened(
        post=post,
        case=case,
        puts=(case, statement, *messages, told),
        acts=(
            _rule_act(Act(post.ref, Action.POST_HOLD, SYSTEM), case, verdict),
            _rule_act(issue, case, verdict),
        ),
    )


def _waiting(post: Post, hold: Hold, context: Context) -> Post:
    """The post under a hold; one that ends in escalation has no end of its own."""
    until = hold.lapses_at if hold.lapses_to == "published" else None
    restriction = Restriction(kind=RestrictionKind.HOLD, since=context.now, until=until)
    return replace(
        post,
        state=PostState.HELD,
        restrictions=(*post.restrictions, restriction),
        statement_id=hold.statement_id,
    )


def _was_offered_help(case: Case | None) -> bool:
    """Whether the author has been written to before; an edit does not ring every time."""
    return case is not None and any(
        Flag.HELP_MESSAGE in facts_of(signal.category).flags for signal in case.signals
    )


def _help(case: Case, context: Context) -> Message:
    return Message(
        id=context.new_id(),
        kind=MessageKind.HELP,
        about=case.id,
        created_at=context.now,
        to=case.post.author.id,
    )


def _rule_act(act: Act, case: Case, verdict: Verdict) -> Act:
    return replace(
        act,
        via=Via.RULE,
        reason=f"found:{case.category.value}",
        rule=rule_name(leading_signal(verdict)),
        content=case.post.revision,
    )
