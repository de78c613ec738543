"""CPU time, taken so that a busy machine disturbs what is compared alike."""

import gc
from collections.abc import Callable
from statistics import median
from time import process_time


def cpu_seconds(act: Callable[[], object]) -> float:
    """The CPU time of one call, with the collector's debts paid before."""
    gc.collect()
    begun = process_time()
    act()
    return process_time() - begun


def alternating(rounds: int, *acts: Callable[[], object]) -> list[tuple[float, ...]]:
    """The CPU times of several calls, one after another in each round; one round goes before."""
    for act in acts:
        act()
    return [tuple(cpu_seconds(act) for act in acts) for _ in range(rounds)]


def medians(rounds: int, *acts: Callable[[], object]) -> tuple[float, ...]:
    """The median CPU time of each of several calls, taken in turn."""
    return tuple(map(median, zip(*alternating(rounds, *acts), strict=True)))


def ratio(rounds: int, act: Callable[[], object], other: Callable[[], object]) -> float:
    """How many times the other's CPU time a call takes: the median of the rounds' ratios."""
    return median(one / two for one, two in alternating(rounds, act, other))
