"""The report of a load says what was posted, how fast, and what became of it."""

import pytest

from localstack.load_report import Outcome, Report, percentile, text


@pytest.mark.parametrize(("percent", "value"), [(50, 50.0), (95, 95.0), (99, 99.0), (1, 1.0)])
def test_percentiles_are_values_that_were_measured(percent: int, value: float) -> None:
    """The nearest rank is taken, from values in any order."""
    assert value == percentile([float(number) for number in range(100, 0, -1)], percent)


def test_a_single_value_is_every_percentile() -> None:
    """One measurement stands for all of them."""
    assert [7.0] * 3 == [percentile([7.0], percent) for percent in (1, 50, 99)]


def test_the_report_counts_everything() -> None:
    """Posts, rates, waits, refusals by problem, and cases by category stand in it."""
    report = Report(
        texts=6,
        seconds=2.0,
        customers=3,
        workers=2,
        outcomes=(
            Outcome(1, 0.100, 0, "p1", "published"),
            Outcome(2, 0.300, 2, "p2", "held"),
            Outcome(3, 0.200, 0, "p3", "published"),
            Outcome(9, 0.001, 0, problem="422 invalid"),
            Outcome(5, 0.001, 0, problem="422 invalid"),
            Outcome(6, 0.001, 50, problem="429 too-many-requests"),
        ),
        cases={"p2": "THREAT", "p3": "INSULT"},
        held=frozenset({"p2"}),
    )
    assert [
        "posted    3 of 6 texts in 2.0 s: 1.5 posts/s (3 customers, 2 workers)",
        "latency   p50 200 ms, p95 300 ms, p99 300 ms",
        "waited    52 times: a limit or an overload, tried again as somebody else",
        "refused   3",
        "       2  422 invalid (first: line 5)",
        "       1  429 too-many-requests (first: line 6)",
        "to review 2 (66.7 %): 1 held, 1 flagged",
        "  category            held  flagged",
        "  INSULT                 0        1",
        "  THREAT                 1        0",
    ] == text(report).splitlines()


def test_a_report_on_nothing_is_one() -> None:
    """Where nothing was posted there are no latencies and no division by zero."""
    lines = text(Report(1, 0.0, 1, 1, (), {}, frozenset())).splitlines()

    assert [
        "posted    0 of 1 texts in 0.0 s: 0.0 posts/s (1 customers, 1 workers)",
        "waited    0 times: a limit or an overload, tried again as somebody else",
    ] == lines[:2]
