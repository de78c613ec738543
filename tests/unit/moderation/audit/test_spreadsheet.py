"""The table for people cannot act on them."""

from moderation.audit.entry import SHAPE
from moderation.audit.spreadsheet import HEADER, row
from tests.unit.moderation.audit.test_entry import VECTOR

LINE = (
    b"7,2026-03-01T08:00:00.007Z,post:hold,post:01KJM6JM00ZZDEXCD7VMZR8TZY,1,3,"
    b"0123456789abcdef0123456789abcdef,rule,DE/StGB/185,core-de@12#insult-direct,1,2,"
    b"01KJM6MRBQAW7BF8EA2B8SAS5P,01KJM6MRBQ0PQB1NT7P0ABATVB\r\n"
)


def line(body: bytes) -> bytes:
    """The row of a body at index 7."""
    found = SHAPE.fullmatch(body.decode())
    assert found is not None
    return row(7, found).encode()


def test_a_row() -> None:
    """One value a column."""
    assert line(VECTOR) == LINE
    assert HEADER.count(b",") == LINE.count(b",")


def test_what_is_not_there_is_empty() -> None:
    """No rule, no content."""
    body = VECTOR.replace(b'"core-de@12#insult-direct"', b"null").replace(
        b'"content":3', b'"content":null'
    )

    assert line(body) == LINE.replace(b"core-de@12#insult-direct", b"").replace(b",1,3,", b",1,,")


def test_no_value_is_a_formula() -> None:
    """A rule set that begins with a minus is text to a spreadsheet, too."""
    assert b",'-x@1#y," in line(VECTOR.replace(b"core-de@12#insult-direct", b"-x@1#y"))
