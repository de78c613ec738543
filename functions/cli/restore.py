"""`hausrecht restore`: erase again, in a restored table, whoever the log says was erased.

To be run before the restored table serves anybody, by somebody with rights over it.
"""

# ruff: noqa: PLC0415

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from functions.cli.command import Command
from functions.cli.fsck import REGION_DEFAULT, client_of

if TYPE_CHECKING:
    from moderation.compliance.erasure_saga import Eraser
    from moderation.compliance.replaying import RestoredTable, Told


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stack", required=True, help="the CloudFormation stack's name")
    parser.add_argument("--forum-table", required=True, help="the table that was restored")
    parser.add_argument("--endpoint", metavar="URL", help="an engine on this machine")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION", REGION_DEFAULT))
    parser.add_argument(
        "--without-holds", action="store_true", help="go on although holds of the log are missing"
    )


def _run(options: Namespace) -> int:
    """Work with the settings that the stack's own functions have, on the restored table."""
    function = client_of("lambda", options).get_function_configuration(
        FunctionName=f"{options.stack}-export"
    )
    os.environ.update(function["Environment"]["Variables"])
    os.environ["FORUM_TABLE"] = options.forum_table
    if options.endpoint:
        os.environ["AWS_ENDPOINT_URL"] = options.endpoint

    import secrets

    from functions import outside
    from functions.settings import settings
    from functions.wiring import disclosure, log, tables
    from moderation.audit.log_reader import LogReader
    from moderation.compliance.replaying import listen
    from moderation.stores.restored import RestoredForum

    reader = LogReader(log.objects(), settings().log_origin, [log.signer().key])
    published = reader.published()
    size = 0 if published is None else published.checkpoint.size
    told = listen(body for run in reader.bodies(0, size, size) for body in run)
    table = RestoredForum(forum=tables.forum(), random_bytes=secrets.token_bytes)
    return carried_out(
        told,
        table,
        disclosure.eraser(),
        outside.now,
        lambda: time.sleep(1),
        without_holds=options.without_holds,
    )


def carried_out(
    told: "Told",
    table: "RestoredTable",
    eraser: "Eraser",
    now: Callable[[], datetime],
    pause: Callable[[], None],
    *,
    without_holds: bool,
) -> int:
    """Replay, and print what was done. 1: holds are missing that the log has in force."""
    from moderation.compliance.replaying import replay

    missing = table.missing_holds(told.holds)
    for hold in missing:
        print(f"missing hold: {hold}", file=sys.stderr)
    if missing and not without_holds:
        print("Place these holds again, or say --without-holds.", file=sys.stderr)
        return 1
    print(f"{replay(told, table, eraser, now, pause)} erasures carried out again")
    return 0


COMMAND = Command(
    "restore", "Erase again, in a restored table, whoever was erased.", _arguments, _run
)
