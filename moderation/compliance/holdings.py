"""The records as they are kept, each with what binds it to the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from moderation.audit.ports import SubjectHead
from moderation.records import Record, Ref


@dataclass(frozen=True, slots=True)
class Holding:
    """A record, the canonical JSON that its state commitments cover, and where its chain stands.

    `head` and `salt` are None for what has no audited act.
    """

    record: Record
    state: bytes
    head: SubjectHead | None
    salt: bytes | None


class Holdings(Protocol):
    """Records read whole and strongly consistent. Fails closed (Unavailable).

    Whoever can write to the table can forge a record; one that an entry binds no longer matches it.
    """

    def family(self, ref: Ref[Any]) -> tuple[Holding, ...]:
        """Return a subject's record and every record kept beside it, in the order of their keys."""
        ...

    def of(self, refs: Iterable[Ref[Any]]) -> tuple[Holding, ...]:
        """Return those of the records that are there."""
        ...
