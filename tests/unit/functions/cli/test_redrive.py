"""What was given up is done again: by an act first, and then the message goes."""

import json
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.cli import redrive
from functions.cli.api import Refused

URL = "https://sqs.example/score-dead"


@dataclass(slots=True)
class FakeQueue:
    """A dead-letter queue that hides what it handed out."""

    bodies: list[str]
    handed: int = 0
    deleted: list[str] = field(default_factory=list)
    returned: set[str] = field(default_factory=set)

    def receive_message(self, **request: Any) -> Any:
        """The next two."""
        assert request["QueueUrl"] == URL
        some = self.bodies[self.handed : self.handed + 2]
        first, self.handed = self.handed, self.handed + len(some)
        messages = [
            {"MessageId": f"m{n}", "ReceiptHandle": f"r{n}", "Body": body}
            for n, body in enumerate(some, start=first)
        ]
        return {"Messages": messages} if messages else {}

    def delete_message(self, **request: Any) -> Any:
        """Forget one."""
        self.deleted.append(request["ReceiptHandle"])

    def change_message_visibility(self, **request: Any) -> Any:
        """Hide one no longer."""
        assert request["VisibilityTimeout"] == 0
        self.returned.add(request["ReceiptHandle"])


@dataclass(slots=True)
class FakeApi:
    """Takes every post, or refuses some with a status."""

    refused: Mapping[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Note who was asked for."""
        assert body == {}
        self.asked.append(path)
        for post, status in self.refused.items():
            if post in path:
                raise Refused(status, {"detail": "No."})
        return {}


def bodies(*posts: str) -> list[str]:
    """Messages as the queue has them."""
    return [json.dumps({"post": post}) for post in posts]


def run(queue: FakeQueue, api: FakeApi) -> int:
    """Redrive the queue."""
    return redrive.redrive(queue, URL, api)  # type: ignore[arg-type]


def test_every_message_is_redriven_and_deleted() -> None:
    """Page by page; each post by a call of its own."""
    queue, api = FakeQueue(bodies("A1", "B2", "C3")), FakeApi()

    assert run(queue, api) == 0
    assert api.asked == [f"/v1/posts/{post}/redrive" for post in ("A1", "B2", "C3")]
    assert queue.deleted == ["r0", "r1", "r2"]


def test_a_message_that_names_no_post_stays() -> None:
    """Somebody has to look at it; the others go on."""
    queue, api = FakeQueue(["{", "[]", '{"post": "a/../b"}', *bodies("A1")]), FakeApi()

    assert run(queue, api) == 3
    assert (queue.deleted, queue.returned) == (["r3"], {"r0", "r1", "r2"})


@pytest.mark.parametrize("status", [404, 409])
def test_a_post_that_is_gone_needs_no_score(status: int) -> None:
    """The message goes."""
    queue, api = FakeQueue(bodies("A1", "B2")), FakeApi({"A1": status})

    assert run(queue, api) == 0
    assert queue.deleted == ["r0", "r1"]


def test_a_refusal_leaves_the_message() -> None:
    """No entry, no deletion; all that was taken can be taken again at once."""
    queue, api = FakeQueue(bodies("A1", "B2")), FakeApi({"A1": 403})

    with pytest.raises(Refused):
        run(queue, api)
    assert (queue.deleted, queue.returned) == ([], {"r0", "r1"})


def test_without_a_token_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and 1."""
    monkeypatch.delenv("HAUSRECHT_TOKEN", raising=False)

    assert redrive.COMMAND.run(Namespace(api="https://forum.example", queue=URL)) == 1
    assert capsys.readouterr().err == "$HAUSRECHT_TOKEN is not set\n"
