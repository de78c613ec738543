"""Ten thousand altered bundles, numbered, so that any of them can be made again.

    python -m tests.property.moderation.audit.mutants --entries 10000 --count 10000 --out FILE

makes them in order, runs the verifier on each as a file on disk and writes one line of JSON each:
what was altered, and what the verifier said. A later call with another `--first` goes on.
Exit code 1: one of them was not found, or not where it is.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from moderation.audit import verify
from tests.property.moderation.audit.altered import Altered
from tests.property.moderation.audit.specimen import Specimen, redacted, specimen, verified
from tests.property.moderation.audit.tampering import ALTERATIONS

SEED = 20261123


def specimens(entries: int) -> tuple[Specimen, Specimen]:
    """Return the bundles to alter: one whole, one with lines withheld."""
    whole = specimen(entries)
    return whole, redacted(whole)


def mutant(number: int, honest: Sequence[Specimen], seed: int = SEED) -> Altered:
    """Return the altered bundle of a number: the alterations in turn, the bundles in turn."""
    alter = ALTERATIONS[number % len(ALTERATIONS)]
    chosen = honest[number // len(ALTERATIONS) % len(honest)]
    return alter(chosen, random.Random(f"{seed}:{number}"))  # noqa: S311


def complaint(altered: Altered, failures: Sequence[verify.Failure]) -> str | None:
    """Say what is missing from what the verifier said, None if nothing is."""
    if not failures:
        return "not found"
    told = failures[:1] if altered.file else failures
    if not any(failure.kind in altered.kinds for failure in told):
        return f"found as {failures[0]}, not as any of {sorted(altered.kinds)}"
    if altered.index is not None and failures[0].at != altered.index:
        return f"found as {failures[0]}, not at index {altered.index}"
    named = {failure.file for failure in failures}
    if altered.file.startswith("anchors/") and "manifest.json" in named:
        return None
    if altered.file and altered.file not in named:
        return f"found as {failures[0]}, not in {altered.file}"
    return None


def run(first: int, count: int, honest: Sequence[Specimen], out: Path, seed: int) -> int:
    """Alter and verify so many; return how many were not found as they must be."""
    bad = 0
    with tempfile.TemporaryDirectory() as folder, out.open("a") as lines:
        for number in range(first, first + count):
            altered = mutant(number, honest, seed)
            failures = verified(altered.data, altered.receipts, Path(folder))
            missed = complaint(altered, failures)
            bad += missed is not None
            told = str(failures[0]) if failures else None
            line = {"number": number, "name": altered.name, "file": altered.file, "told": told}
            lines.write(json.dumps(line | {"missed": missed}) + "\n")
            if missed:
                print(f"{number} {altered.name}: {missed}", file=sys.stderr)
    return bad


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Alter bundles and have them verified.")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    begun = time.process_time()
    bad = run(given.first, given.count, specimens(given.entries), given.out, given.seed)
    spent = time.process_time() - begun
    print(f"{given.count} alterations from {given.first}: {bad} missed, {spent:.0f} s of CPU")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
