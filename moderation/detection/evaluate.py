"""Measure the detection on labelled texts: `python -m moderation.detection.evaluate FILE…`.

Reads JSON lines (`.jsonl`, `.jsonl.gz`) with `text` and `label`, and, where there, `sublabel`,
`lang` and `id`. Positives are the labels other than `ok` and `contested`. Prints flag and hold
rates by label, sublabel and category, precision, recall and F1 with 95 % intervals, and the speed;
writes the misses (positives kept, `ok` flagged) to a file. A company runs it on its own posts.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TextIO, cast

from moderation.detection.facts import BoardPolicy, Facts
from moderation.detection.metrics import Confusion, Rate
from moderation.detection.pipeline import load_rules, screen, with_scores
from moderation.detection.ruleset import RuleSet
from moderation.detection.scorer import Scorer, ScorerRefused, ScorerUnavailable
from moderation.detection.scorers.registry import SCORERS, Opens, open_scorer
from moderation.detection.verdict import Action, Verdict

type _Groups = dict[str, dict[str, object]]

NEUTRAL_LABELS = frozenset({"ok", "contested"})


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled text."""

    id: str
    text: str
    label: str
    sublabel: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled text and what the detection made of it."""

    row: Row
    verdict: Verdict

    @property
    def flagged(self) -> bool:
        """Whether the verdict is above keep."""
        return self.verdict.action is not Action.KEEP

    @property
    def positive(self) -> bool:
        """Whether the label says that it should be."""
        return self.row.label not in NEUTRAL_LABELS

    @property
    def missed(self) -> bool:
        """Whether verdict and label are at odds; `contested` never is."""
        return self.row.label != "contested" and self.flagged != self.positive


def read_rows(path: Path) -> Iterator[Row]:
    """Read the rows of a file; a line that is no row is named by its number."""
    with _open(path) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _row(line, f"{path.name}:{number}")


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _row(line: str, place: str) -> Row:
    try:
        fields = json.loads(line)
        text, label = fields["text"], fields["label"]
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"{place}: not a row with text and label ({error})") from error
    sublabel, language = fields.get("sublabel"), fields.get("lang")
    return Row(str(fields.get("id", place)), str(text), str(label), sublabel, language)


def judge(row: Row, rules: RuleSet, scorer: Scorer | None) -> Verdict:
    """What the rules make of a text, and the scorer where there is one.

    A text that the scorer gives up ends the run: what was not read has no place in a rate.
    """
    verdict = screen(row.text, Facts(language=row.language), rules)
    if scorer is None:
        return verdict
    try:
        scores = scorer.score(row.text, verdict.language)
    except ScorerUnavailable as error:
        raise SystemExit(f"{row.id}: {error}") from error
    return verdict if scores is None else with_scores(verdict, scores, BoardPolicy())


def _opened(given: str, known: Mapping[str, Opens]) -> Scorer:
    """The scorer of `name:source`; of a source alone the first one there is."""
    name, _, source = given.partition(":")
    if name not in known:
        name, source = next(iter(known)), given
    try:
        return open_scorer(name, source, known)
    except ScorerRefused as error:
        raise SystemExit(str(error)) from error


def summary(judged: Sequence[Judged], seconds: float) -> dict[str, object]:
    """Sum up as the JSON that `--json` prints."""
    confusion = Confusion(
        true_flags=sum(each.flagged and each.positive for each in judged),
        false_flags=sum(each.flagged and each.row.label == "ok" for each in judged),
        misses=sum(not each.flagged and each.positive for each in judged),
    )
    return {
        "rows": len(judged),
        "seconds": round(seconds, 3),
        "posts_per_second": round(len(judged) / seconds) if seconds else 0,
        "by_label": _rates(judged, lambda each: [each.row.label]),
        "by_sublabel": _rates(judged, lambda each: [each.row.sublabel or "-"]),
        "by_category": _rates(judged, _categories),
        "metrics": {
            "precision": round(confusion.precision.value, 4),
            "recall": round(confusion.recall.value, 4),
            "f1": round(confusion.f1, 4),
            "precision_interval": _interval(confusion.precision),
            "recall_interval": _interval(confusion.recall),
        },
    }


def _categories(judged: Judged) -> list[str]:
    return sorted({signal.category.value for signal in judged.verdict.signals})


def _rates(judged: Sequence[Judged], names: Callable[[Judged], Iterable[str]]) -> _Groups:
    groups: dict[str, list[Judged]] = {}
    for each in judged:
        for name in names(each):
            groups.setdefault(name, []).append(each)
    return {name: _group(groups[name]) for name in sorted(groups)}


def _group(judged: Sequence[Judged]) -> dict[str, object]:
    flags = Rate(sum(each.flagged for each in judged), len(judged))
    holds = Rate(sum(each.verdict.action is Action.HOLD for each in judged), len(judged))
    return {
        "n": len(judged),
        "flag_rate": round(flags.value, 4),
        "hold_rate": round(holds.value, 4),
        "flag_interval": _interval(flags),
        "hold_interval": _interval(holds),
    }


def _interval(rate: Rate) -> list[float]:
    return [round(bound, 4) for bound in rate.interval]


def write_misses(judged: Iterable[Judged], path: Path) -> int:
    """Write the rows where verdict and label are at odds, and return how many."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        for each in judged:
            if each.missed:
                count += 1
                signals = [[s.category, s.rule, s.excerpt] for s in each.verdict.signals]
                row = each.row
                line = {
                    "id": row.id,
                    "label": row.label,
                    "sublabel": row.sublabel,
                    "action": each.verdict.action,
                    "signals": signals,
                    "text": row.text,
                }
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return count


def main(arguments: Sequence[str] | None = None, scorers: Mapping[str, Opens] = SCORERS) -> int:
    """Evaluate the files named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m moderation.detection.evaluate")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--misses", type=Path, help="write the misses to this file")
    parser.add_argument(
        "--scorer", metavar="[NAME:]SOURCE", help="have a model read, too: a model folder, say"
    )
    options = parser.parse_args(arguments)
    rows = [row for path in options.files for row in read_rows(path)]
    scorer = _opened(options.scorer, scorers) if options.scorer else None
    rules = load_rules()
    begun = perf_counter()
    judged = [Judged(row, judge(row, rules, scorer)) for row in rows]
    result = summary(judged, perf_counter() - begun)
    if scorer is not None:
        result["scorer"] = scorer.version
    if options.misses:
        result["misses"] = write_misses(judged, options.misses)
    sys.stdout.write(json.dumps(result, indent=1) + "\n" if options.json else _table(result))
    return 0


def _table(result: dict[str, object]) -> str:
    lines = [f"{result['rows']} rows, {result['posts_per_second']} a second"]
    for title in ("by_label", "by_sublabel", "by_category"):
        lines += ["", f"{title[3:]:<34}{'n':>7}{'flagged':>9}{'95 %':>17}{'held':>9}"]
        lines += [_line(name, group) for name, group in cast(_Groups, result[title]).items()]
    return "\n".join([*lines, "", json.dumps(result["metrics"])]) + "\n"


def _line(name: str, group: Mapping[str, object]) -> str:
    low, high = cast(list[float], group["flag_interval"])
    interval = f"{low:.3f}–{high:.3f}"
    rates = f"{group['flag_rate']:>9.3f}{interval:>17}{group['hold_rate']:>9.3f}"
    return f"{name:<34}{group['n']:>7}{rates}"


if __name__ == "__main__":  # pragma: no cover  (the tests call main)
    raise SystemExit(main())
