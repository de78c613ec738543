"""Clocks keep what the law numbers apart from what the operator promises."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.cases.case import Clock
from moderation.cases.clocks import (
    OPERATOR,
    earliest,
    law_clocks,
    legal_end,
    merged,
    months_after,
    product_clocks,
)
from moderation.detection.taxonomy import Category, taxonomy
from tests.support.community import NOW

HOUR = timedelta(hours=1)


def _clock(rule: str, hours: int) -> Clock:
    return Clock(rule=rule, source="x", kind="product", due_at=NOW + hours * HOUR)


def test_what_is_manifest_has_the_shorter_limit() -> None:
    """HATE: a day where manifest, else a week, both the operator's own."""
    assert [
        ("HATE.manifest@2026-11-23", OPERATOR, "product", NOW + timedelta(days=1)),
        ("HATE.otherwise@2026-11-23", OPERATOR, "product", NOW + timedelta(days=7)),
    ] == [(c.rule, c.source, c.kind, c.due_at) for c in product_clocks(Category.HATE, NOW)]


def test_equal_limits_are_one_clock() -> None:
    """LIFE_THREAT: a quarter of an hour in any case."""
    clocks = product_clocks(Category.LIFE_THREAT, NOW)
    assert [NOW + timedelta(minutes=15)] == [clock.due_at for clock in clocks]


def test_a_law_that_numbers_is_named_with_its_jurisdiction() -> None:
    """NCII: 48 hours in the UK and in the US, no number in the EU."""
    assert () == law_clocks(Category.NCII, NOW, "eu")
    (clock,) = law_clocks(Category.NCII, NOW, "uk")
    assert ("NCII.law.uk@2026-11-23", "law", NOW + timedelta(days=2)) == (
        clock.rule,
        clock.kind,
        clock.due_at,
    )


@pytest.mark.parametrize("category", list(Category))
def test_every_category_has_a_clock(category: Category) -> None:
    """No case is without an end."""
    assert NOW < earliest(product_clocks(category, NOW))
    assert category in taxonomy().categories


def test_of_two_clocks_of_one_rule_the_earlier_counts() -> None:
    """A second notice does not move the end of the first."""
    assert (_clock("b", 1), _clock("a", 2)) == merged(
        [_clock("a", 3), _clock("b", 1)], [_clock("a", 2), _clock("b", 4)]
    )


def test_where_no_law_sets_a_number_there_is_no_legal_end() -> None:
    """Only the operator's own clocks: none that could read as a breach of law."""
    assert None is legal_end([_clock("a", 1)])
    law = Clock(rule="l", source="Art. 3", kind="law", due_at=NOW + 2 * HOUR)
    assert NOW + 2 * HOUR == legal_end([_clock("a", 1), law])


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 11, 23), 6, (2027, 5, 23)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 12, 31), 12, (2027, 12, 31)),
        ((2026, 6, 30), 6, (2026, 12, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(
    start: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    """A month that lacks the day ends on its last one."""
    assert datetime(*end, 9, tzinfo=UTC) == months_after(datetime(*start, 9, tzinfo=UTC), months)
