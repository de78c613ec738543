"""Texts and rule sets by which screening is measured, used by the tests of speed and the bench."""

import random
from collections.abc import Callable
from time import process_time

from moderation.detection.packfile import Pack, parse_pack
from moderation.detection.pipeline import load_rules

WORDS = """
die lieferung kam gestern an und das paket war offen der neue drucker lief sofort nur
leider fehlte das kabel we asked the team about it and they were friendly nothing special
happened
"""


def prose(characters: int, seed: int = 1) -> str:
    """Clean text of a length."""
    chance = random.Random(seed)  # noqa: S311
    text = ""
    while len(text) < characters:
        text += " ".join(chance.choices(WORDS.split(), k=12)).capitalize() + ". "
    return text[:characters]


def fuzzed(characters: int, seed: int) -> str:
    """Listed terms of all kinds in any order, with marks between some of them."""
    chance = random.Random(seed)  # noqa: S311
    terms = sorted(key.strip() for key in load_rules().lexicon.keys)
    text = ""
    while len(text) < characters:
        text += chance.choice(terms) + chance.choice([" ", " ", " ", ", ", ". ", ' "', "? "])
    return text[:characters]


HARD_TEXTS = {
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
    "verbs": "ich bringe alle frauen mit " * 38,
    "hosts": "paypa1-secure.top konto login " * 34,
    "fuzzed 1": fuzzed(1000, 1),
    "fuzzed 2": fuzzed(1000, 2),
    "fuzzed 3": fuzzed(1000, 3),
    "negated": "nicht kein nie muslime sind " * 36,
    "everything": " ".join(text for rule in load_rules().rules for text in rule.examples.match),
}
"""What each kind of rule has most to do with, by its name."""


def best_seconds(act: Callable[[], object], rounds: int = 7) -> float:
    """The best CPU time of several rounds."""
    times = []
    for _ in range(rounds):
        begun = process_time()
        act()
        times.append(process_time() - begun)
    return min(times)


def pack_with(terms: int) -> Pack:
    """A pack with as many distinct terms that no text holds."""
    chance = random.Random(7)  # noqa: S311
    made: set[str] = set()
    while len(made) < terms:
        made.add("".join(chance.choices("bcdfghjklmnpqrstvwxyz", k=9)))
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
    return parse_pack("any/test.toml", pack)
