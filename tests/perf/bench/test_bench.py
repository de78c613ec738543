"""The bench takes every figure that its document names, in the form that its readers know."""

import json
import re
from pathlib import Path

import pytest

from tests.perf.bench import model_rates, report, zip_size
from tests.perf.bench.__main__ import take
from tests.perf.bench.effort import SMOKE
from tests.perf.bench.figure import Figure

DOCUMENT = Path(__file__).parents[3] / "docs" / "performance.md"
KEYS = ["id", "name", "value", "unit", "anchor", "target", "better", "deterministic"]
COUNTED = Figure(
    id="a.count",
    name="things counted",
    value=3,
    unit="things",
    anchor=None,
    target=3,
    deterministic=True,
)
TIMED = Figure(
    id="a.rate",
    name="things in time",
    value=12_345.678,
    unit="things/s",
    anchor=10.0,
    target=20_000,
    better="higher",
)


@pytest.fixture(scope="module")
def taken() -> list[Figure]:
    """Every figure, each from next to nothing: its value is noise, that it is taken is not."""
    return list(take(SMOKE))


def documented() -> list[str]:
    """The ids that the document explains, in order."""
    return re.findall(r"^\| `([a-z0-9_.]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.M)


@pytest.mark.slow
def test_every_figure_stands_in_the_document_and_is_taken(taken: list[Figure]) -> None:
    """No figure without its explanation, none explained that nobody takes."""
    known = documented()
    unbuilt = {"start.zip"}
    if not all((each / ".installed").exists() for each in (model_rates.BUILD, model_rates.RUN)):
        unbuilt |= {figure for figure in known if figure.startswith("model.")}
    taken_or_unbuilt = {figure.id for figure in taken} | unbuilt

    assert sorted(taken_or_unbuilt) == sorted(known)
    assert len({figure.id for figure in taken}) == len(taken)


@pytest.mark.slow
def test_every_count_reaches_its_target(taken: list[Figure]) -> None:
    """What is deterministic is no matter of the machine."""
    counts = [figure for figure in taken if figure.deterministic and figure.id != "start.zip"]

    assert report.missed(counts) == []
    assert len(counts) >= 15


@pytest.mark.slow
def test_every_figure_has_the_agreed_form(taken: list[Figure]) -> None:
    """Numbers are numbers, positive ones; an anchor or a target may be missing."""
    for row in json.loads(report.as_json(taken))["figures"]:
        assert list(row) == KEYS
        assert row["value"] > 0
        assert all(row[name] is None or row[name] > 0 for name in ("anchor", "target"))
        assert row["better"] in {"lower", "higher"}


def test_timed_figures_are_written_with_four_digits() -> None:
    """The rest is noise; counts stay as they are."""
    counted, timed = json.loads(report.as_json([COUNTED, TIMED]))["figures"]

    assert counted == {
        "id": "a.count",
        "name": "things counted",
        "value": 3,
        "unit": "things",
        "anchor": None,
        "target": 3,
        "better": "lower",
        "deterministic": True,
    }
    assert (12_350, 10, 20_000) == (timed["value"], timed["anchor"], timed["target"])


def test_what_falls_short_is_named() -> None:
    """In the table and in the list, by the direction in which the figure is better."""
    assert report.missed([COUNTED, TIMED]) == ["a.rate"]
    assert "MISSED" in report.line(TIMED)
    assert " met " in report.line(COUNTED)


def test_no_zip_no_figure(tmp_path: Path) -> None:
    """What was not built is not measured."""
    assert list(zip_size.figures(SMOKE, tmp_path)) == []
