"""The Detoxify scorer, checked where torch is: an environment of its own on Python 3.11."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
ENVIRONMENT = ROOT / ".venvs" / "scorer"
CHECKS = Path(__file__).with_name("detoxify_checks.py")
NEEDED = ("torch==2.13.0", "detoxify==0.5.4", "pytest>=9")


@pytest.fixture(scope="session")
def python() -> Path:
    """The scorer's Python, its environment made when it is not there yet."""
    executable = ENVIRONMENT / "bin" / "python"
    installed = ENVIRONMENT / ".installed"
    if not installed.exists():
        source = shutil.which("python3.11")
        if source is None:
            pytest.skip("Python 3.11, where torch has a wheel, is not here")
        subprocess.run([source, "-m", "venv", str(ENVIRONMENT)], check=True)
        subprocess.run([str(executable), "-m", "pip", "install", "-q", *NEEDED], check=True)
        installed.touch()
    return executable


@pytest.mark.slow
def test_the_scorer_on_a_tiny_checkpoint(python: Path) -> None:
    """Every check of the scorer passes on a tiny checkpoint, with the hub out of reach."""
    command = [
        str(python),
        "-m",
        "pytest",
        "-q",
        "-c",
        os.devnull,
        "-p",
        "no:cacheprovider",
        "--noconftest",
    ]
    done = subprocess.run(
        [*command, f"--rootdir={CHECKS.parent}", str(CHECKS)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "HF_HOME": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
