"""The zip as it is deployed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.build import ROOT, Built
from infra.package import LIMIT_BYTES, PACKAGES
from infra.template import zip_functions

pytestmark = pytest.mark.e2e

IMPORT = """
import importlib, sys
sys.path.insert(0, {folder!r})
for handler in {handlers!r}:
    module, _, name = handler.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name)), handler
    print(handler)
"""


@pytest.fixture(scope="module")
def handlers(built: Built) -> list[str]:
    """The handler of every function in the template."""
    template = json.loads(built.template_path.read_text())
    return sorted(each["Handler"] for each in zip_functions(template))


def test_every_handler_is_imported_from_the_zip_alone(
    built: Built, handlers: list[str], tmp_path: Path
) -> None:
    """An interpreter that sees the unzipped package and nothing else imports each function."""
    with zipfile.ZipFile(built.zip_path) as zipped:
        zipped.extractall(tmp_path)
    code = IMPORT.format(folder=str(tmp_path), handlers=handlers)
    # The base interpreter: a virtual environment would lend its own packages.
    python = Path(sys.base_prefix) / "bin" / "python3.13"
    done = subprocess.run(
        [python, "-I", "-S", "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert handlers == done.stdout.splitlines(), done.stderr


def test_the_zip_is_small_enough(built: Built) -> None:
    """What a cold start has to fetch stays small."""
    assert built.zip_path.stat().st_size <= LIMIT_BYTES


def test_the_same_sources_give_the_same_bytes_from_another_path(
    built: Built, tmp_path: Path
) -> None:
    """Zip and template depend neither on where the tree lies nor on when it was built."""
    for name in (*PACKAGES, "infra"):
        ignore = shutil.ignore_patterns("__pycache__", "deployments")
        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=ignore)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [sys.executable, "-m", "infra.build"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
    )
    again = tmp_path / "build" / "x86_64"
    for name, path in (("function.zip", built.zip_path), ("template.json", built.template_path)):
        expected = hashlib.sha256(path.read_bytes()).hexdigest()
        assert expected == hashlib.sha256((again / name).read_bytes()).hexdigest(), name
