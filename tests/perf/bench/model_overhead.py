"""What the pipeline adds to the bare model, and its memory: run by `model_rates.py` on Python 3.13.

`python model_overhead.py MODEL ROUNDS` prints JSON: milliseconds of the graph alone and of all that
is done with a post, and the process's peak memory after the longest post there can be.
"""

import json
import resource
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from moderation.detection.facts import BoardPolicy, Facts
from moderation.detection.pipeline import load_rules, screen, with_scores
from moderation.detection.scorers.registry import open_scorer

TEXT = " ".join(["great"] * 118)
LONGEST = ("great " * 1_667)[:10_000]


def main() -> None:
    """Take turns, then read the longest post."""
    source, rounds = Path(sys.argv[1]), int(sys.argv[2])
    scorer: Any = open_scorer("detoxify", str(source))
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    network, rules = scorer._reader.model, load_rules()
    ids = network._numpy.array([network._tokenizer.encode(TEXT).ids], dtype="int64")
    fed = {"input_ids": ids, "attention_mask": network._numpy.ones_like(ids)}

    def bare() -> None:
        network._session.run(["scores"], fed)

    def pipeline() -> None:
        verdict = screen(TEXT, Facts(), rules)
        with_scores(verdict, scorer.score(TEXT, "en"), BoardPolicy())

    rows = []
    for _ in range(rounds + 1):
        times = []
        for act in (bare, pipeline):
            begun = time.process_time()
            act()
            times.append((time.process_time() - begun) * 1000)
        rows.append(times)
    begun = time.process_time()
    windows = scorer.score(LONGEST, "en").windows
    print(
        json.dumps(
            {
                "bare_ms": median(row[0] for row in rows[1:]),
                "pipeline_ms": median(row[1] for row in rows[1:]),
                "ratio": median(row[1] / row[0] for row in rows[1:]),
                "longest_ms": (time.process_time() - begun) * 1000,
                "longest_windows": windows,
                "loaded_mb": loaded / 1024,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
