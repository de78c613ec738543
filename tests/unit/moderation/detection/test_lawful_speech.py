"""What must stay: harsh criticism of the company, neutral and counter-speech; and what must not."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from moderation.detection.facts import Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action

DATA = Path(__file__).parent / "data"
RULES = load_rules()
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
SUITES = {
    name: tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
    for name in ("functional_de", "functional_de_second", "functional_de_third", "functional_en")
}
# Suites written later, with the least share of dehumanisation, direct threats, threats as a norm
# and declared hatred that must be flagged of their odd templates: the even ones mended the rules.
FLOORS = {
    "functional_de_fourth": (0.75, 0.95, 0.95, 0.95),
    "functional_de_fifth": (0.55, 0.75, 0.8, 0.7),
    "functional_de_sixth": (0.75, 0.8, 0.8, 0.9),
    "functional_de_seventh": (0.95, 0.45, 0.8, 0.7),
    "functional_de_eighth": (0.65, 0.5, 0.7, 0.4),
    "functional_en_second": (0.6, 0.8, 0.95, 0.95),
    "functional_en_third": (0.95, 0.75, 0.95, 0.7),
    "functional_en_fourth": (0.95, 0.95, 0.75, 0.6),
    "functional_en_fifth": (0.7, 0.75, 0.35, 0.95),
    "functional_en_sixth": (0.8, 0.8, 0.8, 0.55),
}
UNTOUCHED = ("functional_de_eighth", "functional_en_sixth")
"""Suites by which hardly anything was mended, so that all their templates judge."""
JUDGES = {
    name: tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8")) for name in FLOORS
}
GRAVE = ("dehumanise", "threat_direct", "threat_norm", "emotion")
LAWFUL = [(suite, function) for suite, kinds in SUITES.items() for function in kinds["lawful"]]
JUDGED = [(suite, function) for suite, kinds in JUDGES.items() for function in kinds["lawful"]]


def complaints(language: str) -> list[str]:
    """The complaints of one language."""
    return (DATA / f"complaints_{language}.txt").read_text(encoding="utf-8").splitlines()


def cases(suite: str, kind: str, function: str) -> list[str]:
    """The texts of one function, each template with each group, or with each slur."""
    templates = SUITES[suite][kind][function]
    fillings = SUITES[suite]["slurs" if kind == "slurred" else "groups"]
    return sorted({template.format(**filling) for template in templates for filling in fillings})


def judged(suite: str, kind: str, function: str) -> list[str]:
    """The texts of one function that judge: of the templates at odd places, or of all."""
    templates = JUDGES[suite][kind][function]
    templates = templates if suite in UNTOUCHED else templates[1::2]
    groups = JUDGES[suite]["groups"]
    return sorted({template.format(**group) for template in templates for group in groups})


def without_umlauts(text: str) -> str:
    """A text as keyboards without umlauts write it."""
    return text.translate(_WRITTEN_OUT)


def flagged(texts: list[str]) -> list[str]:
    """Those texts that come out above keep."""
    return [text for text in texts if screen(text, Facts(), RULES).action is not Action.KEEP]


@pytest.mark.parametrize("language", ["de", "en"])
def test_harsh_complaints_are_kept(language: str) -> None:
    """Of 150 harsh but lawful complaints at most one in a hundred is flagged, and none is held."""
    texts = complaints(language)
    verdicts = [screen(text, Facts(), RULES) for text in texts]
    assert len(texts) >= 150
    assert sum(verdict.action is not Action.KEEP for verdict in verdicts) <= len(texts) // 100
    assert [verdict for verdict in verdicts if verdict.action is Action.HOLD] == []


def forum_posts(unlawful: bool) -> list[str]:
    """Posts of our own: what may be unlawful, or reviews and everyday talk with the same words."""
    rows = (DATA / "forum_posts.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [row.split("\t") for row in rows]
    return [text for expected, text in pairs if (expected != "-") == unlawful]


def test_everyday_posts_are_kept() -> None:
    """Reviews of thrillers, questions with a phone number, jokes: next to nothing is flagged."""
    texts = forum_posts(unlawful=False)
    assert len(texts) > 150
    assert len(flagged(texts)) <= len(texts) // 50


def test_unlawful_posts_are_seen() -> None:
    """Of threats, hatred, data, fraud and cries for help in everyday words nine in ten are seen."""
    texts = forum_posts(unlawful=True)
    seen = [text for text in texts if screen(text, Facts(), RULES).signals]
    assert len(texts) > 150
    assert len(seen) >= 0.9 * len(texts)


@pytest.mark.parametrize(("suite", "function"), LAWFUL)
def test_lawful_functions_are_kept(suite: str, function: str) -> None:
    """Of each lawful function at most 15 % is flagged."""
    texts = cases(suite, "lawful", function)
    assert len(flagged(texts)) <= 0.15 * len(texts)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("function", GRAVE)
@pytest.mark.parametrize("spelled", [str, without_umlauts, str.lower, str.upper])
def test_hateful_functions_are_flagged(
    suite: str, function: str, spelled: Callable[[str], str]
) -> None:
    """Of threats, dehumanisation and declared hatred at least 85 % is flagged, however spelled."""
    texts = cases(suite, "hateful", function)
    assert len(flagged([spelled(text) for text in texts])) >= 0.85 * len(texts)


@pytest.mark.parametrize("language", ["de", "en"])
def test_threats_against_the_person_addressed_are_flagged(language: str) -> None:
    """Of threats against the person addressed, in many words, at least 70 % is flagged."""
    texts = (DATA / f"threats_{language}.txt").read_text(encoding="utf-8").splitlines()
    assert len(flagged(texts)) >= 0.7 * len(texts)


@pytest.mark.parametrize(("suite", "function"), JUDGED)
def test_lawful_functions_of_later_suites_are_kept(suite: str, function: str) -> None:
    """Of each lawful function at most 15 % is flagged, of counter-speech a quarter."""
    texts = judged(suite, "lawful", function)
    most = 0.25 if function.startswith("counter") else 0.15
    assert len(flagged(texts)) <= most * len(texts)


@pytest.mark.parametrize("suite", FLOORS)
@pytest.mark.parametrize("spelled", [str, without_umlauts, str.lower, str.upper])
def test_hateful_functions_of_later_suites_are_flagged(
    suite: str, spelled: Callable[[str], str]
) -> None:
    """Of the templates that judge, no less is flagged than was measured."""
    for function, floor in zip(GRAVE, FLOORS[suite], strict=True):
        texts = judged(suite, "hateful", function)
        seen = len(flagged([spelled(text) for text in texts]))
        assert (function, seen >= floor * len(texts)) == (function, True)


@pytest.mark.parametrize("suite", ["functional_de_second", "functional_de_third"])
@pytest.mark.parametrize("spelled", [str, without_umlauts, str.lower, str.upper])
def test_slurs_are_flagged(suite: str, spelled: Callable[[str], str]) -> None:
    """Of slurs in all their forms at least 95 % is flagged, however spelled."""
    texts = cases(suite, "slurred", "slur")
    assert len(flagged([spelled(text) for text in texts])) >= 0.95 * len(texts)


@pytest.mark.parametrize(
    "name",
    ["book_reviews_de", "book_reviews_en", "comments_de", "comments_en", "lawful_de", "lawful_en"],
)
def test_reviews_and_comments_are_kept(name: str) -> None:
    """Of reviews of violent books and of everyday idioms at most 2 % is flagged, none is held."""
    texts = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    held = [text for text in texts if screen(text, Facts(), RULES).action is Action.HOLD]
    assert len(texts) >= 100
    assert len(flagged(texts)) <= 0.02 * len(texts)
    assert [] == held


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Der Akku ist nach zwei Tagen explodiert.", Category.SAFETY_SIGNAL),
        ("The battery exploded after two days.", Category.SAFETY_SIGNAL),
    ],
)
def test_a_safety_report_is_kept_and_signalled(text: str, category: Category) -> None:
    """A report of a dangerous product is published and signalled for product safety."""
    verdict = screen(text, Facts(), RULES)
    assert verdict.action is Action.KEEP
    assert [signal.category for signal in verdict.signals] == [category]


@pytest.mark.parametrize(
    ("text", "action", "category"),
    [
        ("Overpriced junk, worst support ever, never again", Action.KEEP, None),
        ("Im Unterricht ging es um den Gruß „Sieg Heil“ im Dritten Reich.", Action.KEEP, None),
        ("Sieg Heil!", Action.FLAG, Category.SYMBOL),
        ("Ich will nicht mehr leben.", Action.HOLD, Category.SELF_HARM),
        ("I don't want to live any more.", Action.HOLD, Category.SELF_HARM),
        ("Ich bringe dich um.", Action.HOLD, Category.LIFE_THREAT),
    ],
)
def test_scenarios(text: str, action: Action, category: Category | None) -> None:
    """The known hard cases come out as the law wants them."""
    verdict = screen(text, Facts(), RULES)
    assert (verdict.action, verdict.category) == (action, category)


def test_content_about_the_operator_is_never_held() -> None:
    """A threat against the service centre is flagged in the gravest lane and not held."""
    text = "Tomorrow 8 am I come to your service centre with a knife."
    verdict = screen(text, Facts(), RULES)
    assert (verdict.action, verdict.category) == (Action.FLAG, Category.LIFE_THREAT)
    assert verdict.about_operator


def test_a_threat_elsewhere_is_held() -> None:
    """The same threat against somebody else is held until a person has looked."""
    verdict = screen("Tomorrow 8 am I come to your house with a knife.", Facts(), RULES)
    assert (verdict.action, verdict.category) == (Action.HOLD, Category.LIFE_THREAT)


def test_the_operator_is_known_by_its_names() -> None:
    """Names of the company and its products say that a text is about it."""
    facts = Facts(operator_names=("Möbel Krause", "SaugFix 3000"))
    assert screen("der saugfix 3000 taugt nichts", facts, RULES).about_operator
    assert not screen("Krause Haare stehen mir", facts, RULES).about_operator


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Your support is a joke.", True),
        ("Euer Kundendienst hat mich ausgelacht.", True),
        ("Hotline, Reklamation, wieder Hotline.", True),
        ("Verkaufe Koks, diskrete Lieferung.", False),
        ("Schönes Wetter heute.", False),
    ],
)
def test_a_company_is_known_by_how_it_is_spoken_to(text: str, about: bool) -> None:
    """Addressing a company or two words of its trade are about it; one such word is not."""
    assert screen(text, Facts(), RULES).about_operator is about


def test_help_is_offered_where_somebody_speaks_of_suicide() -> None:
    """The verdict asks for a help message, whatever becomes of the post."""
    assert screen("Ich will nicht mehr leben.", Facts(), RULES).help_offered
