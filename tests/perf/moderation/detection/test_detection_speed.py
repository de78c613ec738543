"""Ratios that hold on any machine; rates stand in the bench."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from moderation.detection.facts import Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.ruleset import RuleSet
from tests.perf.moderation.detection.figures import (
    HARD_TEXTS,
    best_seconds,
    pack_with,
    prose,
)

RULES = load_rules()


def test_ten_times_the_terms_take_no_longer() -> None:
    """With ten times the terms a screen takes at most 1.2 times as long."""
    posts = [prose(1000, seed) for seed in range(60)]
    few, many = (RuleSet([pack_with(terms)], "test") for terms in (1_000, 10_000))

    def run(rules: RuleSet) -> Callable[[], object]:
        return lambda: [screen(post, Facts(), rules) for post in posts]

    ratios = [best_seconds(run(many), 5) / best_seconds(run(few), 5) for _ in range(3)]
    assert min(ratios) <= 1.2


@pytest.mark.parametrize("kind", sorted(HARD_TEXTS))
def test_time_is_linear_in_length(kind: str) -> None:
    """100 times the text takes at most 110 times the time, whatever it is made of."""
    unit = (HARD_TEXTS[kind] * 2)[:1000]
    short, long = unit, unit * 100
    screen(short, Facts(), RULES)
    ratios: list[float] = []
    while len(ratios) < 8 and (not ratios or min(ratios) > 110):
        small = best_seconds(lambda: [screen(short, Facts(), RULES) for _ in range(10)], 3) / 10
        large = best_seconds(lambda: screen(long, Facts(), RULES), 2)
        ratios.append(large / small)
    assert min(ratios) <= 110


def test_importing_the_api_does_not_load_the_packs() -> None:
    """Naming the pipeline reads no pack and no automaton; the first screen does."""
    code = (
        "import sys, moderation.detection.pipeline as p\n"
        "print(p.load_rules.cache_info().currsize, 'moderation.detection.evaluate' in sys.modules)"
    )
    root = Path(__file__).parents[4]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.stdout.split() == ["0", "False"]
