"""A model folder is what its manifest says, byte for byte, or it is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from moderation.detection.scorer import ScorerRefused
from moderation.detection.scorers.model_folder import (
    MANIFEST,
    MODEL_FILE,
    TOKENIZER_FILE,
    Manifest,
    Parity,
    open_folder,
    sha256_of,
    write_manifest,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files and a manifest of them."""
    for name in (MODEL_FILE, TOKENIZER_FILE):
        (tmp_path / name).write_text(name)
    write_manifest(tmp_path, manifest(tmp_path))
    return tmp_path


def manifest(folder: Path) -> Manifest:
    """The manifest of the files that are there."""
    return Manifest(
        model="detoxify",
        model_type="xlm-roberta-base",
        checkpoint_sha256="ab" * 32,
        precision="int8",
        labels=("toxicity", "insult"),
        languages=("en", "fr"),
        max_tokens=512,
        files={path.name: sha256_of(path) for path in sorted(folder.iterdir())},
        parity={"int8": Parity(texts=300, differs_at_most=0.001, changed=1)},
    )


def rewrite(folder: Path, **fields: Any) -> None:
    """Change fields of the manifest."""
    path = folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_what_was_written_is_read(folder: Path) -> None:
    """Every field comes back; the version names type, checkpoint and precision."""
    found = open_folder(folder)
    (folder / MANIFEST).unlink()
    assert found == manifest(folder)
    assert found.version == "xlm-roberta-base-abababababab-int8"


def test_a_file_that_is_not_the_pinned_one_is_refused(folder: Path) -> None:
    """With both digests."""
    (folder / MODEL_FILE).write_text("another model")
    with pytest.raises(ScorerRefused, match=r"model\.onnx has SHA-256 .* the manifest says"):
        open_folder(folder)


def test_a_file_that_is_missing_is_named(folder: Path) -> None:
    """Its name, and who asks for it."""
    (folder / TOKENIZER_FILE).unlink()
    with pytest.raises(ScorerRefused, match=r"lacks tokenizer\.json"):
        open_folder(folder)


def test_a_manifest_must_pin_what_is_read(folder: Path) -> None:
    """A file that nobody pinned could be anybody's."""
    rewrite(folder, files={MODEL_FILE: sha256_of(folder / MODEL_FILE)})
    with pytest.raises(ScorerRefused, match=r"pins no tokenizer\.json"):
        open_folder(folder)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": 2}, "format 2"),
        ({"precision": "int4"}, "precision int4"),
        ({"files": []}, "no manifest"),
        ({"labels": None}, "no manifest"),
        ({"further": 1}, "no manifest"),
        ({"parity": {"fp32": {}}}, "no manifest"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(
    folder: Path, fields: dict[str, Any], said: str
) -> None:
    """A later format, an unknown precision, fields that are missing or too many."""
    rewrite(folder, **fields)
    with pytest.raises(ScorerRefused, match=said):
        open_folder(folder)


def test_without_a_manifest_there_is_no_model(tmp_path: Path) -> None:
    """Neither in an empty folder nor where the manifest is no JSON."""
    with pytest.raises(ScorerRefused, match="no exported model"):
        open_folder(tmp_path)
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(ScorerRefused, match="no manifest"):
        open_folder(tmp_path)
