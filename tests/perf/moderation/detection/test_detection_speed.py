"""Ratios that hold on any machine; rates stand in the bench."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from moderation.detection.facts import Facts
from moderation.detection.packfile import parse_pack
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.ruleset import RuleSet

RULES = load_rules()
WORDS = """
die lieferung kam gestern an und das paket war offen der neue drucker lief sofort nur
leider fehlte das kabel we asked the team about it and they were friendly nothing special
happened
""".split()


def prose(characters: int, seed: int = 1) -> str:
    """Clean text of a length."""
    chance = random.Random(seed)  # noqa: S311
    text = ""
    while len(text) < characters:
        text += " ".join(chance.choices(WORDS, k=12)).capitalize() + ". "
    return text[:characters]


def best_seconds(act: Callable[[], object], rounds: int = 7) -> float:
    """The best CPU time of several rounds."""
    times = []
    for _ in range(rounds):
        begun = process_time()
        act()
        times.append(process_time() - begun)
    return min(times)


def rules_with(terms: int) -> RuleSet:
    """A rule set with as many distinct terms that no text holds."""
    chance = random.Random(7)  # noqa: S311
    made = {"".join(chance.choices("bcdfghjklmnpqrstvwxyz", k=9)) for _ in range(terms)}
    listed = ", ".join(sorted(made))
    pack = f"""
language = "any"
category = "SPAM"
[terms]
many = "{listed}"
[[rule]]
id = "any.test.many"
version = 1
score_ppm = 600_000
explanation = "A term of many."
all = ["many"]
match = ["x"]
"""
    return RuleSet([parse_pack("any/test.toml", pack)], "test")


def test_ten_times_the_terms_take_no_longer() -> None:
    """With ten times the terms a screen takes at most 1.2 times as long."""
    posts = [prose(1000, seed) for seed in range(60)]
    few, many = rules_with(1_000), rules_with(10_000)

    def run(rules: RuleSet) -> Callable[[], object]:
        return lambda: [screen(post, Facts(), rules) for post in posts]

    ratios = [best_seconds(run(many), 5) / best_seconds(run(few), 5) for _ in range(3)]
    assert min(ratios) <= 1.2


EVIL = {
    "prose": prose(1000),
    "anchors": "ausländer " * 100,
    "leet": "1d10t n1gg3r x0y " * 60,
    "chain": "i d i o t x y z " * 63,
    "repeats": "aaabbb cccddd " * 72,
    "quotes": '"du" "ihr" ' * 91,
    "stops": "du. ihr! " * 112,
    "digits": "0171 2345 678 12 " * 59,
    "links": "http://a.de/x?y=1 " * 56,
    "masks": "f**k sch*** " * 84,
    "streets": "musterstr 1 am weg 2 " * 48,
    "marks": "e\u0301\u0308\u0323" * 250,
    "negated": "nicht kein nie muslime sind " * 36,
    "everything": " ".join(text for rule in RULES.rules for text in rule.examples.match)[:1000],
}


@pytest.mark.parametrize("kind", sorted(EVIL))
def test_time_is_linear_in_length(kind: str) -> None:
    """100 times the text takes at most 110 times the time, whatever it is made of."""
    unit = (EVIL[kind] * 2)[:1000]
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
