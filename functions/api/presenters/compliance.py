"""Legal holds, erasures and disclosures as compliance sees them."""

from moderation.change import NO_RECORDS, Seen, UnitOfWork
from moderation.compliance.disclosing import Disclosed
from moderation.compliance.disclosure import Disclosure
from moderation.compliance.erasure import Erasure, Kept
from moderation.compliance.legal_hold import LegalHold
from schemas.compliance import (
    DisclosedView,
    DisclosureView,
    ErasureView,
    KeptView,
    LegalHoldView,
    PseudonymView,
)


def hold_view(hold: LegalHold) -> LegalHoldView:
    """One hold."""
    return LegalHoldView(
        id=hold.id,
        subject=hold.subject,
        covers=list(hold.covers),
        matter=hold.matter,
        basis=hold.basis,
        review_at=hold.review_at,
        placed_by=hold.placed_by,
        placed_at=hold.placed_at,
        released_by=hold.released_by,
        released_at=hold.released_at,
    )


def erasure_view(erasure: Erasure, units: UnitOfWork) -> ErasureView:
    """One erasure; what has to wait with its ground and its review (GDPR Art. 12(4))."""
    refs = {LegalHold.at(hold) for kept in erasure.kept for hold in kept.holds}
    seen = units.read(*refs) if refs else NO_RECORDS
    return ErasureView(
        id=erasure.id,
        target=erasure.target,
        state=erasure.state,
        requested_at=erasure.requested_at,
        due_at=erasure.due_at,
        kept=[_kept(each, erasure, seen) for each in erasure.kept],
        done_at=erasure.done_at,
    )


def _kept(kept: Kept, erasure: Erasure, seen: Seen) -> KeptView:
    """Legal duties, and claims where nothing but claims keeps it."""
    holds = [hold for each in kept.holds if (hold := seen.get(LegalHold.at(each))) is not None]
    claims = bool(holds) and all(hold.basis == "claims" for hold in holds)
    looked_at = erasure.due_at or erasure.requested_at
    return KeptView(
        subject=kept.subject,
        why=kept.why,
        ground="GDPR Art. 17(3)(e)" if claims else "GDPR Art. 17(3)(b)",
        review_at=max([hold.review_at for hold in holds], default=looked_at),
    )


def disclosure_view(disclosure: Disclosure, disclosed: Disclosed | None) -> DisclosureView:
    """One disclosure, with what it disclosed where the caller may see it."""
    return DisclosureView(
        id=disclosure.id,
        kind=disclosure.kind,
        about=disclosure.about,
        reason=disclosure.reason,
        state=disclosure.state,
        requested_by=disclosure.requested_by,
        requested_at=disclosure.requested_at,
        decided_by=disclosure.decided_by,
        decided_at=disclosure.decided_at,
        result=None if disclosed is None else _disclosed(disclosed),
    )


def _disclosed(disclosed: Disclosed) -> DisclosedView:
    return DisclosedView(
        pseudonyms=[PseudonymView(year=y, pseudonym=name) for y, name in disclosed.pseudonyms],
        member_id=disclosed.member,
        member_name=disclosed.member_name,
    )
