"""The folder of an exported model: what is in it, and the manifest that pins every byte of it.

`infra/scorer/export.py` writes it, the ONNX scorer reads it. A folder whose files are not those of
its manifest is refused: whoever can exchange a file decides what is flagged.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from moderation.detection.scorer import ScorerRefused

MANIFEST = "manifest.json"
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
FORMAT = 1
DIGEST_CHARACTERS = 12

Precision = Literal["fp32", "int8"]
PRECISIONS = ("fp32", "int8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """How far an export is from the checkpoint under torch, on labelled texts.

    `differs_at_most` is the largest difference of one score, from 0 to 1; `changed` of `texts`
    verdicts differ.
    """

    texts: int
    differs_at_most: float
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a model folder holds.

    `files` is the SHA-256 of each file by name. `labels` are the heads in the order of the model's
    output. `languages` are those the model was trained on (BCP 47). `parity` has what was measured
    for each precision that was tried; empty where no labelled text was at hand.
    """

    model: str
    model_type: str
    checkpoint_sha256: str
    precision: Precision
    labels: tuple[str, ...]
    languages: tuple[str, ...]
    max_tokens: int
    files: Mapping[str, str]
    parity: Mapping[str, Parity]
    format: int = FORMAT

    @property
    def version(self) -> str:
        """Model type, digest of the checkpoint and precision: what a score was made with."""
        digest = self.checkpoint_sha256[:DIGEST_CHARACTERS]
        return f"{self.model_type}-{digest}-{self.precision}"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest beside its files."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n")


def open_folder(folder: Path) -> Manifest:
    """Read the manifest and hold every file against it; ScorerRefused says what is wrong."""
    manifest = _read(folder)
    for name, pinned in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise ScorerRefused(f"{folder} lacks {name}, which its manifest names")
        digest = sha256_of(path)
        if digest != pinned:
            raise ScorerRefused(f"{path} has SHA-256 {digest}, the manifest says {pinned}")
    missing = {MODEL_FILE, TOKENIZER_FILE} - set(manifest.files)
    if missing:
        raise ScorerRefused(f"{folder / MANIFEST} pins no {' and no '.join(sorted(missing))}")
    return manifest


def _read(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields["format"] != FORMAT:
            raise ScorerRefused(f"{path} has format {fields['format']}, not {FORMAT}")
        if fields["precision"] not in PRECISIONS:
            raise ScorerRefused(f"{path} has precision {fields['precision']}")
        parity = {name: Parity(**each) for name, each in fields["parity"].items()}
        tuples = {name: tuple(map(str, fields[name])) for name in ("labels", "languages")}
        files = {str(name): str(digest) for name, digest in fields["files"].items()}
        return Manifest(**{**fields, **tuples, "files": files, "parity": parity})
    except FileNotFoundError:
        raise ScorerRefused(f"{folder} holds no {MANIFEST}: it is no exported model") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ScorerRefused(f"{path} is no manifest: {error!r}") from error
