"""`hausrecht redrive` as an operator runs it, on the dead-letter queue of the shared stack.

The queue itself gives a message up after five receipts and a quarter of an hour; here the tester
puts what the worker was given where the queue would have.
"""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from functions.workers.events import body_of
from localstack.deploy import Stack as Deployment
from localstack.engine import Engine
from tests.e2e.conftest import STACK
from tests.e2e.stack import Stack
from tests.e2e.test_main_job import eventually, start_thread

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Dead:
    """A dead-letter queue, and who redrives it."""

    engine: Engine
    stack: Stack
    url: str

    def give_up(self, *bodies: str) -> None:
        """Put messages into it."""
        for body in bodies:
            self.engine.target.client("sqs").send_message(QueueUrl=self.url, MessageBody=body)

    def visible(self) -> int:
        """How many messages can be taken."""
        wanted = "ApproximateNumberOfMessages"
        sqs = self.engine.target.client("sqs")
        found = sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=[wanted])
        return int(found["Attributes"][wanted])

    def redrive(self, who: str = "admin", **given: str) -> tuple[int, list[str]]:
        """Run the command; exit code and what it said."""
        named = {"api": self.stack.api, "queue": self.url} | given
        command = [sys.executable, "-m", "functions.cli", "redrive"]
        command += [word for name, value in named.items() for word in (f"--{name}", value)]
        shell = {
            "PATH": os.environ["PATH"],
            "HAUSRECHT_TOKEN": self.stack.tokens[who],
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": self.engine.target.region,
            "AWS_ENDPOINT_URL": str(self.engine.target.endpoint_url),
        }
        done = subprocess.run(
            command, env=shell, capture_output=True, text=True, check=False, timeout=120
        )
        assert "" == done.stdout
        return done.returncode, done.stderr.splitlines()


@pytest.fixture
def dead(running_engine: Engine, stack: Stack) -> Iterator[Dead]:
    """The queue of scores that were given up, emptied after."""
    url = Deployment(running_engine.target, STACK).outputs()["ScoreDeadQueue"]
    yield Dead(running_engine, stack, url)
    running_engine.target.client("sqs").purge_queue(QueueUrl=url)


def posted(stack: Stack) -> str:
    """A post that nobody objects to; its id."""
    body = {"slug": f"walk-{uuid.uuid4().hex[:12]}", "title": "Wärmepumpen", "unit": "product"}
    board = stack.as_("admin").post("/v1/boards", body).expect(201)
    return str(start_thread(stack.as_("customer"), board, "Frage", "Welche Länge habt ihr?")["id"])


def stored(dead: Dead, post: str) -> dict[str, Any]:
    """A post as it is in the table."""
    table = Deployment(dead.engine.target, STACK).outputs()["ForumTable"]
    key = {"pk": {"S": f"POST#{post}"}, "sk": {"S": "META"}}
    dynamodb = dead.engine.target.client("dynamodb")
    item: dict[str, Any] = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    return item


def test_what_was_given_up_is_read_again(dead: Dead) -> None:
    """By an act of the admin's; what names no post stays, as often as it is tried."""
    post, gone = posted(dead.stack), posted(dead.stack)
    dead.stack.as_("customer").delete(f"/v1/posts/{gone}").expect(204)
    eventually(lambda: "work_pk" not in stored(dead, post))
    version = int(stored(dead, post)["version"]["N"])
    dead.give_up(body_of("post", post), body_of("post", gone), "{}")

    code, said = dead.redrive()

    assert (1, "2 redriven, 1 left") == (code, said[-1])
    assert [f"{gone}: 409: Its author has deleted the post."] == [
        line for line in said if line.startswith(gone)
    ]
    query = f"/v1/audit/entries?subject=post:{post}"
    entries = dead.stack.as_("compliance").get(query).expect(200)["items"]
    assert ["post:redrive"] == [entry["action"] for entry in entries]
    # Marked, and read: the mark is off again.
    eventually(lambda: "work_pk" not in stored(dead, post))
    assert version + 2 == int(stored(dead, post)["version"]["N"])
    code, said = dead.redrive()
    assert (1, "0 redriven, 1 left") == (code, said[-1])


@pytest.mark.parametrize(
    ("who", "wrong", "told"),
    [
        ("customer", {}, "403"),
        ("admin", {"api": "http://127.0.0.1:1"}, "http://127.0.0.1:1 does not answer"),
        ("admin", {"queue": "{url}-nowhere"}, "does not exist"),
        ("admin", {"api": "{api}/v1"}, "404"),
    ],
    ids=["role", "api", "queue", "path"],
)
def test_what_is_refused_stays_and_can_be_taken_at_once(
    dead: Dead, who: str, wrong: dict[str, str], told: str
) -> None:
    """One line says why; no message is lost, and none is hidden from the next try."""
    post = f"{int(time.time()):026d}"
    dead.give_up(body_of("post", post))
    given = {name: each.format(url=dead.url, api=dead.stack.api) for name, each in wrong.items()}

    code, said = dead.redrive(who, **given)

    assert (1, 1) == (code, len(said)), said
    assert said[0].startswith("hausrecht redrive: ")
    assert told in said[0]
    assert 1 == dead.visible()
    assert (0, [f"{post}: 404: There is no such post.", "1 redriven, 0 left"]) == dead.redrive()
