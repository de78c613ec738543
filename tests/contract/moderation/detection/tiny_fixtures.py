"""What the checks of the scorers share; a plugin, as it needs torch and a conftest is for all."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny

from infra.scorer.export import export
from infra.scorer.parity import Labelled
from infra.scorer.smoke import Known
from moderation.detection.scorers.model_folder import Manifest, sha256_of

KNOWN = [Known("you are awful", "en", "insult", 0.0, 1.0)]


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny multilingual checkpoint: seven labels and nine heads more."""
    return tiny.write_checkpoint(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def spoiled(weights: Path, tmp_path: Path) -> Path:
    """A copy of the weights, to be spoiled."""
    return shutil.copytree(weights, tmp_path / "spoiled")


@pytest.fixture(scope="session")
def labelled() -> list[Labelled]:
    """Texts for a parity check, of both kinds."""
    words = tiny.WORDS
    return [
        Labelled(f"{one} {two} {n}", "ok" if n % 2 else "toxic")
        for n in range(2)
        for one in words[:10]
        for two in words[:10]
    ]


@pytest.fixture(scope="session")
def exported(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny checkpoint as a model folder."""
    folder = tmp_path_factory.mktemp("models") / "fp32"
    made(weights, folder)
    return folder


@pytest.fixture(scope="session")
def quantised(
    weights: Path, labelled: list[Labelled], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same after a parity check that whole-number weights pass."""
    folder = tmp_path_factory.mktemp("models") / "int8"
    made(weights, folder, labelled)
    return folder


@pytest.fixture
def copied(exported: Path, tmp_path: Path) -> Path:
    """A copy of the model folder, to be spoiled."""
    return shutil.copytree(exported, tmp_path / "copied")


def made(weights: Path, folder: Path, labelled: list[Labelled] | None = None) -> Manifest:
    """Export with the digest that the checkpoint has."""
    digest = sha256_of(weights / tiny.CHECKPOINT)
    return export(weights, digest, folder, labelled or (), KNOWN)


def ticking(step_s: float) -> Callable[[], float]:
    """A clock that goes on by so many seconds each time it is looked at."""
    seconds = iter(range(1_000_000))
    return lambda: next(seconds) * step_s
