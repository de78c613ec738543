"""How grave a case is, and whom it wakes: categories only ever raise a case, never lower it."""

from dataclasses import replace
from datetime import datetime

from moderation.cases.case import Case
from moderation.cases.clocks import earliest, legal_end, merged, product_clocks
from moderation.cases.message import Message, MessageKind
from moderation.change import Context
from moderation.detection.taxonomy import Category, Flag, Severity, facts_of


def raised(case: Case, category: Category, at: datetime) -> Case:
    """The case under the graver of two categories, with its queue and the earlier of all clocks.

    What names a kind of content goes before what does not (UNSPEC).
    """
    clocks = merged(case.clocks, product_clocks(category, at))
    case = replace(case, clocks=clocks, due_at=earliest(clocks), legal_due_at=legal_end(clocks))
    facts = facts_of(category)
    named = case.category is Category.UNSPEC and category is not Category.UNSPEC
    graver = category is not Category.UNSPEC and facts.severity > case.severity
    if not named and not graver:
        return case
    queue = case.queue if case.escalated else facts.queue
    return replace(case, category=category, severity=facts.severity, queue=queue)


def alarms(case: Case, before: Case | None, context: Context) -> tuple[Message, ...]:
    """The urgent message of a case that has just come into the S4 lane or become a cry for help."""
    into_lane = case.severity is Severity.S4 and (
        before is None or before.severity is not Severity.S4
    )
    cry = is_cry_for_help(case) and (before is None or not is_cry_for_help(before))
    return (urgent(case, context),) if into_lane or cry else ()


def is_cry_for_help(case: Case) -> bool:
    """Whether the case is about somebody who may harm himself."""
    return Flag.HELP_MESSAGE in facts_of(case.category).flags


def urgent(case: Case, context: Context) -> Message:
    """Wake a human about a case."""
    return Message(
        id=context.new_id(), kind=MessageKind.URGENT, about=case.id, created_at=context.now
    )
