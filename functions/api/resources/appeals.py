"""`/v1/appeals`: objections, decided by somebody new."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.paging import paged
from functions.api.presenters.appeals import appeal_view
from moderation.cases.appeal import Appeal
from moderation.cases.hearing import DecideAppeal
from moderation.ids import AppealId
from schemas.appeals import AppealPage, AppealQuery, AppealView, NewAppealDecision
from schemas.strict import Nothing

appeals = Resource("appeals")


@appeals.get("/v1/appeals", takes=AppealQuery, gives=AppealPage)
def list_appeals(call: Call, query: AppealQuery) -> Reply:
    """List appeals by what is due."""
    lists = call.parts.lists
    page = paged(call, query, lambda limit, at: lists.appeals(query.state, limit, at))
    return Reply(AppealPage(items=[appeal_view(a) for a in page.items], next=page.next))


@appeals.get("/v1/appeals/{id}", takes=Nothing, gives=AppealView)
def get_appeal(call: Call, _: Nothing) -> Reply:
    """Read one appeal."""
    return Reply(appeal_view(call.parts.units.read(Appeal.at(call.id)).need(Appeal.at(call.id))))


@appeals.post(
    "/v1/appeals/{id}/decision",
    takes=NewAppealDecision,
    gives=AppealView,
    problems=("appeal-decided", "conflict-of-interest"),
)
def decide_appeal(call: Call, body: NewAppealDecision) -> Reply:
    """Let a decision stand, or take it back."""
    appeal = call.run(
        DecideAppeal(
            appeal_id=AppealId(call.id),
            actor=call.member,
            outcome=body.outcome,
            reasons=body.reasons,
            rules=call.parts.house,
            render=call.parts.intake.render,
        )
    )
    return Reply(appeal_view(appeal))
