"""How far an exported model is from the checkpoint it was made of, on labelled texts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from moderation.detection.facts import BoardPolicy
from moderation.detection.policy import Outcome, decide
from moderation.detection.scorer import Scores, signals_from
from moderation.detection.scorers.model_folder import Parity
from moderation.detection.signal import PPM

DIFFERS_AT_MOST = 0.02
CHANGED_AT_MOST = 0.005
TEXTS_AT_LEAST = 200
"""Fewer could not show a share of 0.5 %."""

NEUTRAL = frozenset({"ok", "contested"})


class ScoresTexts(Protocol):
    """Either scorer."""

    def score(self, text: str, language: str) -> Scores | None:
        """Score one text."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its label."""

    text: str
    label: str


def read_labelled(paths: Iterable[Path]) -> list[Labelled]:
    """Read JSON lines with `text` and `label`; ValueError where they are too few or of one kind."""
    rows = []
    for path in paths:
        with _open(path) as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    fields = json.loads(line)
                    rows.append(Labelled(str(fields["text"]), str(fields["label"])))
                except (ValueError, KeyError, TypeError) as error:
                    raise ValueError(f"{path.name}:{number}: no row with text and label") from error
    if len(rows) < TEXTS_AT_LEAST:
        raise ValueError(f"{len(rows)} labelled texts; a parity check takes {TEXTS_AT_LEAST}")
    if len({row.label in NEUTRAL for row in rows}) < 2:
        raise ValueError("all labelled texts are of one kind; verdicts could hardly change")
    return rows


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def compare(reference: Sequence[Scores | None], other: Sequence[Scores | None]) -> Parity:
    """Hold the scores of an export against the reference's, text by text."""
    pairs = list(zip(reference, other, strict=True))
    differences = [
        abs(one.heads[head] - two.heads[head]) / PPM
        for one, two in pairs
        if one is not None and two is not None
        for head in one.heads
    ]
    changed = sum(outcome(one) != outcome(two) for one, two in pairs)
    return Parity(texts=len(pairs), differs_at_most=max(differences, default=0.0), changed=changed)


def passes(parity: Parity) -> bool:
    """Whether an export may stand in for the checkpoint."""
    return (
        parity.texts >= TEXTS_AT_LEAST
        and parity.differs_at_most <= DIFFERS_AT_MOST
        and parity.changed <= CHANGED_AT_MOST * parity.texts
    )


def outcome(scores: Scores | None) -> Outcome:
    """The verdict on scores alone, as if every language were known: advice would hide a change."""
    if scores is None:
        return decide((), BoardPolicy(), about_operator=False)
    heads: Mapping[str, int] = scores.heads
    known = Scores(scores.model, scores.model_version, heads, True, scores.windows)
    return decide(signals_from(known), BoardPolicy(), about_operator=False)
