"""A progress line for what takes longer than two seconds."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Protocol, TextIO

QUIET_SECONDS = 2.0
_TERMINAL_EVERY_SECONDS = 0.2
_LOG_EVERY_SECONDS = 5.0
_WIDTH = 28


class Progress(Protocol):
    """Told how far a piece of work is; may be called by several threads."""

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """`done` of `total` of the work called `what`; a total of 0 is not known."""


class ProgressLine:
    """Draws a bar on a terminal and writes a line now and then elsewhere; silent for two seconds.

    The clock starts anew with each `what`, so that short steps stay silent.
    """

    def __init__(
        self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out if out is not None else sys.stderr
        self._clock = clock
        self._lock = threading.Lock()
        self._what = ""
        self._began_at = 0.0
        self._drawn_at: float | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        """Draw, where it is time to."""
        with self._lock:
            now = self._clock()
            if what != self._what:
                self._end_line()
                self._what, self._began_at = what, now
            if now - self._began_at < QUIET_SECONDS:
                return
            every = _TERMINAL_EVERY_SECONDS if self._out.isatty() else _LOG_EVERY_SECONDS
            if done != total and self._drawn_at is not None and now - self._drawn_at < every:
                return
            self._drawn_at = now
            self._draw(done, total, now - self._began_at)

    def close(self) -> None:
        """End the line, so that what is printed next starts on its own."""
        with self._lock:
            self._end_line()
            self._what = ""

    def _draw(self, done: int, total: int, seconds: float) -> None:
        text = f"{self._what}: {done}, {seconds:.0f} s"
        if total:
            filled = _WIDTH * done // total
            bar = "█" * filled + "░" * (_WIDTH - filled)
            text = f"{self._what} {bar} {done}/{total}, {seconds:.0f} s"
        if self._out.isatty():
            self._out.write(f"\r{text}\x1b[K")
        else:
            self._out.write(text + "\n")
        self._out.flush()

    def _end_line(self) -> None:
        if self._drawn_at is not None and self._out.isatty():
            self._out.write("\n")
            self._out.flush()
        self._drawn_at = None
