"""What a command of the command line is."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A name, a line of help, the arguments it takes, and what it does with them.

    `run` imports what it needs when it runs, prints to standard output and returns the exit code.
    """

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


def take_step(options: Namespace) -> int:
    """Run the step a command's arguments chose; what cannot be read or sent is one line and a 2."""
    try:
        done: int = options.do(options)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return done
