"""The `Queue` port on SQS.

Fails loudly, which its callers may take lightly: what is not enqueued stays in the table's work
index, and the sweeper rings again. Whoever can write to a queue can cause work to be done twice,
and nothing else: a message names a record, and the worker believes only the record.
"""

from dataclasses import dataclass
from itertools import batched
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from moderation.errors import Unavailable

ENTRIES_AT_ONCE = 10


class SqsClient(Protocol):
    """The calls of boto3's SQS client that are used."""

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> Any:  # noqa: N803
        """Enqueue up to ten messages."""

    def change_message_visibility(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        ReceiptHandle: str,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
    ) -> Any:
        """Say when a message that was received is to be received again."""


@dataclass(frozen=True, slots=True)
class SqsQueue:
    """One queue. `url` is its address."""

    client: SqsClient
    url: str

    def send(self, bodies: tuple[str, ...]) -> None:
        """Enqueue JSON texts, ten a request; Unavailable where one of them was not taken."""
        refused = 0
        for some in batched(bodies, ENTRIES_AT_ONCE):
            entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(some)]
            try:
                answer = self.client.send_message_batch(QueueUrl=self.url, Entries=entries)
            except (BotoCoreError, ClientError) as error:
                raise Unavailable("The queue does not answer.") from error
            refused += len(answer.get("Failed", ()))
        if refused:
            raise Unavailable(f"The queue did not take {refused} of {len(bodies)} messages.")

    def put_off(self, receipt: str, seconds: int) -> None:
        """Have a message that was received come again after so long; Unavailable where not taken.

        Without it the message comes again after the queue's own time.
        """
        try:
            self.client.change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=seconds
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The queue does not answer.") from error
