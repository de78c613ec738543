"""`/v1/grounds`: what a decision may be based on."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.presenters.grounds import grounds_view
from moderation.cases.grounds import grounds as all_grounds
from schemas.grounds import Grounds
from schemas.strict import Nothing

grounds = Resource("grounds")


@grounds.get("/v1/grounds", takes=Nothing, gives=Grounds)
def list_grounds(call: Call, _: Nothing) -> Reply:
    """Read the norms of each category and the clauses of the terms."""
    return Reply(grounds_view(all_grounds(call.parts.house.terms)))
