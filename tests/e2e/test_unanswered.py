"""A customer whom nobody answers, on the packaged stack: one alarm, and an answer ends it."""

import json
import os
import time
import uuid
from typing import Any

import pytest

from tests.e2e.conftest import STACK
from tests.e2e.stack import Stack
from tests.e2e.test_main_job import eventually

pytestmark = pytest.mark.e2e

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {
    "minutes": 1,
    "shifts": [{"day": day, "from": "00:00", "until": "24:00"} for day in WEEK],
    "holidays": "none",
}
PATIENCE_S = 210
"""A minute of the target, up to one more until the clocks look, and the delivery."""

QUIET_S = 65
"""The clocks have looked once more by then."""


class Inbox:
    """What the unit's topic sends to a queue; without an engine of our own, nothing can be seen."""

    def __init__(self, target: Any) -> None:
        self.sqs, sns = target.client("sqs"), target.client("sns")
        self.url = self.sqs.create_queue(QueueName=f"unit-{uuid.uuid4().hex[:8]}")["QueueUrl"]
        known = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        arn = known["Attributes"]["QueueArn"]
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": policy})
        topics = sns.list_topics()["Topics"]
        topic = next(t["TopicArn"] for t in topics if t["TopicArn"].endswith(f"{STACK}-units"))
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self.received: list[dict[str, Any]] = []

    def about(self, thread: str) -> list[dict[str, Any]]:
        """The messages about a thread so far."""
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            self.received.append(json.loads(message["Body"]))
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [each for each in self.received if thread in each["Message"]]


@pytest.fixture
def inbox(request: pytest.FixtureRequest, stack: Stack) -> Inbox | None:
    """A subscription of the units' topic, where the engine is this ring's own."""
    assert stack.api
    if "STACK_FILE" in os.environ:
        return None
    return Inbox(request.getfixturevalue("running_engine").target)


def test_a_unit_is_told_once_of_a_customer_who_waits(stack: Stack, inbox: Inbox | None) -> None:
    """The target passes, the alarm comes and does not come again, and an answer ends the wait."""
    admin, staff, customer = stack.as_("admin"), stack.as_("staff"), stack.as_("customer")
    slug, unit = f"wait-{uuid.uuid4().hex[:12]}", f"unit-{uuid.uuid4().hex[:8]}"
    admin.post("/v1/boards", {"slug": slug, "title": "Fragen", "unit": unit}).expect(201)
    tag = admin.get(f"/v1/boards/{slug}").headers["etag"]
    admin.patch(f"/v1/boards/{slug}", {"answer_target": ALWAYS}, If_Match=tag).expect(200)
    opened = customer.post(
        f"/v1/boards/{slug}/threads",
        {"title": "Filter", "body": "Welcher Filter passt in die WP 7?", "language": "de"},
    ).expect(201)
    thread = opened["thread"]["id"]

    def waiting() -> list[Any]:
        items: list[Any] = staff.get(f"/v1/boards/{slug}/waiting").expect(200)["items"]
        return items

    listed = eventually(waiting)
    assert [(thread, opened["post"]["created_at"])] == [
        (each["id"], each["waiting_since"]) for each in listed
    ]
    eventually(lambda: waiting()[0]["alarmed"], PATIENCE_S)
    if inbox is not None:
        (told,) = eventually(lambda: inbox.about(thread))
        assert slug in told["Subject"]
        assert unit == told["MessageAttributes"]["unit"]["Value"]
        time.sleep(QUIET_S)
        assert 1 == len(inbox.about(thread))
    staff.post(f"/v1/threads/{thread}/posts", {"body": "Der F7.", "language": "de"}).expect(201)
    eventually(lambda: not waiting())
    read = customer.get(f"/v1/threads/{thread}").expect(200)
    assert (False, None) == (read["waiting"], read["waiting_since"])
    assert read["answered_at"] is not None
    figures = admin.get(f"/v1/boards/{slug}/answers?days=1").expect(200)
    assert (0, 1) == (figures["waiting"], figures["answered"])
