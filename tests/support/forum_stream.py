"""The stream of the `forum` table: every change of an item, as Lambda hands it to a worker."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any, override

from tests.support.memory_dynamo import Hook
from tests.support.memory_dynamo_expressions import Item
from tests.support.memory_dynamo_tables import Table, primary_key


@dataclass(slots=True)
class ForumStream(Hook):
    """Writes down, after each request, what it changed. `records` are in the form of an event."""

    table: Table
    records: list[dict[str, Any]] = field(default_factory=list)
    held: dict[tuple[str, str], Item] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @override
    def after(self, operation: str, request: dict[str, Any]) -> None:
        """Compare the table with what it held before."""
        now = {primary_key(item): item for item in self.table.items()}
        for key in {**self.held, **now}:
            old, new = self.held.get(key), now.get(key)
            if old != new:
                self.records.append(self._record(key, old, new))
        self.held = now

    def _record(self, key: tuple[str, str], old: Item | None, new: Item | None) -> dict[str, Any]:
        change: dict[str, Any] = {
            "SequenceNumber": f"{next(self.numbers):021d}",
            "Keys": {"pk": {"S": key[0]}, "sk": {"S": key[1]}},
        }
        if old is not None:
            change["OldImage"] = old
        if new is not None:
            change["NewImage"] = new
        name = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        return {"eventName": name, "eventSource": "aws:dynamodb", "dynamodb": change}

    def event(self) -> dict[str, Any]:
        """Everything so far as one batch."""
        return {"Records": list(self.records)}


def sequences(answer: Any) -> list[str]:
    """Which records a batch's answer names."""
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def queue_event(*bodies: str, receives: int = 1) -> dict[str, Any]:
    """A batch of an SQS queue; message ids are m1, m2, …"""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": f"r{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": str(receives)},
                "eventSource": "aws:sqs",
            }
            for number, body in enumerate(bodies, 1)
        ]
    }


@dataclass(slots=True)
class FakeQueue:
    """Keeps what it is sent; refuses while `down`."""

    sent: list[str] = field(default_factory=list)
    later: list[tuple[str, int]] = field(default_factory=list)
    down: Exception | None = None

    def send(self, bodies: tuple[str, ...]) -> None:
        """Keep JSON texts."""
        if self.down is not None:
            raise self.down
        self.sent.extend(bodies)

    def put_off(self, receipt: str, seconds: int) -> None:
        """Keep which message comes again, and when."""
        if self.down is not None:
            raise self.down
        self.later.append((receipt, seconds))
