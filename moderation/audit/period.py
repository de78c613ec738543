"""Which part of the log holds what happened in a period."""

from collections.abc import Iterable, Iterator

from moderation.audit.entry import at_text
from moderation.audit.log_reader import LogReader
from moderation.audit.ports import Span
from moderation.audit.tiles import TILE_WIDTH


def index_range(
    log: LogReader, size: int, spans: Iterable[Span], start: str, end: str
) -> tuple[int, int]:
    """Return the smallest contiguous range with every entry of start ≤ `at` < end.

    Times are as entries write them. Entries are in the order they were sequenced, which is nearly
    but not exactly that of their times, so the range may hold others too. Reads only bundles that
    can hold one: those whose span overlaps, and those without a span. Empty: (size, size).
    """
    known = {span.bundle: span for span in spans}
    numbers = [
        number
        for number in range(-(-size // TILE_WIDTH))
        if number not in known or (known[number].first_at < end and known[number].last_at >= start)
    ]
    first = next(_hits(log, size, numbers, start, end), None)
    if first is None:
        return size, size
    return first[0], next(_hits(log, size, numbers[::-1], start, end))[-1] + 1


def _hits(
    log: LogReader, size: int, numbers: list[int], start: str, end: str
) -> Iterator[list[int]]:
    """Yield the indexes of the entries of the period, bundle by bundle, where there are any."""
    for number in numbers:
        bodies = enumerate(log.bundle(number, size), number * TILE_WIDTH)
        hits = [index for index, body in bodies if start <= at_text(body) < end]
        if hits:
            yield hits
