"""The scorers by name, as the setting `SCORER` gives it. A further one is one file and one line.

A scorer's module brings a function from its source to a `Scorer`. What the source is, its module
says: a folder, the address of a service, the name of a hosted model. Modules are imported when
their scorer is asked for, so that no function carries what it does not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moderation.detection.scorer import Scorer

Opens = Callable[[str], "Scorer"]


def _detoxify(source: str) -> Scorer:
    """Detoxify from a folder: an exported model, or the checkpoint itself where torch is."""
    from moderation.detection.scorer import ScorerRefused  # noqa: PLC0415
    from moderation.detection.scorers.model_folder import MANIFEST  # noqa: PLC0415

    folder = Path(source)
    if (folder / MANIFEST).exists():
        from moderation.detection.scorers.onnx import OnnxScorer  # noqa: PLC0415

        return OnnxScorer(folder)
    if any(folder.glob("*.ckpt")):
        from moderation.detection.scorers.detoxify import DetoxifyScorer  # noqa: PLC0415

        return DetoxifyScorer(folder)
    raise ScorerRefused(f"{folder} holds neither an exported model nor a checkpoint (*.ckpt)")


SCORERS: Mapping[str, Opens] = {"detoxify": _detoxify}


def open_scorer(name: str, source: str, known: Mapping[str, Opens] = SCORERS) -> Scorer:
    """The scorer of that name. Raises ScorerRefused, with what is wrong."""
    from moderation.detection.scorer import ScorerRefused  # noqa: PLC0415

    if name not in known:
        raise ScorerRefused(f"there is no scorer {name!r}; there is {', '.join(sorted(known))}")
    return known[name](source)
