"""DynamoDB's expressions over top-level attributes: conditions, key conditions and updates.

A small recursive-descent parser of the grammar in the DynamoDB developer guide ("Comparison
operator and function reference", "Update expressions"). Nested paths are not in use here and are
refused, so that nothing passes a test by being ignored.
"""

import operator as compare
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

type Value = dict[str, Any]
type Item = dict[str, Value]
type Test = Callable[[Item], bool]
type Operand = Callable[[Item], Value | None]

_TOKEN = re.compile(r"\s*(<=|>=|<>|[=<>(),+-]|[#:]?[A-Za-z0-9_]+)")
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": compare.eq,
    "<>": compare.ne,
    "<": compare.lt,
    "<=": compare.le,
    ">": compare.gt,
    ">=": compare.ge,
}
_FUNCTIONS = ("attribute_exists", "attribute_not_exists", "begins_with", "contains")


class ExpressionError(ValueError):
    """What DynamoDB would answer with a ValidationException."""


def parse_condition(text: str, names: Mapping[str, str], values: Mapping[str, Value]) -> Test:
    """Read a condition or key condition expression."""
    parser = _Parser(text, names, values)
    test = parser.either()
    parser.end()
    return test


def apply_update(
    text: str, names: Mapping[str, str], values: Mapping[str, Value], item: Item
) -> Item:
    """Return the item as an update expression (SET, REMOVE, ADD) makes it."""
    parser = _Parser(text, names, values)
    updated = dict(item)
    while parser.peek() is not None:
        clause = parser.take().upper()
        while True:
            parser.one_update(clause, item, updated)
            if parser.peek() != ",":
                break
            parser.take()
    return updated


def comparable(value: Value) -> Any:
    """The Python value that sorts and compares as DynamoDB does within one type."""
    ((kind, held),) = value.items()
    return Decimal(held) if kind == "N" else held


def _added(held: Value | None, step: Value) -> Value:
    """A number and a step, or a set and its new members, none twice."""
    if "SS" in step:
        return {"SS": sorted({*(held or {"SS": []})["SS"], *step["SS"]})}
    return {"N": str(comparable(held or {"N": "0"}) + comparable(step))}


@dataclass
class _Parser:
    text: str
    names: Mapping[str, str]
    values: Mapping[str, Value]

    def __post_init__(self) -> None:
        self.tokens = _TOKEN.findall(self.text)
        if "".join(self.tokens) != re.sub(r"\s", "", self.text):
            raise ExpressionError(f"cannot read: {self.text}")

    def peek(self) -> str | None:
        return self.tokens[0] if self.tokens else None

    def take(self, expected: str | None = None) -> str:
        if not self.tokens or (expected is not None and self.tokens[0].upper() != expected):
            raise ExpressionError(f"expected {expected} at {self.tokens[:3]} in {self.text}")
        return str(self.tokens.pop(0))

    def end(self) -> None:
        if self.tokens:
            raise ExpressionError(f"left over: {self.tokens}")

    def either(self) -> Test:
        tests = [self.both()]
        while (self.peek() or "").upper() == "OR":
            self.take()
            tests.append(self.both())
        return lambda item: any(test(item) for test in tests)

    def both(self) -> Test:
        tests = [self.negated()]
        while (self.peek() or "").upper() == "AND":
            self.take()
            tests.append(self.negated())
        return lambda item: all(test(item) for test in tests)

    def negated(self) -> Test:
        if (self.peek() or "").upper() == "NOT":
            self.take()
            test = self.negated()
            return lambda item: not test(item)
        if self.peek() == "(":
            self.take()
            test = self.either()
            self.take(")")
            return test
        if self.peek() in _FUNCTIONS:
            return self.function()
        return self.comparison()

    def function(self) -> Test:
        name = self.take()
        self.take("(")
        path = self.name()
        if name in ("attribute_exists", "attribute_not_exists"):
            self.take(")")
            return lambda item: (path in item) is (name == "attribute_exists")
        self.take(",")
        operand = self.operand()
        self.take(")")

        def holds(item: Item) -> bool:
            held, wanted = item.get(path), operand(item)
            if held is None or wanted is None or held.keys() != wanted.keys():
                return False
            text, part = comparable(held), comparable(wanted)
            return bool(text.startswith(part) if name == "begins_with" else part in text)

        return holds

    def comparison(self) -> Test:
        left = self.operand()
        operator = self.take().upper()
        if operator == "BETWEEN":
            low = self.operand()
            self.take("AND")
            high = self.operand()
            return lambda item: (
                _compare(left(item), ">=", low(item)) and _compare(left(item), "<=", high(item))
            )
        if operator == "IN":
            self.take("(")
            choices = [self.operand()]
            while self.peek() == ",":
                self.take()
                choices.append(self.operand())
            self.take(")")
            return lambda item: any(_compare(left(item), "=", choice(item)) for choice in choices)
        right = self.operand()
        return lambda item: _compare(left(item), operator, right(item))

    def operand(self) -> Operand:
        token = self.peek()
        if token is not None and token.startswith(":"):
            value = self.value()
            return lambda _: value
        path = self.name()
        return lambda item: item.get(path)

    def name(self) -> str:
        token = self.take()
        if token.startswith("#"):
            if token not in self.names:
                raise ExpressionError(f"no name for {token}")
            return self.names[token]
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", token):
            raise ExpressionError(f"no attribute: {token}")
        return token

    def value(self) -> Value:
        token = self.take()
        if token not in self.values:
            raise ExpressionError(f"no value for {token}")
        return self.values[token]

    def one_update(self, clause: str, item: Item, updated: Item) -> None:
        path = self.name()
        match clause:
            case "SET":
                self.take("=")
                updated[path] = self.settable(item)
            case "REMOVE":
                updated.pop(path, None)
            case "ADD":
                step = self.value()
                updated[path] = _added(item.get(path), step)
            case _:
                raise ExpressionError(f"no such clause: {clause}")

    def settable(self, item: Item) -> Value:
        value = self.set_operand(item)
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            other = self.set_operand(item)
            value = {"N": str(comparable(value) + sign * comparable(other))}
        return value

    def set_operand(self, item: Item) -> Value:
        if self.peek() == "if_not_exists":
            self.take()
            self.take("(")
            path = self.name()
            self.take(",")
            fallback = self.operand()(item)
            self.take(")")
            found = item.get(path, fallback)
        else:
            found = self.operand()(item)
        if found is None:
            raise ExpressionError("an operand of SET is not there")
        return found


def _compare(left: Value | None, operator: str, right: Value | None) -> bool:
    if left is None or right is None or left.keys() != right.keys():
        return operator == "<>"
    if operator not in _COMPARISONS:
        raise ExpressionError(f"no such operator: {operator}")
    return bool(_COMPARISONS[operator](comparable(left), comparable(right)))
