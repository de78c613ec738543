"""The model that reads posts beside the rules on this machine: `SCORER=detoxify WEIGHTS=folder`.

A model folder is taken as it is. A checkpoint is exported first, once, where torch is
(`.venvs/scorer`), so that what runs here is what would run anywhere. The functions find onnxruntime
in `.venvs/onnx`, which the engine's children have on their path.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from localstack.engine import LIBRARIES, LOCAL, ROOT
from moderation.detection.scorer import ScorerRefused
from moderation.detection.scorers.detoxify import checkpoint_in
from moderation.detection.scorers.model_folder import DIGEST_CHARACTERS, MANIFEST, sha256_of
from moderation.detection.scorers.registry import SCORERS

EXPORTS = ROOT / ".venvs" / "scorer"
MODELS = LOCAL / "models"
_OPEN = (
    "import sys; from moderation.detection.scorers.registry import open_scorer; "
    "print(open_scorer(*sys.argv[1:]).version)"
)


class ModelError(Exception):
    """The model cannot be used; one line says why."""


def parameters(scorer: str | None, weights: str | None, engine: str) -> dict[str, str]:
    """The template's parameters for a scorer; none where none was asked for.

    Raises ModelError before anything is started: for a name or a folder that is none, a checkpoint
    that does not export, libraries that are missing.
    """
    if scorer is None and weights is None:
        return {}
    if scorer is None or scorer not in SCORERS:
        raise ModelError(f"SCORER is one of {', '.join(SCORERS)}, not {scorer or 'unset'}")
    if weights is None:
        raise ModelError(f"SCORER={scorer} needs WEIGHTS=folder")
    if engine != "ministack":
        raise ModelError(f"a model runs on ministack alone; {engine} gives functions no libraries")
    folder = Path(weights).resolve()
    if not (folder / MANIFEST).exists():
        folder = exported(folder)
    version = checked(scorer, folder)
    print(f"  model {scorer}@{version}")
    return {"Scorer": scorer, "ScorerWeights": str(folder)}


def checked(scorer: str, folder: Path) -> str:
    """Open it once as a function will, and give its version. Raises ModelError."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(LIBRARIES)))}
    command = [sys.executable, "-c", _OPEN, scorer, str(folder)]
    return _last_line(command, environment)


def exported(folder: Path, models: Path = MODELS) -> Path:
    """The model folder made of a checkpoint's folder, now or before. Raises ModelError."""
    try:
        digest = sha256_of(checkpoint_in(folder))
    except (ScorerRefused, OSError) as error:
        raise ModelError(f"{folder} holds no exported model; {error}") from error
    out = models / digest[:DIGEST_CHARACTERS]
    if out.exists():
        return out
    if not (EXPORTS / ".installed").exists():
        raise ModelError("a checkpoint needs torch: make .venvs/scorer/.installed")
    models.mkdir(parents=True, exist_ok=True)
    print(f"  exporting {folder}; its checkpoint has SHA-256 {digest}", flush=True)
    command = [
        str(EXPORTS / "bin" / "python"),
        "-m",
        "infra.scorer.export",
        str(folder),
        "--sha256",
        digest,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    _last_line([*command, "--out", str(out)], environment)
    return out


def _last_line(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ModelError(done.stderr.strip().rpartition("\n")[2] or "it ended without a word")
    return done.stdout.strip().rpartition("\n")[2]
