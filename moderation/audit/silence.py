"""Of which subjects nothing may be shown, since one of their acts must be kept silent.

A withheld line among shown lines of its kind says by standing there what it is. So where one act of
a subject is silent, all of its acts are withheld, and its head is not named; and so are those of
every subject that had a part in one cause with it, for a cause of which a part is missing says the
same. What a subject did before the period and since counts like what it did in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import batched
from re import Match

from moderation.audit.entry import BODY
from moderation.audit.pin import PinnedHead
from moderation.audit.ports import EntryTable, SubjectHead, SubjectHeads
from moderation.audit.selection import Selection, is_silent

HEADS_AT_ONCE = 100


@dataclass(slots=True)
class Silence:
    """Hears the entries of a period, and then tells which heads may be pinned.

    What it keeps grows with the subjects, and with the causes of which parts are still to come.
    Where the selection keeps nothing silent it keeps nothing at all. Of subjects that began before
    the period, or went on after it, the rest of the chain is read: at most two Queries each.
    """

    selection: Selection
    entries: EntryTable
    heads: SubjectHeads
    _revs: dict[str, tuple[int, int]] = field(default_factory=dict)
    _ties: dict[str, str] = field(default_factory=dict)
    _causes: dict[str, tuple[str | None, int]] = field(default_factory=dict)
    _silent: set[str] = field(default_factory=set)

    def hear(self, entry: Match[str] | None) -> None:
        """Take one entry of the period, as `BODY` matches it, in the order of its subject."""
        if entry is None or not self.selection.silent:
            return
        subject, rev = entry["subject"], int(entry["rev"])
        if self.selection.names(subject):
            first, _ = self._revs.get(subject, (rev, rev))
            self._revs[subject] = (first, rev)
        self._take(entry)

    def hear_chains(self, heads: Iterable[SubjectHead]) -> None:
        """Take whole chains in place of a period."""
        if self.selection.silent:
            for head in heads:
                for entry in self._chain(head.subject, 1, head.rev):
                    self.hear(entry)

    def spare(self, heads: Iterable[PinnedHead]) -> tuple[PinnedHead, ...]:
        """Return, sorted, the heads that may be named; they were read before this looks again."""
        pinned = tuple(heads)
        silent = self._subjects()
        return tuple(sorted(head for head in pinned if head.subject not in silent))

    def _subjects(self) -> frozenset[str]:
        for names in batched(tuple(self._revs), HEADS_AT_ONCE):
            for head in self.heads.heads(names):
                first, last = self._revs[head.subject]
                for entry in self._chain(head.subject, 1, first - 1):
                    self._take(entry)
                for entry in self._chain(head.subject, last + 1, head.rev):
                    self._take(entry)
        silent = {self._root(subject) for subject in self._silent}
        return frozenset(subject for subject in self._revs if self._root(subject) in silent)

    def _chain(self, subject: str, first: int, last: int) -> Iterable[Match[str]]:
        bodies = self.entries.chain(subject, first, last) if first <= last else []
        return filter(None, (BODY.fullmatch(body.decode()) for body in bodies))

    def _take(self, entry: Match[str]) -> None:
        """Note whether it is silent, and tie its subject to the others of its cause."""
        subject, cause = entry["subject"], entry["cause"]
        is_named = self.selection.names(subject)
        if is_named and is_silent(entry, self.selection.silent):
            self._silent.add(subject)
        tied, missing = self._causes.pop(cause, (None, int(entry["parts"])))
        if is_named and tied is not None:
            self._ties[self._root(subject)] = self._root(tied)
        if missing > 1:
            self._causes[cause] = (subject if is_named else tied, missing - 1)

    def _root(self, subject: str) -> str:
        """The one that stands for all that a subject is tied to."""
        while (above := self._ties.get(subject, subject)) != subject:
            self._ties[subject] = self._ties.get(above, above)
            subject = above
        return subject
