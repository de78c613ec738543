"""`hausrecht rules check|test|explain|backtest`: what somebody who writes rules needs."""

from argparse import REMAINDER, ArgumentParser, Namespace

from functions.cli.command import Command


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("rest", nargs=REMAINDER, metavar="check|test|explain|backtest …")


def _run(options: Namespace) -> int:
    from moderation.detection.authoring import main  # noqa: PLC0415

    return main(options.rest)


COMMAND = Command("rules", "Check, test, explain and back-test rule packs.", _arguments, _run)
