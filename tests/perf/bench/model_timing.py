"""Time a model under torch and exported, in one process: run by `model_rates.py` where torch is.

`python model_timing.py FOLDER tiny|full ROUNDS` makes a checkpoint with random weights (full: the
size of the multilingual one, 278 million parameters), exports it into FOLDER and prints JSON.
Speed depends on the shape of a network and not on its weights; random scores say nothing.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import tiny
import torch

from infra.scorer.export import complete
from infra.scorer.graph import export_fp32, quantise
from moderation.detection.scorers.detoxify import DetoxifyScorer
from moderation.detection.scorers.model_folder import MODEL_FILE, sha256_of
from moderation.detection.scorers.onnx import OnnxScorer

SIZES: dict[str, dict[str, int]] = {
    "tiny": {},
    "full": {"hidden": 768, "layers": 12, "vocabulary": 250_002},
}
TEXT = " ".join(["great"] * 118)
"""One token a word, and two special ones: 120."""


def made(folder: Path, size: str) -> tuple[DetoxifyScorer, dict[str, OnnxScorer]]:
    """The checkpoint's scorer and those of both exports."""
    weights = tiny.write_checkpoint(folder / "weights", **SIZES[size])
    reference = DetoxifyScorer(weights)
    digest = sha256_of(weights / tiny.CHECKPOINT)
    for name in ("fp32", "int8"):
        (folder / name).mkdir()
    export_fp32(reference.detoxify, folder / "fp32" / MODEL_FILE)
    quantise(folder / "fp32" / MODEL_FILE, folder / "int8" / MODEL_FILE)
    complete(folder / "fp32", reference, digest, "fp32")
    complete(folder / "int8", reference, digest, "int8")
    return reference, {name: OnnxScorer(folder / name) for name in ("fp32", "int8")}


def cpu_ms(act: Callable[[], object]) -> float:
    """The CPU time of one call."""
    begun = time.process_time()
    act()
    return (time.process_time() - begun) * 1000


def main() -> None:
    """Make, time in turn, print."""
    folder, size, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(1)
    reference, exports = made(folder, size)
    scorers: dict[str, Any] = {"torch": reference, **exports}
    for scorer in scorers.values():
        scorer.score(TEXT, "en")
    rows = [
        {name: cpu_ms(lambda s=scorer: s.score(TEXT, "en")) for name, scorer in scorers.items()}
        for _ in range(rounds)
    ]
    print(
        json.dumps(
            {
                "parameters": sum(each.numel() for each in reference.detoxify.model.parameters()),
                "ms": {name: median(row[name] for row in rows) for name in scorers},
                "times": {
                    name: median(row["torch"] / row[name] for row in rows) for name in exports
                },
                "bytes": {name: (folder / name / MODEL_FILE).stat().st_size for name in exports},
            }
        )
    )


if __name__ == "__main__":
    main()
