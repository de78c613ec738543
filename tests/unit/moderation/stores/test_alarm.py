"""Alarms: at least one channel took it, or it is said that none did."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError

from moderation.errors import Unavailable
from moderation.stores.alarm import Alarms, SnsAlarm, SnsUnitAlarm, WebhookAlarm
from tests.support.post_office import FakeAlarm

TOPIC = "arn:aws:sns:eu-central-1:1:alarms"


@dataclass(slots=True)
class FakeSns:
    """Keeps what is published, or refuses."""

    published: list[dict[str, Any]] = field(default_factory=list)
    error: Exception | None = None

    def publish(self, **message: Any) -> Any:
        """Publish to a topic."""
        if self.error is not None:
            raise self.error
        self.published.append(message)


class Site:
    """A web server on this machine that answers every post with one status."""

    def __init__(self, status: int) -> None:
        received = self.received = list[tuple[str, Any]]()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                kind = self.headers["Content-Type"]
                received.append((kind, json.loads(self.rfile.read(length))))
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            do_GET = do_POST  # noqa: N815  (the name is the library's)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(params=[200])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A site that answers with the status asked for."""
    site = Site(request.param)
    yield site
    site.close()


def test_the_topic_gets_a_subject_it_can_take() -> None:
    """One line, ASCII, at most 100 characters; the text stays as it is."""
    sns = FakeSns()
    SnsAlarm(sns, TOPIC).raise_alarm("Größe\nS4 " + "x" * 200, "Größe")

    ((message),) = sns.published
    assert message == {
        "TopicArn": TOPIC,
        "Subject": ("Gr??e S4 " + "x" * 200)[:100],
        "Message": "Größe",
    }


def test_a_topic_that_refuses_is_said() -> None:
    """The outbox keeps the alarm."""
    refusal = ClientError({"Error": {"Code": "x"}}, "Publish")

    with pytest.raises(Unavailable):
        SnsAlarm(FakeSns(error=refusal), TOPIC).raise_alarm("s", "t")


def test_the_webhook_gets_json(site: Site) -> None:
    """Subject and text, and nothing else."""
    WebhookAlarm(site.url).raise_alarm("S4", "Größe")

    assert site.received == [("application/json", {"subject": "S4", "text": "Größe"})]


@pytest.mark.parametrize("site", [302, 404, 500], indirect=True)
def test_a_webhook_that_does_not_take_it_is_said(site: Site) -> None:
    """An error is no success, and a redirection is not followed."""
    with pytest.raises(Unavailable):
        WebhookAlarm(site.url).raise_alarm("s", "t")
    assert len(site.received) == 1


def test_a_webhook_nobody_serves_is_said(site: Site) -> None:
    """No connection, no alarm."""
    site.close()
    with pytest.raises(Unavailable):
        WebhookAlarm(site.url).raise_alarm("s", "t")


def test_a_webhook_is_an_address_of_the_web() -> None:
    """A file of the machine is none."""
    with pytest.raises(ValueError, match="none of the web"):
        WebhookAlarm("file:///etc/passwd")


def test_one_channel_that_took_it_is_enough_and_all_are_tried() -> None:
    """Only when none did is it tried again."""
    deaf, good = FakeAlarm(down=True), FakeAlarm()
    Alarms((deaf, good)).raise_alarm("s", "t")
    assert good.raised == [("s", "t")]

    with pytest.raises(Unavailable):
        Alarms((deaf, deaf)).raise_alarm("s", "t")


@pytest.mark.parametrize(("unit", "named"), [("support", "support"), (None, "all")])
def test_a_unit_is_named_by_an_attribute(unit: str | None, named: str) -> None:
    """A subscription filters by it; a board of no unit is everybody's."""
    sns = FakeSns()
    SnsUnitAlarm(sns, TOPIC).tell_unit(unit, "Größe", "Text")

    assert sns.published == [
        {
            "TopicArn": TOPIC,
            "Subject": "Gr??e",
            "Message": "Text",
            "MessageAttributes": {"unit": {"DataType": "String", "StringValue": named}},
        }
    ]


def test_a_units_topic_that_does_not_take_it_is_said() -> None:
    """The outbox tries again."""
    sns = FakeSns(error=ClientError({"Error": {"Code": "Throttling"}}, "Publish"))
    with pytest.raises(Unavailable):
        SnsUnitAlarm(sns, TOPIC).tell_unit(None, "s", "t")
