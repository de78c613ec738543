"""The scorers that run a model, checked where one can be made: on Python 3.11 with torch.

Everything in `*_checks.py` beside this file runs there, on tiny checkpoints and with the hub out of
reach. `make .venvs/scorer/.installed` makes the environment; `.ci/run` does so first.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from localstack.model import ModelError, exported
from moderation.detection.scorers.model_folder import open_folder

ROOT = Path(__file__).parents[4]
CHECKS = Path(__file__).parent
BUILD = ROOT / ".venvs" / "scorer"
RUN = ROOT / ".venvs" / "onnx"
MAKE_MODEL = """
import sys
from pathlib import Path
import tiny, tiny_fixtures
folder = Path(sys.argv[1])
tiny_fixtures.made(tiny.write_checkpoint(folder / "weights"), folder / "model")
"""
TEACH = """
import sys
from pathlib import Path
import tiny
from infra.scorer.smoke import read_known
weights = tiny.write_checkpoint(Path(sys.argv[1]))
tiny.teach(weights, [(k.text, k.head, float(k.at_least > 0)) for k in read_known()])
"""
SCORE = """
import sys
from pathlib import Path
from moderation.detection.scorers.registry import open_scorer
scores = open_scorer("detoxify", sys.argv[1]).score("you are awful " * 400, "de")
print(scores.model_version, scores.windows, scores.language_supported, *scores.heads)
"""


def needs(environment: Path) -> None:
    """Leave the test out by name where its environment was not made."""
    if not (environment / ".installed").exists():
        pytest.skip(f"LEFT OUT for want of {environment.relative_to(ROOT)}: make it with make")


def run(python: Path, *arguments: str, paths: tuple[Path, ...], home: Path) -> str:
    """Run a Python and give its output; the hub's client finds no home and no network."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(home),
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [str(python), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_the_scorers_on_tiny_checkpoints(tmp_path: Path) -> None:
    """Every check of checkpoint, export and exported model passes, and none is left out."""
    needs(BUILD)
    options = ("-m", "pytest", "-q", "-c", os.devnull, "-p", "no:cacheprovider", "--noconftest")
    said = run(
        BUILD / "bin" / "python",
        *(
            *options,
            "-p",
            "tiny_fixtures",
            f"--rootdir={CHECKS}",
            f"--basetemp={tmp_path / 'made'}",
        ),
        *map(str, sorted(CHECKS.glob("*_checks.py"))),
        paths=(ROOT, CHECKS),
        home=tmp_path,
    )
    assert " passed" in said
    assert "skipped" not in said


@pytest.mark.slow
def test_an_exported_model_on_the_functions_python(tmp_path: Path) -> None:
    """The model folder scores on the functions' Python with what is locked; evaluated, too."""
    needs(BUILD)
    needs(RUN)
    run(
        BUILD / "bin" / "python",
        *("-c", MAKE_MODEL, str(tmp_path)),
        paths=(ROOT, CHECKS),
        home=tmp_path,
    )
    said = run(
        ROOT / ".venv" / "bin" / "python",
        *("-c", SCORE, str(tmp_path / "model")),
        paths=(ROOT, RUN),
        home=tmp_path,
    ).split()
    assert said[0].startswith("xlm-roberta-base-")
    assert said[0].endswith("-fp32")
    assert (int(said[1]) > 1, said[2], len(said[3:])) == (True, "False", 7)
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "you are awful", "label": "toxic", "lang": "en"}\n')
    evaluated = run(
        ROOT / ".venv" / "bin" / "python",
        *("-m", "moderation.detection.evaluate", str(rows), "--json"),
        *("--scorer", str(tmp_path / "model")),
        paths=(ROOT, RUN),
        home=tmp_path,
    )
    assert json.loads(evaluated)["scorer"] == said[0]


@pytest.mark.slow
def test_a_checkpoint_is_exported_for_this_machine(tmp_path: Path) -> None:
    """Once, where it knows the known texts; one that was never trained is refused in one line."""
    needs(BUILD)
    for name, program in (("taught", TEACH), ("random", MAKE_MODEL)):
        run(
            BUILD / "bin" / "python",
            *("-c", program, str(tmp_path / name)),
            paths=(ROOT, CHECKS),
            home=tmp_path,
        )
    made = exported(tmp_path / "taught", tmp_path / "models")
    assert open_folder(made).precision == "fp32"
    assert exported(tmp_path / "taught", tmp_path / "models") == made
    with pytest.raises(ModelError, match=r"^export: known texts come out wrong: [^\n]+$"):
        exported(tmp_path / "random" / "weights", tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == [made]
