"""The figures as JSON for programs and as a table for people."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from tests.perf.bench.figure import Figure

DIGITS = 4


def rounded(number: float) -> float:
    """Four digits of what was timed: the rest is noise. Whole numbers stay as they are."""
    if isinstance(number, int):
        return number
    short = float(f"{number:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def as_json(figures: Iterable[Figure]) -> str:
    """`{"figures": [...]}`, one line a figure."""
    lines = ",\n".join(
        "  "
        + json.dumps(
            asdict(
                replace(
                    figure,
                    value=rounded(figure.value),
                    anchor=None if figure.anchor is None else rounded(figure.anchor),
                    target=None if figure.target is None else rounded(figure.target),
                )
            ),
            ensure_ascii=False,
        )
        for figure in figures
    )
    return f'{{"figures": [\n{lines}\n]}}\n'


def line(figure: Figure) -> str:
    """A figure in one line: id, value, anchor, target, whether it is met, name."""
    cells = [figure.value, figure.anchor, figure.target]
    numbers = "".join(f"{'–' if cell is None else f'{rounded(cell):,}':>11}" for cell in cells)
    met = {True: "met", False: "MISSED", None: ""}[figure.met]
    return f"{figure.id:24}{numbers}  {figure.unit:10}{met:7} {figure.name}"


def head() -> str:
    """The names of the columns."""
    return f"{'figure':24}{'value':>11}{'anchor':>11}{'target':>11}  {'unit':10}"


def missed(figures: Sequence[Figure]) -> list[str]:
    """The ids of figures that do not reach their target."""
    return [figure.id for figure in figures if figure.met is False]
