"""Canonical JSON has one spelling, and whatever has none is refused."""

import json
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.audit.canonical import INTEGER_LIMIT, NotCanonicalError, canonical, parse

text = st.text(st.characters(exclude_categories=["Cs"]))
integers = st.integers(1 - INTEGER_LIMIT, INTEGER_LIMIT - 1)
keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(
    st.none() | st.booleans() | integers | text,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=20,
)


class Colour(StrEnum):
    RED = "red"


@given(values)
def test_what_is_written_is_read_again(value: Any) -> None:
    """Parsing gives the value back, and no other bytes stand for it."""
    data = canonical(value)

    assert json.loads(data) == parse(data)
    assert canonical(parse(data)) == data


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [True, None, -5]}, b'{"a":[true,null,-5],"b":1}'),
        ("§ ü \u2028 \x7f", '"§ ü \u2028 \x7f"'.encode()),
        ('"\\/\b\f\n\r\t\x1f', b'"\\"\\\\/\\b\\f\\n\\r\\t\\u001f"'),
        ((1, (2,)), b"[1,[2]]"),
        ({"c": Colour.RED}, b'{"c":"red"}'),
        ({}, b"{}"),
    ],
)
def test_the_spelling_is_that_of_rfc_8785(value: Any, expected: bytes) -> None:
    """Sorted keys, no space, only the escapes JSON demands, lower-case hex."""
    assert expected == canonical(value)


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), 2**53, -(2**53), {"ü": 1}, {1: 2}, "\ud800", b"x", {"a": {1}}, object()],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    """Floats, large integers, other keys, lone surrogates, other types."""
    with pytest.raises(NotCanonicalError):
        canonical(value)


def test_depth_is_bounded() -> None:
    """Sixty-four levels are taken, one more is not."""
    value: Any = 1
    for _ in range(63):
        value = [value]

    assert parse(canonical(value)) == value
    with pytest.raises(NotCanonicalError):
        canonical([value])


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'"\\u0041"',
        b"1.0",
        b"1e3",
        b"-0",
        b"NaN",
        b"",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'"\\ud800"',
        b" 1",
        b"9007199254740992",
    ],
)
def test_other_spellings_are_refused(data: bytes) -> None:
    """A duplicate key, a space, an escape, a float, another order: none is canonical."""
    with pytest.raises(NotCanonicalError):
        parse(data)
