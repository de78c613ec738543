"""What a request costs: item sizes and capacity units by DynamoDB's documented formulas.

Sizes: developer guide, "DynamoDB item sizes and formats": the UTF-8 bytes of every attribute name
and value; a number of n significant digits takes ceil(n / 2) + 1 bytes, one more if negative; a
boolean or null 1; a list or map 3 and 1 for each element.

Capacity: developer guide, "Read/write capacity". A write costs 1 unit for each KB begun, twice that
in a transaction, of the larger of the item before and after; a delete that of the item before, a
check that of the item, 1 at least. An index costs a put for an entry that appears or changes (of
the larger of both), a delete for one that disappears, both where its key changes, and is not
doubled in a transaction. A read costs 1 unit for each 4 KB begun, half if it is eventually
consistent; a Query rounds the sum, a batch every item, and what is not there costs as 1 KB.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.support.memory_dynamo_expressions import Item, Value

WRITE_UNIT_BYTES = 1024
READ_UNIT_BYTES = 4096


def value_bytes(value: Value) -> int:
    """The size of one attribute value."""
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "B":
            return len(held)
        case "N":
            digits = len("".join(map(str, Decimal(held).normalize().as_tuple().digits)))
            return (digits + 1) // 2 + 1 + (1 if held.startswith("-") else 0)
        case "BOOL" | "NULL":
            return 1
        case "SS":
            # The guide names no overhead of sets; counted as that of lists.
            return 3 + sum(1 + len(member.encode()) for member in held)
        case _:
            raise ValueError(f"no size known for {kind}")


def item_bytes(item: Mapping[str, Value]) -> int:
    """The size of an item with its names and keys."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def units(size_bytes: int, unit_bytes: int) -> int:
    """How many units a size begins, 1 at least."""
    return max(1, -(-size_bytes // unit_bytes))


def write_units(before: Item | None, after: Item | None) -> int:
    """What one write outside a transaction costs in the table."""
    return units(max(item_bytes(before or {}), item_bytes(after or {})), WRITE_UNIT_BYTES)


def index_units(before: Item | None, after: Item | None, keys: tuple[str, ...]) -> int:
    """What one index charges for a write: `before` and `after` are its projections, if any."""
    if before == after:
        return 0
    if before is None or after is None:
        return write_units(before, after)
    if any(before[name] != after[name] for name in keys):
        return write_units(before, None) + write_units(None, after)
    return write_units(before, after)


def read_units(size_bytes: int, *, strong: bool) -> Fraction:
    """What reading so many bytes in one rounding costs."""
    return Fraction(units(size_bytes, READ_UNIT_BYTES), 1 if strong else 2)


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it went over the wire, and what it cost."""

    operation: str
    request: Mapping[str, Any]
    error: str | None = None
    rcu: Fraction = Fraction(0)
    wcu: int = 0
    index_wcu: int = 0

    @property
    def writes(self) -> tuple[str, ...]:
        """The actions of a transaction in words, in the order sent: `put POST#… | META`."""
        return tuple(
            f"{verb.lower()} {keyed['pk']['S']} | {keyed['sk']['S']}"
            for action in self.request.get("TransactItems", ())
            for verb, body in action.items()
            for keyed in (body.get("Item") or body["Key"],)
        )


@dataclass(slots=True)
class Meter:
    """Everything that was asked of the engine, in order."""

    calls: list[Call] = field(default_factory=list)

    @property
    def operations(self) -> list[str]:
        """The names of the requests, in order."""
        return [call.operation for call in self.calls]

    @property
    def rcu(self) -> Fraction:
        """All read units."""
        return sum((call.rcu for call in self.calls), Fraction(0))

    @property
    def wcu(self) -> int:
        """All write units of the tables."""
        return sum(call.wcu for call in self.calls)

    @property
    def index_wcu(self) -> int:
        """All write units of the indexes."""
        return sum(call.index_wcu for call in self.calls)

    def reset(self) -> None:
        """Forget what was asked so far."""
        self.calls.clear()
