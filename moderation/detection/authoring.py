"""What somebody who writes rules needs: `python -m moderation.detection.authoring COMMAND`.

`check` reads the packs and shows every mistake with file, line and hint; `test` runs the examples
of every rule; `explain` shows what the detection sees in a text, and which rules were silenced by
what; `backtest` runs two folders of packs over labelled texts and shows what one flags and the
other does not. Each exits 0 when all is well and 1 when not.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from moderation.detection.evaluate import Judged, read_rows
from moderation.detection.facts import Facts
from moderation.detection.matching import Matcher
from moderation.detection.packfile import PackError
from moderation.detection.pipeline import read, screen
from moderation.detection.rule import Rule
from moderation.detection.ruleset import PACKS, RuleSet, read_packs


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; print what it finds."""
    options = _parser().parse_args(arguments)
    try:
        found = list(_run(options, read_packs(options.packs)))
        failed = bool(found) and options.command in {"check", "test"}
    except PackError as error:
        found, failed = [str(error)], True
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m moderation.detection.authoring")
    parser.add_argument("--packs", type=Path, default=PACKS, help="the folder of packs")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="show every mistake in the packs")
    commands.add_parser("test", help="run the examples of every rule")
    explain = commands.add_parser("explain", help="show what the detection sees in a text")
    explain.add_argument("text")
    backtest = commands.add_parser("backtest", help="compare with other packs on labelled texts")
    backtest.add_argument("other", type=Path, help="the folder of packs to compare with")
    backtest.add_argument("files", nargs="+", type=Path, metavar="FILE")
    return parser


def _run(options: argparse.Namespace, rules: RuleSet) -> Iterator[str]:
    if options.command == "check":
        yield from check(rules)
    elif options.command == "test":
        yield from failing_examples(rules)
    elif options.command == "explain":
        yield from explain(options.text, rules)
    else:
        yield from backtest(rules, read_packs(options.other), options.files)


def check(rules: RuleSet) -> Iterator[str]:
    """Name what the parser lets pass: an id used twice, a rule without a text it must leave."""
    seen: set[str] = set()
    for rule in rules.rules:
        if rule.id in seen:
            yield f"{rule.id}: the id is used twice"
        seen.add(rule.id)
        if rule.examples.match and not rule.examples.leave:
            yield f"{rule.id}: no example that it must leave alone"


def failing_examples(rules: RuleSet) -> Iterator[str]:
    """Name every example that does not come out as written."""
    for rule in rules.rules:
        for text in rule.examples.match:
            if not _raises(rule, text, rules):
                yield f"{rule.name} does not match: {text}"
        for text in rule.examples.leave:
            if _raises(rule, text, rules):
                yield f"{rule.name} does not leave alone: {text}"


def _raises(rule: Rule, text: str, rules: RuleSet) -> bool:
    return any(signal.rule == rule.name for signal in screen(text, Facts(), rules).signals)


def explain(text: str, rules: RuleSet) -> Iterator[str]:
    """Show words, disguises, verdict, signals, and the rules that a context silenced."""
    verdict, document = screen(text, Facts(), rules), read(text, rules)
    yield f"words     {' '.join(document.words)}"
    for edit in document.edits:
        yield f"disguise  characters {edit.start} to {edit.end} spell {edit.replacement.strip()}"
    category = verdict.category or "-"
    yield f"verdict   {verdict.action} {category} language {verdict.language}"
    yield f"operator  {'yes' if verdict.about_operator else 'no'}"
    for signal in verdict.signals:
        yield f"signal    {signal.rule} {signal.score_ppm} ppm: {signal.excerpt!r}"
        yield f"          {signal.explanation}"
    for match, silencer in Matcher(document, rules, rules.lexicon.scan(document.line)).silenced():
        words = " ".join(document.words[match.start : match.end])
        yield f"silenced  {match.rule.name} by {silencer}: {words!r}"


def backtest(rules: RuleSet, other: RuleSet, files: Sequence[Path]) -> Iterator[str]:
    """Say how many texts of each label only one of two rule sets flags, and name them."""
    changed: dict[str, list[str]] = {}
    for row in (row for path in files for row in read_rows(path)):
        mine = Judged(row, screen(row.text, Facts(language=row.language), rules)).flagged
        theirs = Judged(row, screen(row.text, Facts(language=row.language), other)).flagged
        if mine != theirs:
            key = f"{row.label}: {'flagged' if mine else 'kept'} only by {rules.version}"
            changed.setdefault(key, []).append(row.id)
    for key in sorted(changed):
        yield f"{key}: {len(changed[key])} ({', '.join(changed[key][:20])})"


if __name__ == "__main__":  # pragma: no cover  (the tests call main)
    raise SystemExit(main())
