"""`hausrecht rules check|test|explain|backtest|publish`: what somebody who writes rules needs.

Without `--own` the shipped packs are looked at; with it, a folder of own packs laid over them.
"""

# ruff: noqa: PLC0415

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from functions.cli import publish
from functions.cli.command import Command

if TYPE_CHECKING:
    from moderation.detection.ruleset import RuleSet
    from moderation.rulesets.comparison import Comparison
    from moderation.rulesets.content import Content


def _arguments(parser: ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="check|test|explain|backtest|publish", required=True)
    check = _sub(commands.add_parser("check", help="show every mistake in the packs"), _check)
    test = _sub(commands.add_parser("test", help="run the examples of every rule"), _test)
    explain = _sub(
        commands.add_parser("explain", help="show what is seen in a text, and why"), _explain
    )
    explain.add_argument("text", metavar="TEXT")
    backtest = _sub(
        commands.add_parser("backtest", help="compare two rule sets on labelled texts"), _backtest
    )
    backtest.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JSON lines")
    backtest.add_argument(
        "--against", type=Path, metavar="FOLDER", help="other own packs (default: the shipped ones)"
    )
    for each in (check, test, explain, backtest):
        each.add_argument("--own", type=Path, metavar="FOLDER", help="own packs to lay over them")
    publish.arguments(
        _sub(commands.add_parser("publish", help="propose own packs to a forum"), publish.run)
    )


def _sub(parser: ArgumentParser, run: Callable[[Namespace], int]) -> ArgumentParser:
    parser.set_defaults(run_rules=run)
    return parser


def _run(options: Namespace) -> int:
    from moderation.detection.source import PackError
    from moderation.rulesets.folder import placed

    try:
        return int(options.run_rules(options))
    except PackError as error:
        folder = options.own or Path()
        return _print((str(placed(folder, problem)) for problem in error.problems), 1)


def _print(lines: Iterable[str], code: int = 0) -> int:
    """Print each line; answers `code`, or 0 where there was none."""
    found = False
    for line in lines:
        found = True
        sys.stdout.write(f"{line}\n")
    return code if found else 0


def _rules(folder: Path | None) -> "RuleSet":
    from moderation.detection.ruleset import shipped
    from moderation.rulesets.overlay import laid_over

    return laid_over(_content(folder), shipped())


def _content(folder: Path | None) -> "Content":
    from moderation.rulesets.content import Content
    from moderation.rulesets.folder import read_folder

    return Content() if folder is None else read_folder(folder)


def _check(options: Namespace) -> int:
    from moderation.detection.authoring import check

    return _print(check(_rules(options.own)), 1)


def _test(options: Namespace) -> int:
    from moderation.detection.authoring import failing_examples

    return _print(failing_examples(_rules(options.own)), 1)


def _explain(options: Namespace) -> int:
    from moderation.detection.authoring import explain

    return _print(explain(options.text, _rules(options.own)))


def _backtest(options: Namespace) -> int:
    from functions.cli.corpus import read_corpus
    from moderation.rulesets.backtest import compare

    before, after = _rules(options.against), _rules(options.own)
    corpus = read_corpus(options.files)
    return _print(table(compare(corpus.texts, before, after)))


def table(found: "Comparison") -> Iterable[str]:
    """A comparison as a table: a line a label, then the ids that changed sides."""
    yield f"{'label':<24}{'n':>8}{'flagged':>16}{'held':>16}"
    for count in found.counts:
        flagged = f"{count.flagged_before} → {count.flagged_after}"
        held = f"{count.held_before} → {count.held_after}"
        yield f"{count.label:<24}{count.n:>8}{flagged:>16}{held:>16}"
    if found.newly_flagged:
        yield f"newly flagged: {', '.join(found.newly_flagged)}"
    if found.no_longer_flagged:
        yield f"no longer flagged: {', '.join(found.no_longer_flagged)}"


COMMAND = Command("rules", "Check, test, explain, back-test and publish rules.", _arguments, _run)
