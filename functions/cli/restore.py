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

INDEXES = frozenset({"list", "owner", "work"})
"""By which a `forum` table is known, and without which nothing in it is found."""


class UnfitError(Exception):
    """The table cannot be worked on; the message says why."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stack", required=True, help="the CloudFormation stack's name")
    parser.add_argument("--forum-table", required=True, help="the table that was restored")
    parser.add_argument("--endpoint", metavar="URL", help="an engine on this machine")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION", REGION_DEFAULT))
    parser.add_argument(
        "--without-holds", action="store_true", help="go on although holds of the log are missing"
    )


def _run(options: Namespace) -> int:
    """Exit 2 where stack, log or table cannot be had, 1 where holds are missing."""
    from botocore.exceptions import BotoCoreError, ClientError
    from pynamodb.exceptions import PynamoDBException

    from functions.settings import SettingsError
    from moderation.audit.keys import NoteError
    from moderation.audit.ports import ObjectMissingError
    from moderation.audit.tiles import TileError
    from moderation.errors import DomainError

    log_unreadable = (NoteError, ObjectMissingError, TileError)
    unanswered = (BotoCoreError, ClientError, PynamoDBException, DomainError)
    try:
        _use_settings(options)
        _check_table(options)
        return _restored(without_holds=options.without_holds)
    except (*unanswered, *log_unreadable, SettingsError, UnfitError) as error:
        print(f"hausrecht restore: {error}", file=sys.stderr)
        return 2


def _use_settings(options: Namespace) -> None:
    """Take the settings that the stack's own functions have, and the restored table for theirs."""
    function = client_of("lambda", options).get_function_configuration(
        FunctionName=f"{options.stack}-export"
    )
    os.environ.update(function["Environment"]["Variables"])
    os.environ["FORUM_TABLE"] = options.forum_table
    os.environ["AWS_REGION"] = options.region
    if options.endpoint:
        os.environ["AWS_ENDPOINT_URL"] = options.endpoint
        # As in `client_of`: an engine takes any.
        os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        os.environ.pop("AWS_SESSION_TOKEN", None)


def _check_table(options: Namespace) -> None:
    """Raise UnfitError for a table that is still being restored, or is no `forum` table."""
    name = options.forum_table
    table = client_of("dynamodb", options).describe_table(TableName=name)["Table"]
    indexes = {each["IndexName"]: each for each in table.get("GlobalSecondaryIndexes", [])}
    missing = INDEXES - indexes.keys()
    if missing:
        listed = ", ".join(sorted(missing))
        raise UnfitError(f"{name} lacks the indexes of a forum table: {listed}")
    states = {table["TableStatus"], *(indexes[each]["IndexStatus"] for each in INDEXES)}
    if states != {"ACTIVE"}:
        raise UnfitError(f"{name} is not restored yet; it is {', '.join(sorted(states))}")


def _restored(*, without_holds: bool) -> int:
    """Put together what the settings name, and work with it."""
    import secrets

    from functions import outside
    from functions.wiring import disclosure, log, tables
    from moderation.compliance.replaying import listen
    from moderation.stores.restored import RestoredForum

    def pause() -> None:
        time.sleep(1)

    return carried_out(
        listen(log.public_log().reader, tables.audit_table(), pause),
        RestoredForum(forum=tables.forum(), random_bytes=secrets.token_bytes),
        disclosure.eraser(),
        outside.now,
        pause,
        without_holds=without_holds,
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
    """Replay, and print what was done.

    1: holds are missing that the log has in force, or an erasure was not finished.
    """
    from moderation.compliance.replaying import replay

    missing = table.missing_holds(told.holds)
    for hold in missing:
        print(f"missing hold: {hold}", file=sys.stderr)
    if missing and not without_holds:
        print(
            "Nothing was changed. Place these holds again in this table, then say --without-holds.",
            file=sys.stderr,
        )
        return 1
    erasures = replay(told, table, eraser, now, pause)
    for erasure in erasures:
        for kept in erasure.kept:
            print(f"kept for now: {kept.subject} of {erasure.id} ({kept.why})")
    unfinished = [erasure.id for erasure in erasures if erasure.state == "running"]
    for each in unfinished:
        print(f"not finished: {each}; run this again", file=sys.stderr)
    print(f"{len(erasures) - len(unfinished)} erasures carried out again")
    return 1 if unfinished else 0


COMMAND = Command(
    "restore", "Erase again, in a restored table, whoever was erased.", _arguments, _run
)
