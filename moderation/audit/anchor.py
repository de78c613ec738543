"""Daily anchors: a checkpoint a day, kept where nobody can change it (S3 Object Lock).

A log that was rewritten later no longer agrees with the anchors of the days before. An anchor that
witnesses have cosigned also bounds the operator's clock: what is under it was there by then.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from moderation.audit.checkpoint import parse_checkpoint
from moderation.audit.cosigning import COSIGNED_PATH, cosigned_at, signatures_of
from moderation.audit.keys import VerificationKey
from moderation.audit.note import parse_note
from moderation.audit.ports import ObjectStore
from moderation.audit.tiles import CHECKPOINT_PATH

DAY = timedelta(days=1)
STAMP = ".tsr"
"""What the name of a time stamp ends with, behind the name of what was stamped."""


def anchor_path(day: date) -> str:
    """Return where the anchor of a day (UTC) stands."""
    return day.isoformat()


class DailyAnchors:
    """Puts each day's first checkpoint among the anchors, and the first cosigned one over it.

    Under the lock nothing is lost by that: what was put first stays as an older version.
    Remembers between runs only the day it is done with.
    """

    def __init__(
        self,
        log: ObjectStore,
        anchors: ObjectStore,
        witnesses: Sequence[VerificationKey],
        now: Callable[[], datetime],
    ) -> None:
        self._log = log
        self._anchors = anchors
        self._witnesses = witnesses
        self._now = now
        self._done: date | None = None

    def run(self) -> None:
        """Put what is there today and not anchored yet."""
        today = self._now().date()
        if self._done == today:
            return
        path = anchor_path(today)
        held = self._anchors.get_tagged(path)
        if held is None:
            self._anchors.replace(path, self._log.get(CHECKPOINT_PATH), None)
        elif self._witnesses and not self._days(held[0]):
            cosigned = self._log.get_tagged(COSIGNED_PATH)
            if cosigned is None or today not in self._days(cosigned[0]):
                return
            self._anchors.replace(path, cosigned[0], held[1])
        if not self._witnesses or held is not None:
            self._done = today

    def _days(self, note: bytes) -> set[date]:
        """Return the days on which witnesses signed a note."""
        parsed = parse_note(note)
        lines = [line for key in self._witnesses for line in signatures_of(parsed, key)]
        return {cosigned_at(line).date() for line in lines}


@dataclass(frozen=True, slots=True)
class Anchor:
    """The anchor of a day: its name, its note as it is, and the size of the tree it is about."""

    name: str
    note: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors that bundles carry: those of days before `end`, which never change any more.

    The notes are handed on as they are: whether they hold is for the verifier to say.
    """

    objects: ObjectStore
    end: date

    def of_range(self, first: date, begin: int, end: int) -> Iterator[Anchor]:
        """Yield the anchors from day `first` on that entries of [begin, end) stand below.

        The last is the first that all of them stand below.
        """
        for anchor in self._since(first):
            if anchor.size > begin:
                yield anchor
            if anchor.size >= end:
                return

    def of_entries(self, entries: Iterable[tuple[int, date]]) -> Iterator[Anchor]:
        """Yield, of each entry, the first anchor that it stands below, and none twice.

        Entries are given in order by index, and the day from which on to look. No day is read
        again for entries that stand below the same anchor.
        """
        size = 0
        for index, first in entries:
            if index >= size:
                above = (anchor for anchor in self._since(first) if anchor.size > index)
                found = next(above, None)
                if found is None:
                    return
                size = found.size
                yield found

    def stamp(self, anchor: Anchor) -> bytes | None:
        """Return the time stamp on an anchor, if it bears one."""
        found = self.objects.get_tagged(anchor.name + STAMP)
        return None if found is None else found[0]

    def _since(self, day: date) -> Iterator[Anchor]:
        while day < self.end:
            found = self.objects.get_tagged(anchor_path(day))
            if found is not None:
                size = parse_checkpoint(parse_note(found[0]).text).size
                yield Anchor(anchor_path(day), found[0], size)
            day += DAY
