"""Runs commands side by side, one storage call at a time, in exactly the order a test names."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any, override

from tests.support.memory_dynamo import Hook, MemoryDynamo

DEADLOCK_S = 20


@dataclass(slots=True)
class Interleaver(Hook):
    """Each task runs in a thread of its own and stands still before each storage call.

    One step lets one task run from where it stands through one storage call to the next, or to its
    end. At the beginning each task runs to its first, one after the other, so that nothing ever
    runs at the same time as anything else.
    """

    engine: MemoryDynamo
    _turn: threading.Condition = field(default_factory=threading.Condition)
    _waiting: set[int] = field(default_factory=set)
    _running: int | None = None
    _mine: threading.local = field(default_factory=threading.local)

    def run(
        self, tasks: Sequence[Callable[[], object]], schedule: Iterable[int]
    ) -> list[object | Exception]:
        """Run all tasks to their end; answers, in order, what each returned or raised.

        Each number of the schedule picks one of the tasks still running (modulo their number);
        what is left when it is used up runs in turn.
        """
        outcomes: list[object | Exception] = [None] * len(tasks)
        threads = [
            threading.Thread(target=self._task, args=(number, task, outcomes), daemon=True)
            for number, task in enumerate(tasks)
        ]
        with self.engine.hooked(self):
            for number, thread in enumerate(threads):
                thread.start()
                self._wait_for(partial(self._waiting.__contains__, number))
                self._step(number)
            picks = iter(schedule)
            while self._waiting:
                candidates = sorted(self._waiting)
                self._step(candidates[next(picks, 0) % len(candidates)])
        for thread in threads:
            thread.join(DEADLOCK_S)
        return outcomes

    @override
    def before(self, operation: str, request: dict[str, Any]) -> None:
        """Stand still until it is this task's turn."""
        self._park(self._mine.number)

    def _task(
        self, number: int, task: Callable[[], object], outcomes: list[object | Exception]
    ) -> None:
        self._mine.number = number
        self._park(number)
        try:
            outcomes[number] = task()
        except Exception as error:  # noqa: BLE001  (whatever it is, the test looks at it)
            outcomes[number] = error
        with self._turn:
            self._running = None
            self._turn.notify_all()

    def _park(self, number: int) -> None:
        with self._turn:
            self._waiting.add(number)
            if self._running == number:
                self._running = None
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._running == number, DEADLOCK_S)

    def _step(self, number: int) -> None:
        with self._turn:
            self._waiting.discard(number)
            self._running = number
            self._turn.notify_all()
        self._wait_for(lambda: self._running is None)

    def _wait_for(self, condition: Callable[[], bool]) -> None:
        with self._turn:
            if not self._turn.wait_for(condition, DEADLOCK_S):
                raise TimeoutError("a task neither stops nor ends")


def merges(steps: int) -> list[tuple[int, ...]]:
    """All orders in which two tasks can take so many steps each."""
    return [
        tuple(1 if place in second else 0 for place in range(2 * steps))
        for second in combinations(range(2 * steps), steps)
    ]
