"""Legal holds, erasures and disclosures as compliance sees them."""

from moderation.compliance.disclosing import Disclosed
from moderation.compliance.disclosure import Disclosure
from moderation.compliance.erasure import Erasure
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


def erasure_view(erasure: Erasure) -> ErasureView:
    """One erasure, and what of it has to wait."""
    return ErasureView(
        id=erasure.id,
        target=erasure.target,
        state=erasure.state,
        requested_at=erasure.requested_at,
        due_at=erasure.due_at,
        kept=[KeptView(subject=each.subject, why=each.why) for each in erasure.kept],
        done_at=erasure.done_at,
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
