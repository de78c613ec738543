"""Legal holds and erasures as compliance sees them."""

from moderation.compliance.erasure import Erasure
from moderation.compliance.legal_hold import LegalHold
from schemas.compliance import ErasureView, KeptView, LegalHoldView


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
