"""The scorer's Dockerfile against the repository it copies from; no engine is asked to build it."""

import importlib
import re
from pathlib import Path

from infra.build import RUNTIME
from infra.package import locked
from infra.template import parts

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "infra" / "scorer"
DOCKERFILE = (FOLDER / "Dockerfile").read_text().replace("\\\n", "")
STAGES = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
COPIED = re.compile(r"^COPY (?!--from)(.+) \S+$", re.MULTILINE)


def test_everything_it_copies_is_there_and_let_through() -> None:
    """And nothing else reaches the build: weights, tokens and demo data stay outside."""
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text().split()
    assert "*" == ignored[0]
    let_through = [line[1:] for line in ignored if line.startswith("!")]
    for copied in COPIED.findall(DOCKERFILE):
        for source in copied.split():
            assert (ROOT / source).exists(), source
            assert any(source == name or source.startswith(f"{name}/") for name in let_through)


def test_each_stage_has_the_python_of_its_lock() -> None:
    """The functions' own where it runs, and 3.11 where torch is."""
    export, libraries, run = STAGES
    assert "python:3.11" in export.splitlines()[0]
    for stage in (libraries, run):
        assert "lambda/python:{}.{}".format(*RUNTIME) in stage.splitlines()[0]


def test_every_package_is_pinned_by_a_hash() -> None:
    """In both locks, and pip is told to look; no lock says where packages come from."""
    assert 2 == DOCKERFILE.count("--require-hashes")
    for name in ("build.txt", "run.txt"):
        lines = (FOLDER / name).read_text().splitlines()
        assert [] == [
            each for each in lines if not re.match(r"[a-z0-9.-]+==|    --hash=sha256:", each)
        ]


def test_torch_does_not_float() -> None:
    """One version, by the hash of its wheel for the CPU; and no torch where it runs."""
    pins = locked((FOLDER / "build.txt").read_text())
    assert "2.13.0+cpu" == pins["torch"]
    assert [] == [name for name in pins if name.startswith("nvidia-")]
    assert {"numpy", "onnxruntime", "tokenizers"} == set(locked((FOLDER / "run.txt").read_text()))


def test_it_ends_in_the_handler_that_the_template_means() -> None:
    """The model lies where the template tells the function to look."""
    handler = re.findall(r'^CMD \["(.+)"\]$', STAGES[-1], re.MULTILINE)
    module, _, name = handler[0].rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))
    weights = parts()["Globals"]["Function"]["Environment"]["Variables"]["SCORER_WEIGHTS"]
    assert f"COPY --from=export /model {weights['Fn::If'][1]}" in STAGES[-1]
