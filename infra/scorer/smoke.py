"""Known texts that a model must get right before anything is made of it.

Random or misplaced weights load without a word of warning in many frameworks; here every key is
checked, and this is the second net under it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SMOKE = Path(__file__).with_name("smoke.json")


@dataclass(frozen=True, slots=True)
class Known:
    """A text, and between which scores (from 0 to 1) one head must come out.

    Only a model that was trained on the language is asked.
    """

    text: str
    language: str
    head: str
    at_least: float
    at_most: float


def read_known(path: Path = SMOKE) -> list[Known]:
    """Read the known texts."""
    return [Known(**each) for each in json.loads(path.read_text(encoding="utf-8"))]


def wrong(predict: Any, known: Iterable[Known]) -> list[str]:
    """What came out wrong, in words; empty where all is well. `predict` is Detoxify's."""
    found = []
    for each in known:
        scores: Mapping[str, float] = predict(each.text)
        score = scores.get(each.head)
        if score is None or not each.at_least <= score <= each.at_most:
            expected = f"{each.at_least:g} to {each.at_most:g}"
            found.append(f"{each.head} of {each.text!r} is {score}, not {expected}")
    return found
