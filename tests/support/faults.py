"""Faults around the n-th storage call: what no emulator does, and what production does at night."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, override

from tests.support.memory_dynamo import Hook, LostError
from tests.support.memory_dynamo_operations import Refusal

type When = Literal["before", "after"]
type Trouble = Literal["crash", "lost", "error", "throttle", "conflict"]

POSSIBLE: tuple[tuple[Trouble, When], ...] = (
    ("crash", "before"),
    ("crash", "after"),
    ("lost", "before"),
    ("lost", "after"),
    ("error", "before"),
    ("error", "after"),
    ("throttle", "before"),
    ("conflict", "before"),
)
"""All that can happen; a throttled or conflicting request is by definition not carried out."""

WRITES = ("TransactWriteItems", "UpdateItem", "PutItem", "DeleteItem")


class CrashError(BaseException):
    """The process dies. No handler of the program may catch it."""


@dataclass(slots=True)
class FaultAt(Hook):
    """A hook that makes trouble once, at the n-th call (from 1) it sees."""

    trouble: Trouble
    when: When
    call: int
    seen: int = 0
    struck: bool = False

    @override
    def before(self, operation: str, request: dict[str, Any]) -> None:
        """Count, and strike where it is time."""
        self.seen += 1
        if self.when == "before" and self.seen == self.call:
            self._strike(operation, request)

    @override
    def after(self, operation: str, request: dict[str, Any]) -> None:
        """Strike where it is time."""
        if self.when == "after" and self.seen == self.call:
            self._strike(operation, request)

    def _strike(self, operation: str, request: dict[str, Any]) -> None:
        if self.trouble == "conflict" and operation not in WRITES:
            return
        self.struck = True
        match self.trouble:
            case "crash":
                raise CrashError
            case "lost":
                raise LostError
            case "error":
                raise Refusal("InternalServerError")
            case "throttle":
                raise Refusal("ThrottlingException")
            case "conflict":
                raise conflict(operation, request)


def conflict(operation: str, request: dict[str, Any]) -> Refusal:
    """What DynamoDB answers while another transaction holds the first item of this one."""
    if operation != "TransactWriteItems":
        return Refusal("TransactionConflictException")
    others = [{"Code": "None"}] * (len(request["TransactItems"]) - 1)
    reasons = [{"Code": "TransactionConflict", "Message": "Transaction is ongoing"}, *others]
    return Refusal("TransactionCanceledException", "cancelled", reasons)


def each_fault(calls: int) -> Iterator[FaultAt]:
    """All faults around each of so many calls."""
    for call in range(1, calls + 1):
        for trouble, when in POSSIBLE:
            yield FaultAt(trouble, when, call)
