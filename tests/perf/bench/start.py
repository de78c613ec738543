"""What a fresh container spends before it can answer, beside the libraries alone."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median

from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure
from tests.unit.functions.test_settings import COMPLETE

ROOT = Path(__file__).parents[3]
AWS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_REGION": "eu-central-1",
}
LIBRARIES = "import chalice.app, pynamodb.models, pydantic"
CLIENT = "from pynamodb.connection import Connection; Connection('eu-central-1').client"
HANDLER = "import functions.api.app"
READY = """
from functions.wiring import tables
from functions.api.wired_parts import parts
known = parts()
known.verifier, known.units, known.lists, known.rates, known.house, tables.dynamodb()
"""
LISTED = """
import sys
import functions.api.app
print(*sys.modules)
"""
TIMED = """
import time
{before}
begun = time.process_time()
{what}
print((time.process_time() - begun) * 1000)
"""


def run(program: str, environment: Mapping[str, str] = AWS) -> str:
    """What a program prints in an interpreter of its own, in a function's environment."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **COMPLETE, **environment},
    )
    return done.stdout


def cpu_ms(what: str, before: str = "") -> float:
    """The CPU time of a few lines in a fresh interpreter, after others have run."""
    return float(run(TIMED.format(before=before, what=what)))


def imports(modules: Iterable[str]) -> str:
    """The lines that import modules; what goes by no name of its own is passed over."""
    return f"""
import contextlib, importlib
for name in {list(modules)}:
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
"""


def figures(effort: Effort) -> Iterator[Figure]:
    """Every figure of the start; each round takes all of them, one after another."""
    modules = run(LISTED).split()
    ours = [name for name in modules if name.startswith(("functions", "moderation", "schemas"))]
    detection = [name for name in ours if name.startswith("moderation.detection")]
    libraries = imports(sorted(set(modules) - set(ours) - {"__main__"}))
    rounds = [
        (
            cpu_ms(LIBRARIES),
            cpu_ms(HANDLER),
            cpu_ms(f"{LIBRARIES}\n{CLIENT}"),
            cpu_ms(f"{HANDLER}\n{READY}"),
            cpu_ms(HANDLER, libraries),
            cpu_ms(imports(detection), libraries),
            cpu_ms("load_rules()", "from moderation.detection.pipeline import load_rules"),
        )
        for _ in range(effort.interpreters)
    ]
    alone, handler, opened, ready, own, share, packs = map(median, zip(*rounds, strict=True))
    yield Figure(
        id="start.import",
        name=f"import of the API handler ({len(ours)} modules of ours)",
        value=handler,
        unit="ms",
        anchor=alone,
        target=1.25 * alone,
    )
    yield Figure(
        id="start.import_ratio",
        name="import of the API handler beside chalice, pynamodb and pydantic",
        value=median(each[1] / each[0] for each in rounds),
        unit="times",
        anchor=1,
        target=1.25,
    )
    yield Figure(
        id="start.ready",
        name="import, every part of a first read, and the DynamoDB client",
        value=ready,
        unit="ms",
        anchor=opened,
        target=None,
    )
    yield Figure(
        id="start.own",
        name="our modules' share of the import, every library there already",
        value=own,
        unit="ms",
        anchor=handler,
        target=25,
    )
    yield Figure(
        id="start.detection",
        name=f"detection's share of the import ({len(detection)} modules)",
        value=share,
        unit="ms",
        anchor=handler,
        target=25,
    )
    yield Figure(
        id="start.packs",
        name="reading the rule packs, once a process at the first write",
        value=packs,
        unit="ms",
        anchor=None,
        target=None,
    )
