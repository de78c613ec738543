"""`/v1/statements`: why content was restricted, and objecting to it."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.presenters.appeals import appeal_view
from functions.api.presenters.log import receipt_view
from functions.api.presenters.statements import statement_view
from moderation.cases.appealing import AppealStatement
from moderation.cases.statement import Statement
from moderation.errors import NotFound
from moderation.ids import StatementId
from schemas.appeals import AppealView, NewAppeal
from schemas.statements import StatementView
from schemas.strict import Nothing

statements = Resource("statements")


@statements.get("/v1/statements/{id}", takes=Nothing, gives=StatementView)
def get_statement(call: Call, _: Nothing) -> Reply:
    """Read one statement of reasons, as its addressee."""
    statement = call.parts.units.read(Statement.at(call.id)).need(Statement.at(call.id))
    if statement.addressee != call.member.id:
        raise NotFound("There is no such statement.")
    receipt = receipt_view(call.parts, statement.ref)
    return Reply(statement_view(statement).model_copy(update={"receipt": receipt}))


@statements.post(
    "/v1/statements/{id}/appeal",
    takes=NewAppeal,
    gives=AppealView,
    problems=("window-closed", "already-appealed"),
)
def appeal_statement(call: Call, body: NewAppeal) -> Reply:
    """Object to a restriction, as its addressee."""
    appeal = call.run(
        AppealStatement(
            statement_id=StatementId(call.id),
            actor=call.member,
            reasons=body.reasons,
            rules=call.parts.house,
        )
    )
    # A repeated request may come after the hearing, whose words may be for the house alone.
    return Reply(appeal_view(appeal).model_copy(update={"outcome_reasons": None}))
