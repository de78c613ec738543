"""What `make load` prints at the end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one text: a post with its state at the answer, or a problem."""

    line: int
    latency_seconds: float
    waits: int
    post_id: str | None = None
    state: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One run; `cases` is the category of each post with an open case, by the post's id."""

    texts: int
    seconds: float
    customers: int
    workers: int
    outcomes: tuple[Outcome, ...]
    cases: Mapping[str, str]
    held: frozenset[str]


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: the smallest value that `percent` of all do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]


def text(report: Report) -> str:
    """The report as lines for a person."""
    posted = [outcome for outcome in report.outcomes if outcome.problem is None]
    rate = len(posted) / report.seconds if report.seconds > 0 else 0.0
    lines = [
        f"posted    {len(posted)} of {report.texts} texts in {report.seconds:.1f} s: "
        f"{rate:.1f} posts/s ({report.customers} customers, {report.workers} workers)"
    ]
    if posted:
        p50, p95, p99 = (
            1000 * percentile([outcome.latency_seconds for outcome in posted], percent)
            for percent in (50, 95, 99)
        )
        lines.append(f"latency   p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")
    waits = sum(outcome.waits for outcome in report.outcomes)
    lines.append(f"waited    {waits} times: a limit or an overload, tried again as somebody else")
    lines += _refused(report)
    lines += _flagged(report, len(posted))
    return "\n".join(lines)


def _refused(report: Report) -> list[str]:
    first: dict[str, int] = {}
    counted: Counter[str] = Counter()
    for outcome in sorted(report.outcomes, key=lambda outcome: outcome.line):
        if outcome.problem is not None:
            counted[outcome.problem] += 1
            first.setdefault(outcome.problem, outcome.line)
    lines = [f"refused   {counted.total()}"]
    lines += [
        f"  {count:6d}  {problem} (first: line {first[problem]})"
        for problem, count in counted.most_common()
    ]
    return lines


def _flagged(report: Report, posted: int) -> list[str]:
    held = Counter(category for post, category in report.cases.items() if post in report.held)
    flagged = Counter(
        category for post, category in report.cases.items() if post not in report.held
    )
    count = len(report.cases)
    share = 100 * count / posted if posted else 0.0
    lines = [
        f"to review {count} ({share:.1f} %): {held.total()} held, {flagged.total()} flagged",
        f"  {'category':<16}{'held':>8}{'flagged':>9}",
    ]
    order = sorted(held.keys() | flagged.keys(), key=lambda c: (-(held[c] + flagged[c]), c))
    lines += [f"  {category:<16}{held[category]:>8}{flagged[category]:>9}" for category in order]
    return lines
