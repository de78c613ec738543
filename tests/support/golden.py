"""Golden files: what the program makes, kept as text and compared."""

from pathlib import Path

import pytest


def check_golden(request: pytest.FixtureRequest, path: Path, made: str) -> None:
    """Compare with the file; with `--update-goldens`, write it instead."""
    if request.config.getoption("--update-goldens"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == made
