"""Nobody decides on his own post, and no unit on criticism of itself."""

from dataclasses import replace

import pytest

from moderation.actor import Actor
from moderation.cases.case import Case
from moderation.cases.eligibility import (
    check_impartial,
    check_outside_unit,
    concerns_operator,
)
from moderation.errors import Conflict
from tests.support.casework import INSIDER, MO, NOA, detected, office
from tests.support.community import FLAGGED, KIM


def _case() -> Case:
    return detected(office(), FLAGGED)


@pytest.mark.parametrize("actor", [KIM, NOA, INSIDER])
def test_the_partial_are_kept_out(actor: Actor) -> None:
    """The author, whoever decided before, and the unit concerned."""
    case = replace(_case(), excluded=(NOA.id,), about_operator=True)
    with pytest.raises(Conflict) as refused:
        check_impartial(case, actor)
    assert "conflict-of-interest" == refused.value.code
    check_impartial(case, MO)


def test_a_unit_stays_out_only_of_what_concerns_the_operator() -> None:
    """Two customers quarrelling on its board may be its moderator's work."""
    check_impartial(_case(), INSIDER)
    with pytest.raises(Conflict):
        check_impartial(_case(), INSIDER, about_operator=True)
    with pytest.raises(Conflict):
        check_outside_unit(_case(), INSIDER)
    check_outside_unit(_case(), MO)


def test_case_and_post_may_both_say_that_it_concerns_the_operator() -> None:
    """Either is enough."""
    case = _case()
    marked = replace(case, post=replace(case.post, operator=True))
    said = replace(case, about_operator=True)
    assert [False, True, True] == [concerns_operator(c) for c in (case, marked, said)]


def test_a_board_of_no_unit_keeps_no_unit_out() -> None:
    """It is about the company as a whole; only the person can be partial."""
    case = _case()
    check_outside_unit(replace(case, post=replace(case.post, unit=None)), INSIDER)
