"""Sizes and capacity by DynamoDB's documented formulas."""

from fractions import Fraction
from typing import Any

import pytest

from tests.support.meter import (
    index_units,
    item_bytes,
    read_units,
    units,
    value_bytes,
    write_units,
)

KEYS = ("list_pk", "list_sk")


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": ""}, 0),
        ({"S": "abc"}, 3),
        ({"S": "ä🔋"}, 6),
        ({"B": b"\x00" * 32}, 32),
        ({"N": "0"}, 2),
        ({"N": "7"}, 2),
        ({"N": "42"}, 2),
        ({"N": "123"}, 3),
        ({"N": "1795510800"}, 5),
        ({"N": "-42"}, 3),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
    ],
)
def test_a_value_has_a_size(value: dict[str, Any], size: int) -> None:
    """UTF-8 for texts; two digits a byte and one more for numbers, without trailing zeros."""
    assert size == value_bytes(value)


def test_a_type_nobody_uses_is_refused() -> None:
    """A figure that would be wrong is none."""
    with pytest.raises(ValueError, match="NS"):
        value_bytes({"NS": ["1"]})


def test_an_item_counts_its_names() -> None:
    """Names and values, UTF-8."""
    item = {"pk": {"S": "ab"}, "größe": {"S": ""}, "n": {"N": "1"}}
    assert item_bytes(item) == (2 + 2) + (7 + 0) + (1 + 2)


@pytest.mark.parametrize(("size", "expected"), [(0, 1), (1, 1), (1024, 1), (1025, 2), (4096, 4)])
def test_a_unit_once_begun_counts(size: int, expected: int) -> None:
    """And nothing costs one, too."""
    assert expected == units(size, 1024)


def test_a_write_costs_the_larger_of_before_and_after() -> None:
    """A delete costs what it deletes."""
    small, large = {"a": {"S": "x" * 100}}, {"a": {"S": "x" * 1500}}
    assert (1, 2, 2, 2) == (
        write_units(None, small),
        write_units(small, large),
        write_units(large, small),
        write_units(large, None),
    )


def test_an_index_charges_for_what_changes_in_it() -> None:
    """Nothing for an entry that stays, one write for one that changes, two where its key does."""
    entry = {"list_pk": {"S": "a"}, "list_sk": {"S": "1"}, "doc": {"S": "x"}}
    moved = entry | {"list_sk": {"S": "2"}}
    assert (0, 1, 1, 1, 2) == (
        index_units(entry, entry, KEYS),
        index_units(None, entry, KEYS),
        index_units(entry, None, KEYS),
        index_units(entry, entry | {"doc": {"S": "y"}}, KEYS),
        index_units(entry, moved, KEYS),
    )
    assert index_units(None, None, KEYS) == 0


def test_a_read_costs_half_if_it_may_be_old() -> None:
    """4 KB a unit."""
    assert (Fraction(1), Fraction(1, 2), Fraction(2)) == (
        read_units(4096, strong=True),
        read_units(4096, strong=False),
        read_units(4097, strong=True),
    )
