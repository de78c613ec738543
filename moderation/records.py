"""What is kept: a record is a frozen dataclass that knows its own address.

A `Ref` names one record for the whole system; only `stores/keys.py` turns it into keys.
`Kind` is closed: each kind of record is listed here, and nowhere is a kind made of user text.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

META = "META"


class Kind(StrEnum):
    """The first part of a record's address."""

    BOARD = "BOARD"
    THREAD = "THREAD"
    POST = "POST"
    MEMBER = "MEMBER"
    CASE = "CASE"
    NOTICE = "NOTICE"
    STATEMENT = "STATEMENT"
    APPEAL = "APPEAL"
    EXPORT = "EXPORT"
    OUTBOX = "OUTBOX"
    RULE = "RULE"
    RULESET = "RULESET"
    LOG = "LOG"
    HOLD = "HOLD"
    ERASURE = "ERASURE"
    SETTINGS = "SETTINGS"
    DISCLOSURE = "DISCLOSURE"


@dataclass(frozen=True, slots=True)
class Ref[T]:
    """The address of a record of type T: kind, id, and the part within that id."""

    kind: Kind
    id: str
    part: str = META

    @property
    def subject(self) -> str:
        """How the audit log names it: `post:01J…` (only META records are subjects)."""
        return f"{self.kind.value.lower()}:{self.id}"


@runtime_checkable
class Record(Protocol):
    """Anything that can be stored."""

    @property
    def ref(self) -> Ref[Any]:
        """The record's own address."""
