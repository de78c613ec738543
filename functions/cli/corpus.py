"""Labelled texts on disk: JSON lines with `text` and `label`, as `evaluate` reads them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from moderation.detection.evaluate import read_rows
from moderation.rulesets.comparison import Known


@dataclass(frozen=True, slots=True)
class Corpus:
    """The texts of some files, and a digest of the files in the order given."""

    texts: tuple[Known, ...]
    digest: str


def read_corpus(files: Iterable[Path]) -> Corpus:
    """Read files; SystemExit with file and line for a line that is no labelled text."""
    paths = list(files)
    digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths))
    rows = (row for path in paths for row in read_rows(path))
    texts = tuple(Known(row.id, row.text, row.label, row.language) for row in rows)
    return Corpus(texts, digest.hexdigest())
