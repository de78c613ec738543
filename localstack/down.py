"""`make down`: stop the engine cleanly; what it holds is kept."""

from __future__ import annotations

import sys

from localstack.engines import engine
from localstack.step import step
from localstack.up import DEMO_PATH, arguments


def main() -> int:
    """Run from the command line."""
    given = arguments(__doc__)
    with step(f"stopping {given.engine}"):
        was_up = engine(given.engine, given.port).stop()
    DEMO_PATH.unlink(missing_ok=True)
    if not was_up:
        print("  it was not running")
    return 0


if __name__ == "__main__":
    sys.exit(main())
