"""`make test-engine`: the contract and end-to-end rings on one engine, and what ran where."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from localstack.daemon import DaemonError, free_port
from localstack.engine import Engine
from localstack.engines import engine

_PYTEST = [sys.executable, "-m", "pytest", "-q"]
_NOTHING_RUN = 5


def contract_ring(chosen: Engine, tests: list[str]) -> int:
    """The stores' contract on the engine's DynamoDB, beside the in-process one."""
    url = chosen.target.endpoint_url or ""
    return subprocess.run(
        [*_PYTEST, "-m", "not e2e", f"--engine-url={url}", *tests], check=False
    ).returncode


def end_to_end_ring(name: str, tests: list[str]) -> int:
    """The packaged stack, on an engine that the ring starts for itself."""
    environment = {**os.environ, "ENGINE": name}
    done = subprocess.run([*_PYTEST, "-m", "e2e", *tests], env=environment, check=False)
    return done.returncode


def main() -> int:
    """Run from the command line; 1 where a ring fails or the engine cannot start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", required=True)
    parser.add_argument("tests", nargs="*", help="run these alone, in the end-to-end ring")
    given = parser.parse_args()
    started = time.monotonic()
    outcomes = []
    if not given.tests:
        with tempfile.TemporaryDirectory(prefix="engine-") as folder:
            chosen = engine(given.engine, free_port(), Path(folder))
            try:
                chosen.start()
                ready_s = time.monotonic() - started
                print(f"── {chosen.name} {chosen.version()} up after {ready_s:.1f} s", flush=True)
                outcomes.append(contract_ring(chosen, ["tests/contract/moderation/stores"]))
            except DaemonError as error:
                print(f"{given.engine}: {error}", file=sys.stderr)
                return 1
            finally:
                chosen.stop()
    outcomes.append(end_to_end_ring(given.engine, given.tests or ["tests/e2e"]))
    return int(any(outcome not in {0, _NOTHING_RUN} for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
