"""What the README shows is what happens."""

import json
import os
import re
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.e2e.stack import Stack

ROOT = Path(__file__).parents[2]
WALK = re.compile(r"<!-- walk -->\n```sh\n(.*?)```", re.S)

pytestmark = pytest.mark.e2e


def test_the_walk_with_curl_runs_as_printed(stack: Stack, tmp_path: Path) -> None:
    """Each block of the README's main job runs, and the exported log verifies at its end."""
    blocks = WALK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert 7 == len(blocks)
    (tmp_path / ".local").mkdir()
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / ".local/demo.json").write_text(json.dumps(asdict(stack)))

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert 0 == done.returncode, f"{done.stdout}\n{done.stderr}"
    assert "already-involved" in done.stdout or '"status":409' in done.stdout.replace(" ", "")
