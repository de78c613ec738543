"""Reopening: a notifier's appeal that succeeds has the kept content judged anew, by others."""

from dataclasses import dataclass, replace

from moderation.audit.actions import Action
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, Guard, NoticeLink, Opener
from moderation.cases.clocks import earliest, law_clocks, legal_end, merged, product_clocks
from moderation.cases.effect import Bench
from moderation.cases.history import noted
from moderation.cases.notice import Notice
from moderation.cases.noticing import NOTICES_ON_CASE
from moderation.cases.reversing import REASON, combined, undone
from moderation.cases.urgency import alarms, raised
from moderation.change import Act, Change
from moderation.community.post import Post
from moderation.detection.taxonomy import facts_of
from moderation.ids import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a notifier's appeal is about: the case that kept the post, and the post as it is now.

    `open_case` is one that has been opened on the post since.
    """

    appeal: Appeal
    notice: Notice
    case: Case
    post: Post
    open_case: Case | None


def judge_anew(kept: Kept, bench: Bench) -> Change[None]:
    """Open the question again, closed to those who answered it first (DSA Art. 20(4)).

    The notice's place points at the new case, so its outcome is read from there.
    """
    case, opened = (
        _fresh(kept, bench) if kept.open_case is None else _joined(kept, kept.open_case, bench)
    )
    items = tuple(
        replace(item, case_id=case.id) if item.case_id == kept.case.id else item
        for item in kept.notice.items
    )
    notice = replace(kept.notice, items=items)
    act = Act(notice.ref, Action.APPEAL_REVERSE, bench.actor, reason=REASON)
    return combined(
        [
            undone(kept.case, kept.appeal.id, bench),
            opened,
            Change(answer=None, puts=(notice,), acts=(act,)),
        ]
    )


def _fresh(kept: Kept, bench: Bench) -> tuple[Case, Change[None]]:
    now, notice = bench.context.now, kept.notice
    facts = facts_of(notice.category)
    clocks = merged(
        product_clocks(notice.category, now),
        law_clocks(notice.category, notice.received_at, bench.rules.profile),
    )
    case = Case(
        id=CaseId(bench.context.new_id()),
        post=kept.post,
        category=notice.category,
        severity=facts.severity,
        queue=facts.queue,
        opened_by=Opener.APPEAL,
        created_at=now,
        due_at=earliest(clocks),
        legal_due_at=legal_end(clocks),
        clocks=clocks,
        about_operator=kept.case.about_operator,
    )
    case, change = _linked(case, Action.CASE_OPEN, kept, bench)
    guard = Guard(post_id=kept.post.id, case_id=case.id)
    return case, replace(change, puts=(*change.puts, guard), checks=(kept.post.ref,))


def _joined(kept: Kept, open_case: Case, bench: Bench) -> tuple[Case, Change[None]]:
    case = raised(open_case, kept.notice.category, bench.context.now)
    return _linked(case, Action.CASE_JOIN, kept, bench)


def _linked(case: Case, action: Action, kept: Kept, bench: Bench) -> tuple[Case, Change[None]]:
    link = NoticeLink(
        case_id=case.id,
        notice_id=kept.notice.id,
        received_at=kept.notice.received_at,
        category=kept.notice.category,
    )
    excluded = dict.fromkeys((*case.excluded, *kept.case.excluded, *kept.appeal.excluded))
    case = replace(
        case,
        notices=(*case.notices, link)[:NOTICES_ON_CASE],
        notice_count=case.notice_count + 1,
        excluded=tuple(excluded),
        knowledge_at=case.knowledge_at or kept.case.knowledge_at,
    )
    case = noted(case, bench.context.now, action, bench.actor, kept.appeal.id)
    act = Act(case.ref, action, bench.actor, reason=REASON, content=case.post.revision)
    told = alarms(case, kept.open_case, bench.context)
    return case, Change(answer=None, puts=(case, link, *told), acts=(act,))
