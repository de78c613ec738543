"""`/v1/holds`: what no erasure may touch for now."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.paging import paged
from functions.api.presenters.compliance import hold_view
from moderation.compliance.holding_back import PlaceHold, ReleaseHold
from moderation.compliance.legal_hold import LegalHold
from moderation.ids import HoldId
from schemas.compliance import LegalHoldPage, LegalHoldView, NewLegalHold
from schemas.page import ListQuery
from schemas.strict import Nothing

holds = Resource("holds")


@holds.get("/v1/holds", takes=ListQuery, gives=LegalHoldPage)
def list_holds(call: Call, query: ListQuery) -> Reply:
    """List the legal holds in force, by their review."""
    page = paged(call, query, call.parts.lists.holds)
    return Reply(LegalHoldPage(items=[hold_view(hold) for hold in page.items], next=page.next))


@holds.post("/v1/holds", takes=NewLegalHold, gives=LegalHoldView)
def place_hold(call: Call, body: NewLegalHold) -> Reply:
    """Have a member, a post, a case or a notice kept from erasure."""
    hold = call.run(
        PlaceHold(
            subject=body.subject,
            matter=body.matter,
            basis=body.basis,
            review_at=body.review_at,
            actor=call.member,
        )
    )
    return Reply(hold_view(hold), call.location(f"/v1/holds/{hold.id}"))


@holds.get("/v1/holds/{id}", takes=Nothing, gives=LegalHoldView)
def get_hold(call: Call, _: Nothing) -> Reply:
    """Read one hold, in force or released."""
    ref = LegalHold.at(call.id)
    return Reply(hold_view(call.parts.units.read(ref).need(ref)))


@holds.delete("/v1/holds/{id}")
def release_hold(call: Call, _: Nothing) -> Reply:
    """Release a hold; erasures that waited for it go on."""
    call.run(ReleaseHold(hold_id=HoldId(call.id), actor=call.member))
    return Reply()
