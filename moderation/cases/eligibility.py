"""Who may work on a case: nobody on his own post, nobody of the unit that is criticised.

The law asks for decisions that are objective and not arbitrary (DSA Art. 16(6), 20(4), 20(6)); that
it takes another person is our own reading of it, and a rule here.
"""

from moderation.actor import Actor
from moderation.cases.case import Case
from moderation.errors import Conflict

CODE = "conflict-of-interest"


def check_impartial(case: Case, actor: Actor, *, about_operator: bool = False) -> None:
    """Refuse with Conflict whoever may not decide on this case.

    `about_operator` adds to what detection found: the moderator says that it concerns the company.
    """
    if actor.id == case.post.author.id:
        raise Conflict("Nobody decides on a post of his own.", code=CODE)
    if actor.id in case.excluded:
        raise Conflict("Whoever decided first does not decide again.", code=CODE)
    if (about_operator or concerns_operator(case)) and _same_unit(case, actor):
        raise Conflict("Content about a unit is decided on by others than that unit.", code=CODE)


def check_outside_unit(case: Case, actor: Actor) -> None:
    """Refuse with Conflict a second person of the unit the board is about."""
    if _same_unit(case, actor):
        raise Conflict("The second person must not belong to the unit concerned.", code=CODE)


def concerns_operator(case: Case) -> bool:
    """Whether detection, or a moderator before, found the content to be about the operator."""
    return case.about_operator or case.post.operator


def _same_unit(case: Case, actor: Actor) -> bool:
    return case.post.unit is not None and actor.unit == case.post.unit
