"""Decisions, notices and exports as they come in, in the domain's own words."""

from datetime import UTC, datetime

from moderation.actor import Actor
from moderation.cases.admissibility import Proposal
from moderation.cases.decision import (
    Ground,
    IllegalGround,
    Measure,
    MemberMeasure,
    Outcome,
    Referral,
    TermsGround,
)
from moderation.cases.notice import Notifier
from moderation.cases.places import Place
from moderation.community.post import RestrictionKind
from moderation.compliance.export_request import RequestExport
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category
from moderation.ids import PostId
from schemas import audit, grounds, notices
from schemas import decisions as wire

FIRST_LOG = datetime(2026, 1, 1, tzinfo=UTC)
"""No log of this format is older."""


def proposal_of(body: wire.NewDecision) -> Proposal:
    """What a moderator puts forward."""
    return Proposal(
        revision=body.revision,
        outcome=Outcome(body.outcome),
        category=Category(body.category),
        facts=body.facts,
        about_operator=body.about_operator,
        ground=_ground(body.ground) if body.ground else None,
        measure=_measure(body.measure) if body.measure else None,
        member_measure=_member_measure(body.member_measure) if body.member_measure else None,
        referral=_referral(body.referral) if body.referral else None,
    )


def place_of(item: notices.NewNoticeItem) -> Place:
    """One place of a notice."""
    post_id = PostId(item.post_id) if item.post_id is not None else None
    return Place(post_id=post_id, url=item.url, excerpt=item.excerpt)


def notifier_of(notifier: notices.NewNotifier | None) -> Notifier | None:
    """Who files a notice."""
    if notifier is None:
        return None
    return Notifier(
        name=notifier.name,
        email=notifier.email,
        type=notifier.type,
        on_behalf_of=notifier.on_behalf_of,
    )


def export_of(body: audit.NewExport, actor: Actor, now: datetime) -> RequestExport:
    """What an export is to be of; a case whole, from the beginning of all logs."""
    return RequestExport(
        actor=actor,
        start=body.start or FIRST_LOG,
        end=body.end or now,
        profile=body.profile,
        actors=None if body.actor is None else (body.actor,),
        action=body.action,
        subject=body.subject,
        case=body.case,
    )


def _ground(ground: grounds.IllegalGround | grounds.TermsGround) -> Ground:
    if isinstance(ground, grounds.IllegalGround):
        return IllegalGround(norm=ground.norm, explanation=ground.explanation)
    return TermsGround(clause=ground.clause, version=ground.version, explanation=ground.explanation)


def _measure(measure: wire.NewMeasure) -> Measure:
    return Measure(
        kind=RestrictionKind(measure.kind),
        spans=tuple(Span(span.start, span.end) for span in measure.spans),
        territory=tuple(measure.territory),
        until=measure.until,
    )


def _member_measure(measure: wire.NewMemberMeasure) -> MemberMeasure:
    return MemberMeasure(kind=measure.kind, until=measure.until)


def _referral(referral: wire.ReferralMade | wire.ReferralNotMade) -> Referral:
    if isinstance(referral, wire.ReferralNotMade):
        return Referral(made=False, why=referral.why)
    return Referral(
        made=True, authority=referral.authority, at=referral.at, reference=referral.reference
    )
