"""Statements of reasons as their addressee reads them."""

from functions.api.presenters.grounds import ground_view
from moderation.cases.statement import Statement
from schemas.statements import RedressView, StatementView


def statement_view(statement: Statement) -> StatementView:
    """The statement; who decided is not in it."""
    return StatementView(
        id=statement.id,
        post_id=statement.post_id,
        decision_id=statement.decision_id,
        restriction=statement.restriction.value,
        scope=list(statement.scope),
        until=statement.until,
        facts=statement.facts,
        source=statement.source,
        automated_detection=statement.automated_detection,
        automated_decision=statement.automated_decision,
        ground=ground_view(statement.ground),
        redress=[
            RedressView(kind=way.kind, text=way.text, url=way.url, until=way.until)
            for way in statement.redress
        ],
        language=statement.language,
        text=statement.text,
        entry_id=statement.entry_id,
        issued_at=statement.issued_at,
        appeal_id=statement.appeal_id,
    )
