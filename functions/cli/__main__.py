"""`hausrecht`, also as `python -m functions.cli`: what people do that no route is for.

One command, one module; each brings its own arguments and answers with an exit code:
0 done, 1 found something wrong, 2 could not be called like that.
"""

import argparse
import sys
from collections.abc import Sequence

from functions.cli import fsck, key, redrive, restore, rules, weights, witness
from functions.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    fsck.COMMAND,
    key.COMMAND,
    redrive.COMMAND,
    restore.COMMAND,
    rules.COMMAND,
    weights.COMMAND,
    witness.COMMAND,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="hausrecht", description="The forum's command line.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        known = commands.add_parser(command.name, help=command.help, description=command.help)
        command.arguments(known)
        known.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    return int(options.run(options))


if __name__ == "__main__":  # pragma: no cover  (the tests call main)
    sys.exit(main())
