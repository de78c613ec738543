"""Scorers are found by name; a further one is one file and one line."""

from dataclasses import replace
from pathlib import Path

import pytest

from moderation.community.scored import scored
from moderation.detection.facts import BoardPolicy
from moderation.detection.scorer import ScorerRefused
from moderation.detection.scorers.registry import SCORERS, open_scorer
from moderation.detection.verdict import Action
from tests.support.community import OPENING
from tests.support.shouting import open_shouting


def test_a_scorer_in_one_file_plugs_in_by_name() -> None:
    """Registered and opened by its name, its score raises a case like any other's."""
    scorer = open_scorer("shouting", "2026-11", {**SCORERS, "shouting": open_shouting})
    loud = replace(OPENING, title=None, body="WARUM ANTWORTET NIEMAND")
    verdict = scored(loud, scorer, BoardPolicy())
    assert verdict.action is Action.FLAG
    assert verdict.checked_by == ("shouting@2026-11",)
    assert [signal.detector for signal in verdict.signals] == ["shouting"]


def test_a_name_nobody_registered_is_refused() -> None:
    """With the names there are."""
    with pytest.raises(ScorerRefused, match="no scorer 'comprehend'; there is detoxify"):
        open_scorer("comprehend", "eu-central-1")


def test_a_folder_with_neither_model_nor_checkpoint_is_refused(tmp_path: Path) -> None:
    """One line that says what is looked for."""
    with pytest.raises(ScorerRefused, match="neither an exported model nor a checkpoint"):
        open_scorer("detoxify", str(tmp_path))


def test_what_a_folder_holds_decides_what_reads_it(tmp_path: Path) -> None:
    """A manifest: the exported model. A checkpoint alone: Detoxify itself."""
    (tmp_path / "a.ckpt").write_bytes(b"")
    with pytest.raises(ScorerRefused, match="torch"):
        open_scorer("detoxify", str(tmp_path))
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(ScorerRefused, match=r"manifest\.json is no manifest"):
        open_scorer("detoxify", str(tmp_path))
