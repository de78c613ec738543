"""A command, what it has seen, and the change it asks for.

A command is pure: `(seen, context) -> Change`. The unit of work reads what the command names in
one strongly consistent request, lets it decide, and writes the change in one transaction; where
somebody else was faster it reads again and lets the command decide anew.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.errors import NotFound
from moderation.records import Record, Ref


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision needs from outside: the time (aware UTC, milliseconds) and fresh ULIDs."""

    now: datetime
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Seen:
    """The records as read; a ref that was asked for and is not there maps to None."""

    records: Mapping[Ref[Any], Record | None]

    def knows(self, ref: Ref[Any]) -> bool:
        """Whether the ref was read, be it there or not."""
        return ref in self.records

    def get[T](self, ref: Ref[T]) -> T | None:
        """The record, or None where nothing is there; KeyError where it was never read."""
        return cast("T | None", self.records[ref])

    def need[T](self, ref: Ref[T]) -> T:
        """The record; NotFound where nothing is there."""
        record = self.get(ref)
        if record is None:
            raise NotFound(f"There is no such {ref.kind.value.lower()}.")
        return record


@dataclass(frozen=True, slots=True)
class Act:
    """One audited act on one subject; becomes exactly one audit entry in the same transaction.

    `payload` holds the personal fields of the act (`cases/wording.py`), which lie in the records it
    writes; only a commitment to them enters the log.
    `content` is the content revision the act is about. `reason` is a code as
    `audit/entry.py` allows it, never prose. `entry_id` is given where a record names the
    entry (a statement of reasons), else the unit of work makes one.
    """

    subject: Ref[Any]
    action: Action
    actor: Actor
    via: Via = Via.API
    reason: str = "none"
    rule: str | None = None
    content: int | None = None
    payload: Mapping[str, Any] | None = None
    entry_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change[A]:
    """What is to be written, all or nothing, and what the caller is told.

    puts     a record that was seen is replaced if it is still as seen; one that was not there, or
             was not read, must not be there
    deletes  records that were seen; they must still be as seen
    checks   refs that must still be as seen and are not written
    acts     one for each audited subject that changes, in the order they enter the log
    answer   what the command tells its caller
    reference  the record from which `Command.recall` makes the answer again for a repeated request
    """

    answer: A
    puts: tuple[Record, ...] = ()
    deletes: tuple[Ref[Any], ...] = ()
    checks: tuple[Ref[Any], ...] = ()
    acts: tuple[Act, ...] = ()
    reference: Ref[Any] | None = None


@dataclass(frozen=True, slots=True)
class More:
    """A decision that needs further records first, known only from what has been seen."""

    refs: tuple[Ref[Any], ...]

    @classmethod
    def unless_seen(cls, seen: Seen, refs: Iterable[Ref[Any]]) -> "More | None":
        """Ask for what of `refs` has not been read yet; None where all has."""
        missing = tuple(ref for ref in refs if not seen.knows(ref))
        return cls(missing) if missing else None


class Command[A](Protocol):
    """One thing somebody wants done."""

    def reads(self) -> tuple[Ref[Any], ...]:
        """What must be read first."""

    def decide(self, seen: Seen, context: Context) -> Change[A] | More:
        """Decide; raises a DomainError to refuse."""

    def recall(self, reference: Ref[Any], seen: Seen) -> A | More:
        """Make the first answer again, from the record it refers to (repeated request)."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A client's key within its scope, and the keyed digest of the request it stands for."""

    scope: str
    key: str
    fingerprint: str


class UnitOfWork(Protocol):
    """Carries commands out. Fails closed: what cannot be written together is not written."""

    def run[A](self, command: Command[A], idempotency: Idempotency | None = None) -> A:
        """Carry out and answer. Raises DomainError; Unavailable after three lost races."""

    def read(self, *refs: Ref[Any]) -> Seen:
        """Read in one strongly consistent request (at most 100 refs)."""


NO_RECORDS = Seen(records=cast("Mapping[Ref[Any], Record | None]", {}))
