"""A case's history as people see it; the audit log proves it, so its middle may be left out."""

from dataclasses import replace
from datetime import datetime

from moderation.actor import Actor
from moderation.cases.case import Case, Event

LONGEST = 100


def noted(case: Case, at: datetime, action: str, by: Actor, note: str = "") -> Case:
    """The case with one more line. The first line and the latest ones stay, at most 100 in all."""
    history = (*case.history, Event(at=at, action=action, by=by.id, note=note))
    if len(history) > LONGEST:
        history = (history[0], *history[-(LONGEST - 1) :])
    return replace(case, history=history)
