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


def redrive(queue: DeadQueue, url: str, api: "Api") -> int:
    """Redrive every message of the queue; answers how many could not be, which stay there."""
    from functions.cli.api import Refused

    left = done = 0
    while True:
        taken = queue.receive_message(
            QueueUrl=url, MaxNumberOfMessages=AT_ONCE, VisibilityTimeout=HIDDEN_S
        ).get("Messages", [])
        if not taken:
            break
        for message in taken:
            post = _post(message["Body"])
            if post is None:
                left += 1
                _say(f"left: message {message['MessageId']} names no post")
                continue
            try:
                api.post(f"/v1/posts/{post}/redrive", {})
            except Refused as error:
                if error.status not in GONE:
                    raise
                _say(f"{post}: {error}")
            queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            done += 1
    _say(f"{done} redriven, {left} left")
    return left


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
        return int(redrive(queue, options.queue, Api(options.api.rstrip("/"), token)) > 0)
    except (Refused, BotoCoreError, ClientError, OSError) as error:
        _say(str(error))
        return 1


COMMAND = Command("redrive", "Have posts read again that the scorer gave up.", _arguments, _run)
