"""`hausrecht redrive`: what was given up in a dead-letter queue is done again, by somebody's act.

Each message names a post. The API is asked to have it read again (an entry in the audit log, in the
name of whoever the token belongs to), and only then is the message deleted: whatever ends in
between leaves it there, and a second entry does no harm.
"""

# ruff: noqa: PLC0415

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any, Protocol, cast

from functions.cli.command import Command
from functions.cli.publish import TOKEN

if TYPE_CHECKING:
    from functions.cli.api import Api

AT_ONCE = 10
HIDDEN_S = 120
GONE = frozenset({404, 409})
"""The post is no more, or its author has deleted it: nothing is owed to it."""


class DeadQueue(Protocol):
    """The calls of boto3's SQS client that are used."""

    def receive_message(self, **request: Any) -> Any:
        """Take up to ten messages."""

    def delete_message(self, **request: Any) -> Any:
        """Delete one."""

    def change_message_visibility(self, **request: Any) -> Any:
        """Say for how long one is hidden from now on."""


def redrive(queue: DeadQueue, url: str, api: "Api") -> int:
    """Redrive every message of the queue; answers how many could not be, which stay there.

    What stays can be taken again at once, also where this ends by an error.
    """
    taken: set[str] = set()
    left = done = 0
    try:
        while messages := _some(queue, url):
            taken |= {each["ReceiptHandle"] for each in messages}
            for message in messages:
                if not _redriven(message, api):
                    left += 1
                    continue
                receipt = message["ReceiptHandle"]
                queue.delete_message(QueueUrl=url, ReceiptHandle=receipt)
                taken.remove(receipt)
                done += 1
    finally:
        for receipt in taken:
            queue.change_message_visibility(
                QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0
            )
    _say(f"{done} redriven, {left} left")
    return left


def _some(queue: DeadQueue, url: str) -> list[dict[str, Any]]:
    answer = queue.receive_message(
        QueueUrl=url, MaxNumberOfMessages=AT_ONCE, VisibilityTimeout=HIDDEN_S
    )
    found: list[dict[str, Any]] = answer.get("Messages", [])
    return found


def _redriven(message: dict[str, Any], api: "Api") -> bool:
    """Have the API do it; true too where nothing is owed, false where no post is named."""
    from functions.cli.api import Refused

    post = _post(message["Body"])
    if post is None:
        _say(f"left: message {message['MessageId']} names no post")
        return False
    try:
        api.post(f"/v1/posts/{post}/redrive", {})
    except Refused as error:
        if error.status not in GONE:
            raise
        _say(f"{post}: {error}")
    return True


def _post(body: str) -> str | None:
    try:
        post = json.loads(body).get("post")
    except (ValueError, AttributeError):
        return None
    return post if isinstance(post, str) and post.isalnum() else None


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--api", required=True, metavar="URL", help="the forum's address")
    parser.add_argument(
        "--queue",
        required=True,
        metavar="URL",
        help="address of the dead-letter queue (score-dead)",
    )
    parser.epilog = (
        f"The token of a caller with the role admin stands in ${TOKEN}; the queue is read with the "
        "AWS credentials of the shell."
    )


def _run(options: Namespace) -> int:
    """Exit 0 once nothing is left, 1 where something is, or something does not answer."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from functions.cli.api import Api, Refused

    token = os.environ.get(TOKEN)
    if not token:
        _say(f"${TOKEN} is not set")
        return 1
    try:
        queue: DeadQueue = cast("Any", boto3.client("sqs"))
        api = Api(options.api.rstrip("/"), token)
        # Elsewhere a 404 would say nothing of a post.
        api.get("/health")
        return int(redrive(queue, options.queue, api) > 0)
    except (Refused, BotoCoreError, ClientError) as error:
        _say(f"hausrecht redrive: {error}")
    except (OSError, ValueError) as error:
        _say(f"hausrecht redrive: {options.api} does not answer as a forum: {error}")
    return 1


COMMAND = Command("redrive", "Have posts read again that the scorer gave up.", _arguments, _run)
