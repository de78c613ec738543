"""What `make up SCORER=… WEIGHTS=…` refuses, with one line and before anything is started."""

from pathlib import Path

import pytest

from localstack.model import ModelError, parameters


def test_without_a_scorer_nothing_changes() -> None:
    """No parameter is given, and the template's own hold."""
    assert parameters(None, None, "ministack") == {}


@pytest.mark.parametrize(
    ("scorer", "weights", "engine", "said"),
    [
        (None, "weights", "ministack", "SCORER is one of detoxify, not unset"),
        ("magic", "weights", "ministack", "SCORER is one of detoxify, not magic"),
        ("detoxify", None, "ministack", "needs WEIGHTS="),
        ("detoxify", "weights", "localstack-process", "on ministack alone"),
        ("detoxify", "/nowhere", "ministack", "0 checkpoints"),
    ],
)
def test_what_cannot_be_is_refused(
    scorer: str | None, weights: str | None, engine: str, said: str
) -> None:
    """Each with its reason."""
    with pytest.raises(ModelError, match=said):
        parameters(scorer, weights, engine)


def test_a_model_folder_that_is_not_its_manifests_is_refused(tmp_path: Path) -> None:
    """It is opened once, as a function will."""
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(ModelError, match=r"manifest\.json is no manifest"):
        parameters("detoxify", str(tmp_path), "ministack")
