"""What is being done, and for how long already, on one line a step."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Name a step when it starts, show a dot every two seconds, end with its time."""
    started = time.monotonic()
    done = threading.Event()

    def tick() -> None:
        while not done.wait(2):
            sys.stdout.write(".")
            sys.stdout.flush()

    sys.stdout.write(f"  {what} ")
    sys.stdout.flush()
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    outcome = "failed after"
    try:
        yield
        outcome = "…"
    finally:
        done.set()
        ticker.join()
        sys.stdout.write(f"{outcome} {time.monotonic() - started:.1f} s\n")
        sys.stdout.flush()
