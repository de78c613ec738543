"""Cases as the staff side works with them."""

from collections.abc import Mapping

from functions.api.parts import RULES_ONLY, Parts
from functions.api.presenters.decisions import decision_view
from functions.api.presenters.posts import author_view
from moderation.cases.case import Case, Claim, Content, Hold, NoticeLink
from moderation.cases.claiming import claim_at
from moderation.cases.notice import Notice
from moderation.cases.opening import content_of
from moderation.cases.visibility import readable
from moderation.community.post import Post
from moderation.detection.signal import Signal
from schemas import cases as wire
from schemas.decisions import SpanView

Notices = Mapping[str, Notice]
"""The notices of a case by id, where their words are wanted."""


def case_view(case: Case, parts: Parts, notices: Notices | None = None) -> wire.CaseView:
    """The case; with the words of its notices where they were read."""
    claim = claim_at(case, parts.now())
    return wire.CaseView(
        id=case.id,
        state=case.state.value,
        queue=case.queue,
        category=case.category.value,
        severity=case.severity.value,
        subject=wire.SubjectView(kind="post", id=case.post.id, revision=case.post.revision),
        content=_content(case),
        signals=[_signal(signal) for signal in case.signals],
        scoring=_scoring(case.post, parts),
        notices=[_notice(link, case, notices or {}) for link in case.notices],
        notice_count=case.notice_count,
        opened_by=case.opened_by.value,
        about_operator=case.about_operator,
        escalated=case.escalated,
        knowledge_at=case.knowledge_at,
        due_at=case.due_at,
        legal_due_at=case.legal_due_at,
        clocks=[
            wire.ClockView(rule=c.rule, source=c.source, kind=c.kind, due_at=c.due_at)
            for c in case.clocks
        ],
        claim=_claim(claim) if claim else None,
        hold=_hold(case.hold) if case.hold else None,
        decision=decision_view(case.decision) if case.decision else None,
        history=[
            wire.EventView(at=event.at, action=event.action, by=event.by, note=event.note)
            for event in case.history
        ],
        created_at=case.created_at,
    )


def _scoring(post: Post, parts: Parts) -> str:
    """What has read these very words beside the rules; what may have, has not."""
    if post.unchecked:
        return "waiting for a score"
    if post.scored_by is None and not parts.scorer.startswith(RULES_ONLY):
        return f"{RULES_ONLY}: the model has not read it"
    return post.scored_by or parts.scorer


def _content(case: Case) -> wire.ContentView:
    current = content_of(case.post)
    return wire.ContentView(
        frozen=_words(case.frozen or current),
        current=_words(current),
        state=case.post.state.value,
        author=author_view(case.post.author),
        thread_id=case.post.thread_id,
        board=case.post.board,
    )


def _words(content: Content) -> wire.WordsView:
    return wire.WordsView(
        revision=content.revision,
        title=content.title,
        body=readable(content),
        language=content.language,
    )


def _signal(signal: Signal) -> wire.SignalView:
    span = signal.span
    return wire.SignalView(
        detector=signal.detector,
        version=signal.version,
        category=signal.category.value,
        score_ppm=signal.score_ppm,
        span=SpanView(start=span.start, end=span.end) if span else None,
        excerpt=signal.excerpt,
        explanation=signal.explanation,
        rule=signal.rule,
        advisory=signal.advisory,
    )


def _notice(link: NoticeLink, case: Case, notices: Notices) -> wire.CaseNoticeView:
    said: dict[str, object] = {
        "id": link.notice_id,
        "received_at": link.received_at,
        "category": link.category.value,
    }
    notice = notices.get(link.notice_id)
    if notice is not None:
        excerpts = [i.excerpt for i in notice.items if i.case_id == case.id and i.excerpt]
        said |= {
            "kind": notice.kind,
            "reasons": notice.reasons,
            "excerpts": excerpts,
            "language": notice.language,
            "anonymous": notice.notifier is None and notice.member_id is None,
            "self_interested": notice.self_interested,
        }
    return wire.CaseNoticeView.model_validate(said)


def _claim(claim: Claim) -> wire.ClaimView:
    return wire.ClaimView(by=claim.by, until=claim.until)


def _hold(hold: Hold) -> wire.HoldView:
    return wire.HoldView(
        statement_id=hold.statement_id, lapses_at=hold.lapses_at, lapses_to=hold.lapses_to
    )
