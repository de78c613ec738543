"""What Lambda hands to a worker, parsed, and the one form in which a batch is answered.

Lambda takes a malformed answer for full success, so no worker writes one by hand.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict


class Failure(TypedDict):
    """One record to be delivered again: its SQS message id, or its stream sequence number."""

    itemIdentifier: str


class BatchAnswer(TypedDict):
    """What a batch is answered with; an empty list says that all is done."""

    batchItemFailures: list[Failure]


@dataclass(frozen=True, slots=True)
class Image:
    """The envelope of an item of the `forum` table as a stream shows it, without its document."""

    kind: str
    list_pk: str | None = None
    work_pk: str | None = None


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """One change of one item. `old` None: it is new; `new` None: it is gone."""

    sequence: str
    pk: str
    sk: str
    old: Image | None
    new: Image | None


@dataclass(frozen=True, slots=True)
class QueueRecord:
    """One message of a queue and how often it has been received, this time included.

    `receipt` is what the queue knows this delivery by.
    """

    message_id: str
    body: str
    receives: int
    receipt: str

    def names(self, name: str) -> bool:
        """Whether the message names one of these."""
        found = json.loads(self.body)
        return isinstance(found, dict) and name in found

    def field(self, name: str) -> str:
        """A text of the body, which is a JSON object; ValueError where it is not there."""
        found = json.loads(self.body)
        value = found.get(name) if isinstance(found, dict) else None
        if not isinstance(value, str):
            raise ValueError(f"the message names no {name}")
        return value


def stream_records(event: Mapping[str, Any]) -> tuple[StreamRecord, ...]:
    """Read a batch of a DynamoDB stream, in the order of the changes."""
    return tuple(_stream_record(record["dynamodb"]) for record in event["Records"])


def queue_records(event: Mapping[str, Any]) -> tuple[QueueRecord, ...]:
    """Read a batch of an SQS queue."""
    return tuple(
        QueueRecord(
            message_id=record["messageId"],
            body=record["body"],
            receives=int(record["attributes"]["ApproximateReceiveCount"]),
            receipt=record["receiptHandle"],
        )
        for record in event["Records"]
    )


def failed_messages(message_ids: Iterable[str]) -> BatchAnswer:
    """Have these messages delivered again, and the others deleted."""
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in message_ids]}


def failed_from(records: Iterable[StreamRecord], failed: Iterable[str]) -> BatchAnswer:
    """Have the batch delivered again from the first of these sequence numbers on.

    A stream is a sequence: Lambda goes back to the lowest number it is told, so that one is enough.
    """
    sequences = set(failed)
    first = next((record.sequence for record in records if record.sequence in sequences), None)
    return failed_messages(() if first is None else (first,))


def body_of(field: Literal["post", "message", "export", "erasure"], record_id: str) -> str:
    """Write the message that asks for work on one record."""
    return json.dumps({field: record_id}, separators=(",", ":"))


def _stream_record(change: Mapping[str, Any]) -> StreamRecord:
    return StreamRecord(
        sequence=change["SequenceNumber"],
        pk=change["Keys"]["pk"]["S"],
        sk=change["Keys"]["sk"]["S"],
        old=_image(change.get("OldImage")),
        new=_image(change.get("NewImage")),
    )


def _image(item: Mapping[str, Mapping[str, str]] | None) -> Image | None:
    if not item:
        return None
    kind, list_pk, work_pk = (
        item[name]["S"] if name in item else None for name in ("kind", "list_pk", "work_pk")
    )
    return Image(kind or "", list_pk, work_pk)
