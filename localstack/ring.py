"""`make test-engine`: the contract and end-to-end rings on one engine."""

from __future__ import annotations

import argparse
import subprocess
import sys

_PYTEST = [sys.executable, "-m", "pytest", "-q"]
_NOTHING_RUN = 5


def rings(engine: str, tests: list[str], *, contract: bool) -> list[list[str]]:
    """The commands that run them; each test session starts the engine for itself and ends it.

    `tests`, pytest's arguments, run these alone. The contract ring is split
    over two engines of the kind.
    """
    named = ["--engine", engine]
    if tests:
        return [[*_PYTEST, *named, *tests]]
    split = ["-n", "2", "--dist", "loadfile"]
    first = [*_PYTEST, *split, *named, "tests/contract", "-m", "not corpus"]
    return [*([first] if contract else []), [*_PYTEST, *named, "-m", "e2e", "tests/e2e"]]


def main() -> int:
    """Run from the command line, with pytest's own arguments to run less than all.

    1 where a ring fails or the engine cannot start.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--without-contract", action="store_true", help="where it has run already")
    given, tests = parser.parse_known_args()
    commands = rings(given.engine, tests, contract=not given.without_contract)
    outcomes = [subprocess.run(command, check=False).returncode for command in commands]
    return int(any(outcome not in {0, _NOTHING_RUN} for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
