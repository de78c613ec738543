"""How fast the rules read: posts a second, and how that grows with the terms and the text."""

import re
from collections.abc import Callable, Iterator

from localstack.demo.content import load
from moderation.detection.facts import Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.ruleset import RuleSet
from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure
from tests.perf.bench.timing import cpu_seconds, medians, ratio
from tests.perf.moderation.detection.figures import HARD_TEXTS, best_seconds, pack_with, prose

CHARACTERS = 1_000


def figures(effort: Effort) -> Iterator[Figure]:
    """Every figure of detection."""
    rules = load_rules()
    terms = sum(len(listed) for pack in rules.packs for listed in pack.terms.values())
    yield Figure(
        id="detection.terms",
        name="terms in the shipped packs",
        value=terms,
        unit="terms",
        anchor=None,
        target=1_000,
        better="higher",
        deterministic=True,
    )
    yield Figure(
        id="detection.rules",
        name="rules in the shipped packs",
        value=len(rules.rules),
        unit="rules",
        anchor=None,
        target=50,
        better="higher",
        deterministic=True,
    )
    texts, clean = demo_texts(effort.texts), [prose(CHARACTERS, n) for n in range(effort.texts)]
    of_clean, of_demo = medians(effort.rounds, screening(clean, rules), screening(texts, rules))
    naive = 1 / cpu_seconds(naively(clean[0], rules))
    for figure_id, what, rate in (
        ("detection.rate", "clean texts", len(clean) / of_clean),
        ("detection.rate_demo", "texts of the demo forum", len(texts) / of_demo),
    ):
        yield Figure(
            id=figure_id,
            name=f"rules pipeline, {what} of 1,000 characters",
            value=rate,
            unit="posts/s",
            anchor=naive,
            target=5_000,
            better="higher",
        )
    tenfold = RuleSet([*rules.packs, pack_with(9 * terms)], "tenfold")
    yield Figure(
        id="detection.tenfold_terms",
        name="time with ten times the terms",
        value=ratio(effort.rounds, screening(texts, tenfold), screening(texts, rules)),
        unit="times",
        anchor=1,
        target=1.2,
    )
    worst, kind = max((growth(text, rules, effort.rounds), kind) for kind, text in hard_texts())
    yield Figure(
        id="detection.length",
        name=f"time of 100 KB beside 1 KB, the worst kind of text ({kind})",
        value=worst,
        unit="times",
        anchor=100,
        target=110,
    )


def demo_texts(count: int) -> list[str]:
    """What people say in the demo forum, end to end, in pieces of a thousand characters."""
    bodies = [
        post.body for board in load().boards for thread in board.threads for post in thread.posts
    ]
    whole = "\n\n".join(bodies)
    starts = range(0, len(whole) - CHARACTERS, CHARACTERS)
    return [whole[start : start + CHARACTERS] for start in starts][:count]


def screening(texts: list[str], rules: RuleSet) -> Callable[[], object]:
    """Screen each text."""
    return lambda: [screen(text, Facts(), rules) for text in texts]


def naively(text: str, rules: RuleSet) -> Callable[[], object]:
    """Search a text for every term, one regular expression after another."""
    patterns = [re.compile(rf"\b{re.escape(key.strip())}\b") for key in rules.lexicon.keys]
    return lambda: [pattern.search(text) for pattern in patterns]


def hard_texts() -> list[tuple[str, str]]:
    """Every kind of hard text, a thousand characters of each."""
    return [(kind, (text * 2)[:CHARACTERS]) for kind, text in sorted(HARD_TEXTS.items())]


def growth(text: str, rules: RuleSet, rounds: int) -> float:
    """How many times as long a hundred times the text takes: of the best times, as noise adds.

    What disturbs the long text alone for a while is no growth, so the lesser of two looks counts.
    """

    def look() -> float:
        long = best_seconds(screening([text * 100], rules), min(rounds, 3))
        return long / (best_seconds(screening([text] * 10, rules), rounds) / 10)

    return min(look(), look())
