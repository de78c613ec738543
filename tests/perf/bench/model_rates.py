"""The model: torch beside its exports, what the pipeline adds, its memory, and what posts cost."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure

ROOT = Path(__file__).parents[3]
CHECKS = ROOT / "tests" / "contract" / "moderation" / "detection"
BUILD = ROOT / ".venvs" / "scorer"
RUN = ROOT / ".venvs" / "onnx"
HERE = Path(__file__).parent
# AWS Lambda, x86, US East, first tier, as listed in 2024; a request brings a batch of two.
USD_A_GB_SECOND = 0.0000166667
USD_A_MILLION_REQUESTS = 0.20
BATCH = 2
MEMORY_MB = {"fp32": 3008, "int8": 1769}
TARGETS = {"fp32": 1.5, "int8": 3.0}


def figures(effort: Effort) -> Iterator[Figure]:
    """Every figure of the model; none, and a line that says so, where it cannot be made."""
    missing = [each for each in (BUILD, RUN) if not (each / ".installed").exists()]
    if missing:
        print(f"LEFT OUT: the figures of the model, for want of {missing[0].relative_to(ROOT)}")
        return
    with tempfile.TemporaryDirectory(prefix="model-") as name:
        folder = Path(name)
        rounds = str(effort.rounds * 2 + 1)
        timed = run(
            BUILD / "bin" / "python",
            *(str(HERE / "model_timing.py"), name, effort.model, rounds),
            paths=(ROOT, CHECKS),
            home=folder,
        )
        whole = {
            each: run(
                ROOT / ".venv" / "bin" / "python",
                *(str(HERE / "model_overhead.py"), str(folder / each), rounds),
                paths=(ROOT, RUN),
                home=folder,
            )
            for each in TARGETS
        }
    yield from speed(timed)
    for each in TARGETS:
        yield from of_export(each, timed, whole[each])


def speed(timed: dict[str, Any]) -> Iterator[Figure]:
    """How fast, beside torch in the same process."""
    yield Figure(
        id="model.torch",
        name=f"{timed['parameters'] / 1e6:.0f} M parameters under torch, 120 tokens",
        value=timed["ms"]["torch"],
        unit="ms",
        anchor=None,
        target=None,
    )
    for each, target in TARGETS.items():
        yield Figure(
            id=f"model.{each}.speed",
            name=f"exported in {each} beside torch, 120 tokens",
            value=timed["times"][each],
            unit="times",
            anchor=1,
            target=target,
            better="higher",
        )


def of_export(name: str, timed: dict[str, Any], whole: dict[str, Any]) -> Iterator[Figure]:
    """What one export takes, and what is added to it."""
    yield Figure(
        id=f"model.{name}.time",
        name=f"{name}: rules, windows, scores and policy for a post of 120 tokens",
        value=whole["pipeline_ms"],
        unit="ms",
        anchor=whole["bare_ms"],
        target=None,
    )
    yield Figure(
        id=f"model.{name}.overhead",
        name=f"{name}: all of that as a multiple of the bare graph",
        value=whole["ratio"],
        unit="times",
        anchor=1,
        target=1.05,
    )
    yield Figure(
        id=f"model.{name}.longest",
        name=f"{name}: a post of 10,000 characters ({whole['longest_windows']} windows)",
        value=whole["longest_ms"] / 1000,
        unit="s",
        anchor=None,
        target=60,
    )
    yield Figure(
        id=f"model.{name}.memory",
        name=f"{name}: peak memory, such a post read",
        value=whole["peak_mb"],
        unit="MiB",
        anchor=timed["bytes"][name] / 2**20,
        target=MEMORY_MB[name],
    )
    seconds = whole["pipeline_ms"] / 1000
    compute = seconds * MEMORY_MB[name] / 1024 * USD_A_GB_SECOND * 1_000_000
    yield Figure(
        id=f"model.{name}.cost",
        name=f"{name}: a million posts of 120 tokens at {MEMORY_MB[name]} MB, were Lambda as fast",
        value=compute + USD_A_MILLION_REQUESTS / BATCH,
        unit="USD",
        anchor=None,
        target=None,
    )


def run(python: Path, *arguments: str, paths: tuple[Path, ...], home: Path) -> dict[str, Any]:
    """Run one of the programs beside this file on one thread, and read what it prints."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(home),
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [str(python), *arguments], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
