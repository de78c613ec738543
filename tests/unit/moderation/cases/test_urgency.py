"""Categories only ever raise a case; what is new and grave wakes a human, once."""

from datetime import timedelta

import pytest

from moderation.cases.case import Case
from moderation.cases.message import MessageKind
from moderation.cases.urgency import alarms, is_cry_for_help, raised
from moderation.detection import verdict
from moderation.detection.taxonomy import Category
from tests.support.casework import detected, office
from tests.support.community import NOW, context, found


def _case(category: Category) -> Case:
    return detected(office(), found(category, verdict.Action.FLAG))


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        (Category.INSULT, Category.HATE, Category.HATE),
        (Category.HATE, Category.INSULT, Category.HATE),
        (Category.HATE, Category.THREAT, Category.HATE),
        (Category.UNSPEC, Category.SPAM, Category.SPAM),
        (Category.SPAM, Category.UNSPEC, Category.SPAM),
        (Category.UNSPEC, Category.UNSPEC, Category.UNSPEC),
    ],
)
def test_the_graver_category_wins(before: Category, told: Category, after: Category) -> None:
    """Of equals the first stays; what is named goes before what is not."""
    assert after is raised(_case(before), told, NOW).category


def test_the_earliest_clock_stays_the_one_that_is_shown() -> None:
    """A joined category adds its clocks and takes none away."""
    case = raised(_case(Category.OFFTOPIC), Category.HATE, NOW + timedelta(hours=1))
    assert NOW + timedelta(hours=1, days=1) == case.due_at
    assert 3 == len(case.clocks)


def test_a_human_is_woken_when_a_case_becomes_grave() -> None:
    """On the way into the lane, and for a cry for help; not for what is grave already."""
    life, cry, insult = (
        _case(category) for category in (Category.CSAM, Category.SELF_HARM, Category.INSULT)
    )
    woken = [
        bool(alarms(now, before, context()))
        for now, before in [
            (life, None),
            (life, insult),
            (life, life),
            (cry, None),
            (cry, insult),
            (cry, cry),
            (insult, None),
        ]
    ]
    assert [True, True, False, True, True, False, False] == woken
    assert MessageKind.URGENT is alarms(life, None, context())[0].kind
    assert (True, False) == (is_cry_for_help(cry), is_cry_for_help(life))
