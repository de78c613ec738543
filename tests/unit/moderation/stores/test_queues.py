"""The queue on SQS: all is sent, or it is said that it was not."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from moderation.errors import Unavailable
from moderation.stores.queues import SqsQueue

URL = "https://sqs.example/score"


@dataclass(slots=True)
class FakeSqs:
    """Keeps batches; refuses the entries whose body is "bad", or everything."""

    batches: list[list[str]] = field(default_factory=list)
    later: list[tuple[str, int]] = field(default_factory=list)
    error: Exception | None = None

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> Any:  # noqa: N803
        """Enqueue up to ten messages."""
        assert URL == QueueUrl
        assert len({entry["Id"] for entry in Entries}) == len(Entries) <= 10
        if self.error is not None:
            raise self.error
        self.batches.append([entry["MessageBody"] for entry in Entries])
        refused = [{"Id": entry["Id"]} for entry in Entries if entry["MessageBody"] == "bad"]
        return {"Failed": refused} if refused else {"Successful": []}

    def change_message_visibility(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        ReceiptHandle: str,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
    ) -> Any:
        """Say when a message comes again."""
        assert URL == QueueUrl
        if self.error is not None:
            raise self.error
        self.later.append((ReceiptHandle, VisibilityTimeout))


def test_messages_go_ten_at_a_time() -> None:
    """Twenty-one are three requests; none are none."""
    sqs = FakeSqs()
    SqsQueue(sqs, URL).send(tuple(str(number) for number in range(21)))
    SqsQueue(sqs, URL).send(())

    assert [len(batch) for batch in sqs.batches] == [10, 10, 1]


def test_a_message_that_was_not_taken_is_said() -> None:
    """The others are sent all the same."""
    sqs = FakeSqs()

    with pytest.raises(Unavailable, match="1 of 11"):
        SqsQueue(sqs, URL).send(("bad", *"abcdefghij"))
    assert len(sqs.batches) == 2


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url=URL),
        ClientError({"Error": {"Code": "x"}}, "SendMessageBatch"),
    ],
)
def test_a_queue_that_does_not_answer_is_unavailable(error: Exception) -> None:
    """Whoever sends may try again."""
    with pytest.raises(Unavailable):
        SqsQueue(FakeSqs(error=error), URL).send(("a",))
    with pytest.raises(Unavailable):
        SqsQueue(FakeSqs(error=error), URL).put_off("receipt", 30)


def test_a_message_is_put_off_by_its_receipt() -> None:
    """It comes again after as long as was said."""
    sqs = FakeSqs()
    SqsQueue(sqs, URL).put_off("receipt", 480)

    assert sqs.later == [("receipt", 480)]
