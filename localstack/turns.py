"""Taking turns: items that several threads work on, each item with one thread at a time."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterable


class Turns[Item]:
    """Hands out items, earliest ready first; those given back with a wait rest that long.

    An item is resting, out with a thread, or retired.
    Whoever takes one gives it back or retires it.
    """

    def __init__(
        self, items: Iterable[Item], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._order = itertools.count()
        self._resting = [(0.0, next(self._order), item) for item in items]
        self._living = len(self._resting)
        self._changed = threading.Condition()
        self._stopped = False

    def take(self) -> Item | None:
        """The next item that is ready, waited for; None once all are retired or work stopped."""
        with self._changed:
            while self._living and not self._stopped:
                wait_seconds = self._resting[0][0] - self._clock() if self._resting else None
                if wait_seconds is not None and wait_seconds <= 0:
                    return heapq.heappop(self._resting)[2]
                self._changed.wait(wait_seconds)
            return None

    def give_back(self, item: Item, wait_seconds: float = 0.0) -> None:
        """Put an item back, to be taken again after the wait."""
        with self._changed:
            ready_at = self._clock() + wait_seconds
            heapq.heappush(self._resting, (ready_at, next(self._order), item))
            self._changed.notify()

    def retire(self) -> None:
        """Say that an item taken is done and does not come back."""
        with self._changed:
            self._living -= 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Let everybody who takes from now on have None: one of them failed."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
