"""`make run`: `make up` in the foreground, the functions' logs, and a clean end on Ctrl-C."""

from __future__ import annotations

import signal
import sys
import time

from localstack import model
from localstack.engines import engine
from localstack.follow import follow
from localstack.step import step
from localstack.up import DEMO_PATH, EXPECTED, STACK, arguments, describe, one_line, up


def main() -> int:
    """Run from the command line until interrupted."""
    given = arguments(__doc__)
    chosen = engine(given.engine, given.port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    failed = False
    try:
        parameters = model.parameters(given.scorer, given.weights, given.engine)
        print(describe(up(chosen, given.empty, parameters)))
        print("  Ctrl-C stops it and keeps the data; below are the functions' logs\n")
        for line in follow(chosen.target, STACK, int(time.time() * 1000)):
            print(line, flush=True)
    except KeyboardInterrupt:
        print()
    except EXPECTED as error:
        print(f"make run: {one_line(error)}", file=sys.stderr)
        failed = True
    with step(f"stopping {chosen.name}"):
        chosen.stop()
    DEMO_PATH.unlink(missing_ok=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
