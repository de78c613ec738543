"""Make a model folder of a Detoxify checkpoint: checked, exported, compared, pinned.

`python -m infra.scorer.export WEIGHTS --sha256 HEX --out FOLDER [--labelled FILE…]` runs where
torch is (Python 3.11, `infra/scorer/build.txt`). Nothing is written unless every check has passed:
the checkpoint's digest, its keys, the known texts, the graph against torch. The weights stay as
they are (fp32) unless the whole-number ones (int8) are as good on the labelled texts.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from infra.scorer.graph import export_fp32, left_as_they_were, quantise
from infra.scorer.parity import Labelled, compare, passes, read_labelled
from infra.scorer.smoke import SMOKE, Known, read_known, wrong
from moderation.detection.scorer import ScorerRefused
from moderation.detection.scorers.detoxify import (
    MAX_TOKENS,
    MODEL,
    DetoxifyScorer,
    checked_digest,
    checkpoint_in,
)
from moderation.detection.scorers.languages import TRAINED_ON
from moderation.detection.scorers.model_folder import (
    MODEL_FILE,
    TOKENIZER_FILE,
    Manifest,
    Parity,
    Precision,
    sha256_of,
    write_manifest,
)
from moderation.detection.scorers.onnx import OnnxScorer

GRAPH_DIFFERS_AT_MOST = 1e-4
"""Between torch and the fp32 graph; a millionth is usual, more is another network."""

ODD = ("", "a", "🤖 ☃ 漢字", "great " * 700, "x" * 3000, "\u202e\x00\ud800")


class ExportError(Exception):
    """The checkpoint is not what it should be, or what was made of it is not; one line says why."""


def export(
    weights: Path,
    sha256: str,
    out: Path,
    labelled: Sequence[Labelled] = (),
    known: Sequence[Known] = (),
) -> Manifest:
    """Write the model folder `out`, which must not exist. Raises ExportError, ScorerRefused."""
    if out.exists():
        raise ExportError(f"{out} is there already")
    checked_digest(checkpoint_in(weights), sha256)
    reference = DetoxifyScorer(weights)
    known = [each for each in known if reference.language_supported(each.language)]
    faults = wrong(reference.detoxify.predict, known)
    if faults:
        raise ExportError(f"known texts come out wrong: {'; '.join(faults)}")
    making = out.with_name(f"{out.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    try:
        manifest = _make(reference, sha256, making, labelled, known)
        making.rename(out)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return manifest


def _make(
    reference: DetoxifyScorer,
    sha256: str,
    folder: Path,
    labelled: Sequence[Labelled],
    known: Sequence[Known],
) -> Manifest:
    full, small = folder / "fp32", folder / "int8"
    full.mkdir(parents=True)
    export_fp32(reference.detoxify, full / MODEL_FILE)
    chosen, parities = (full, complete(full, reference, sha256, "fp32")), {}
    drift = _compared(reference, full, [*ODD, *(each.text for each in known)]).differs_at_most
    if drift > GRAPH_DIFFERS_AT_MOST:
        raise ExportError(f"the graph differs from torch by {drift:g}")
    if labelled:
        said = [each.text for each in labelled]
        parities["fp32"] = _compared(reference, full, said)
        if not passes(parities["fp32"]):
            raise ExportError(f"fp32 fails the parity check: {parities['fp32']}")
        small.mkdir()
        quantise(full / MODEL_FILE, small / MODEL_FILE)
        less = complete(small, reference, sha256, "int8")
        parities["int8"] = _compared(reference, small, said)
        # A graph in which weights were passed over has nothing to gain.
        if passes(parities["int8"]) and not left_as_they_were(small / MODEL_FILE):
            chosen = (small, less)
    return _settle(folder, *chosen, parities)


def complete(
    folder: Path, reference: DetoxifyScorer, sha256: str, precision: Precision
) -> Manifest:
    """Make a whole model folder around a graph, so that the scorer itself is what is checked."""
    reference.detoxify.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    model_type = reference.detoxify.model_type
    manifest = Manifest(
        model=MODEL,
        model_type=model_type,
        checkpoint_sha256=sha256,
        precision=precision,
        labels=tuple(reference.detoxify.class_names),
        languages=TRAINED_ON.get(model_type, ()),
        max_tokens=MAX_TOKENS,
        files={name: sha256_of(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)},
        parity={},
    )
    write_manifest(folder, manifest)
    return manifest


def _compared(reference: DetoxifyScorer, folder: Path, texts: Sequence[str]) -> Parity:
    exported = OnnxScorer(folder)
    return compare(
        [reference.score(text, "en") for text in texts],
        [exported.score(text, "en") for text in texts],
    )


def _settle(
    folder: Path, chosen: Path, manifest: Manifest, parities: Mapping[str, Parity]
) -> Manifest:
    """Leave the chosen candidate's files in the folder, and nothing else."""
    for name in manifest.files:
        (chosen / name).rename(folder / name)
    for candidate in ("fp32", "int8"):
        shutil.rmtree(folder / candidate, ignore_errors=True)
    settled = replace(manifest, parity=parities)
    write_manifest(folder, settled)
    return settled


def main(arguments: Sequence[str] | None = None) -> int:
    """Export from the command line; 1 with one line where it fails."""
    parser = argparse.ArgumentParser(prog="python -m infra.scorer.export", description=__doc__)
    parser.add_argument("weights", type=Path, help="folder: checkpoint, config.json, tokenizer")
    parser.add_argument("--sha256", required=True, help="digest that the checkpoint must have")
    parser.add_argument("--out", type=Path, required=True, help="model folder to be made")
    parser.add_argument("--labelled", type=Path, nargs="*", default=[], help="JSON lines")
    parser.add_argument("--known", type=Path, default=SMOKE, help="texts and what they must score")
    given = parser.parse_args(arguments)
    try:
        labelled = read_labelled(given.labelled) if given.labelled else ()
        known = read_known(given.known)
        manifest = export(given.weights, given.sha256, given.out, labelled, known)
    except (ExportError, ScorerRefused, ValueError, OSError) as error:
        print(f"export: {error}", file=sys.stderr)
        return 1
    print(f"{given.out}: {manifest.version}")
    for precision, parity in manifest.parity.items():
        changed = f"{parity.changed} of {parity.texts} verdicts changed"
        print(f"  {precision}: differs by {parity.differs_at_most:.6f} at most, {changed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
