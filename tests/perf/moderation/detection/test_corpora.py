"""The figures on public evaluation sets, where their folder is (HAUSRECHT_CORPUS_DIR)."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from moderation.detection import document
from moderation.detection.evaluate import Judged, read_rows
from moderation.detection.facts import Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.verdict import Action

ROOT = Path(__file__).parents[4]
CORPORA = Path(os.environ.get("HAUSRECHT_CORPUS_DIR", ROOT.parent / "shared" / "data"))
RULES = load_rules()

pytestmark = pytest.mark.corpus


def judged(name: str) -> list[Judged]:
    """A set, screened; skipped where it is not."""
    path = CORPORA / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    return [Judged(row, screen(row.text, Facts(), RULES)) for row in read_rows(path)]


def flag_rate(rows: list[Judged], which: Callable[[Judged], bool]) -> float:
    """The share of some rows that is flagged."""
    chosen = [each for each in rows if which(each)]
    return sum(each.flagged for each in chosen) / len(chosen)


def test_hatecheck() -> None:
    """Slurs, threats and dehumanisation at least 70 %, lawful cases at most 15 %."""
    rows = judged("hatecheck_en")
    grave = {"slur_h", "threat_dir_h", "threat_norm_h", "derog_dehum_h"}
    for function in sorted(grave):
        assert flag_rate(rows, lambda each, name=function: each.row.sublabel == name) >= 0.70
    assert flag_rate(rows, lambda each: each.row.label == "ok") <= 0.15
    for function in ("counter_quote_nh", "counter_ref_nh"):
        assert flag_rate(rows, lambda each, name=function: each.row.sublabel == name) <= 0.25


@pytest.mark.parametrize("name", ["germeval2018_test", "gahd", "xstest"])
def test_lawful_german_and_harmless_english(name: str) -> None:
    """At most 5 % of what is lawful is flagged, and next to nothing of it held."""
    rows = [each for each in judged(name) if each.row.label == "ok"]
    assert flag_rate(rows, lambda _: True) <= 0.05
    assert sum(each.verdict.action is Action.HOLD for each in rows) / len(rows) <= 0.005


def test_reading_disguises_raises_next_to_nothing_in_clean_posts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At most one in a thousand clean posts is flagged only because a disguise was read."""
    names = ("germeval2018_test", "germeval2018_train", "gahd")
    read = [each for name in names for each in judged(name) if each.row.label == "ok"]
    monkeypatch.setattr(document, "suspicious", lambda _folded, _words: [])
    plain = [each for name in names for each in judged(name) if each.row.label == "ok"]
    newly = [
        one.row.id for one, other in zip(read, plain, strict=True) if one.flagged > other.flagged
    ]
    assert len(read) > 10_000
    assert len(newly) <= len(read) // 1000
