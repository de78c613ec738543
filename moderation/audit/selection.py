"""Which entries an export shows; of the others only the leaf hash stands.

Withholding is how an export is narrowed and how it is redacted: every line keeps its place, so what
is shown proves as much as it would among all others, and how much is withheld can be counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from re import Match

from moderation.audit.entry import BODY


class Profile(StrEnum):
    """For whom an export is, and so what of it is withheld (`docs/formats/audit-log.md`, 6.4)."""

    FULL = "full"
    AUTHORITY = "authority"
    OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an entry must be to be shown; None leaves a part open.

    `actors` are pseudonyms, `kinds` kinds of subjects, `start` ≤ at < `end` as entries write times.
    `silent` are codes: an entry whose reason ends in one is withheld, and with it what would tell
    that it is; `subjects` are those that are left then (`audit/silence.py`).
    """

    actors: frozenset[str] | None = None
    action: str | None = None
    kinds: frozenset[str] | None = None
    silent: frozenset[str] = frozenset()
    subjects: frozenset[str] | None = None
    start: str | None = None
    end: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is withheld."""
        return self == EVERYTHING

    def shows(self, entry: Match[str]) -> bool:
        """Say whether an entry, as the match of `BODY`, is shown."""
        return (
            (self.actors is None or entry["actor"] in self.actors)
            and (self.action is None or entry["action"] == self.action)
            and self.names(entry["subject"])
            and not is_silent(entry, self.silent)
            and (self.start is None or entry["at"] >= self.start)
            and (self.end is None or entry["at"] < self.end)
        )

    def names(self, subject: str) -> bool:
        """Say whether a subject may be named."""
        is_of_kind = self.kinds is None or subject.partition(":")[0] in self.kinds
        return is_of_kind and (self.subjects is None or subject in self.subjects)

    def naming(self, subjects: Iterable[str]) -> "Selection":
        """Return the selection that shows these subjects alone, where something is kept silent."""
        return replace(self, subjects=frozenset(subjects)) if self.silent else self


EVERYTHING = Selection()

SHARED_KINDS = frozenset({"member", "post"})
"""Subjects that more than one case may be about: a case shows what it had a part in."""


def is_silent(entry: Match[str], silent: frozenset[str]) -> bool:
    """Say whether an entry's reason ends in one of the codes to be kept silent."""
    return bool(silent) and entry["reason"].rpartition(":")[2] in silent


def kind_of(entry: Match[str]) -> str:
    """Return the kind of an entry's subject."""
    return entry["subject"].partition(":")[0]


def causes_of_case(bodies: Iterable[bytes]) -> frozenset[str]:
    """Return the causes of the acts on what is a case's own, of the entries of its subjects."""
    found = (BODY.fullmatch(body.decode()) for body in bodies)
    return frozenset(
        entry["cause"] for entry in found if entry and kind_of(entry) not in SHARED_KINDS
    )


def belongs(entry: Match[str], causes: frozenset[str] | None) -> bool:
    """Say whether an entry is about the case of these causes (None: no case is asked for)."""
    return causes is None or kind_of(entry) not in SHARED_KINDS or entry["cause"] in causes
