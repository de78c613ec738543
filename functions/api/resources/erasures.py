"""`/v1/erasures`: what compliance has destroyed, and how far that is."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.presenters.compliance import erasure_view
from moderation.compliance.erasure import Erasure
from moderation.compliance.erasure_request import RequestErasure
from schemas.compliance import ErasureView, NewErasure
from schemas.strict import Nothing

erasures = Resource("erasures")


@erasures.post("/v1/erasures", takes=NewErasure, gives=ErasureView, status=202)
def order_erasure(call: Call, body: NewErasure) -> Reply:
    """Have a member, or a notice with its notifier, erased."""
    erasure = call.run(
        RequestErasure(
            target="notice" if body.member_id is None else "member",
            target_id=str(body.member_id or body.notice_id),
            actor=call.member,
        )
    )
    return Reply(
        erasure_view(erasure, call.parts.units), call.location(f"/v1/erasures/{erasure.id}")
    )


@erasures.get("/v1/erasures/{id}", takes=Nothing, gives=ErasureView)
def get_erasure(call: Call, _: Nothing) -> Reply:
    """Read how far the erasure of a member or a notice is, by their id."""
    ref = Erasure.at(call.id)
    units = call.parts.units
    return Reply(erasure_view(units.read(ref).need(ref), units))
