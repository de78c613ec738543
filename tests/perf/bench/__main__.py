"""Take every figure, print the table, write `.local/bench.json`: `python -m tests.perf.bench`."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.perf.bench import (
    audit_capacity,
    audit_rates,
    detection_rates,
    first_answer,
    forum_capacity,
    handler_cpu,
    model_rates,
    report,
    start,
    zip_size,
)
from tests.perf.bench.effort import FULL, Effort
from tests.perf.bench.figure import Figure

GROUPS = (
    forum_capacity,
    audit_capacity,
    zip_size,
    start,
    first_answer,
    handler_cpu,
    detection_rates,
    model_rates,
    audit_rates,
)
WRITTEN = Path(__file__).parents[3] / ".local" / "bench.json"


def take(effort: Effort) -> Iterator[Figure]:
    """Every figure, as it is taken."""
    for group in GROUPS:
        yield from group.figures(effort)


def main() -> int:
    """Print and write; what misses its target is named, and no error: tests gate, this tells."""
    begun = time.monotonic()
    print(report.head(), flush=True)
    figures = []
    for figure in take(FULL):
        figures.append(figure)
        print(report.line(figure), flush=True)
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(report.as_json(figures), encoding="utf-8")
    missed = report.missed(figures)
    print(f"{len(figures)} figures in {time.monotonic() - begun:.0f} s: .local/bench.json")
    print(f"short of their target: {', '.join(missed)}" if missed else "every target is met")
    return 0


if __name__ == "__main__":
    sys.exit(main())
