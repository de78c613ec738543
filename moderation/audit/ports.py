"""What the audit log needs from outside, as Protocols."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from moderation.audit.entry import Entry
from moderation.audit.keys import VerificationKey
from moderation.audit.merkle import Frontier


class LogBrokenError(RuntimeError):
    """The stores contradict each other or what was signed; a human must look, retrying won't help.

    Nothing is signed or written after it was raised.
    """


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands: what was sequenced, whether or not it is published yet.

    `staged` names the object that holds what the last step wrote, `fence` counts the steps.
    """

    frontier: Frontier
    staged: str
    fence: int

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.frontier.size


START = Head(Frontier(), staged="", fence=0)
"""The head before the first entry."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that was written with its act and waits to be sequenced. `id` is the entry's."""

    id: str
    subject: str
    leaf: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Span:
    """The earliest and latest `at` among the entries of one full bundle, as their text sorts."""

    bundle: int
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True)
class Places:
    """What a step keeps to be found: the index of each entry, the time of each full bundle."""

    indexes: tuple[tuple[str, int], ...]
    spans: tuple[Span, ...]


class LogTable(Protocol):
    """The head of the log and what waits for it. All reads are strongly consistent.

    Fails closed: what cannot be read or written raises, and the step is taken again later.
    It is trusted: whoever can write to it can drop a waiting entry (the subject's own chain and
    head show the hole) or set the head back (what was published and witnessed shows that).
    """

    def head(self) -> Head:
        """Return the head, `START` before the first entry."""
        ...

    def waiting(self, limit: int) -> list[Pending]:
        """Return waiting entries by id, among them the `limit` oldest. No snapshot."""
        ...

    def waiting_for(self, keys: Sequence[tuple[str, str]]) -> list[Pending]:
        """Return those of the (subject, entry id) that wait, at most 98 asked for."""
        ...

    def advance(self, old: Head, new: Head, taken: Sequence[Pending]) -> bool:
        """Replace the head and take entries off the waiting list, all or nothing.

        False where the head is no longer `old` or an entry no longer waits. An error leaves open
        which it was; the next step finds out by reading the head.
        """
        ...

    def put_places(self, places: Places) -> None:
        """Note where entries stand; doing so twice changes nothing."""
        ...


class EntryTable(Protocol):
    """The entries as their subjects have them, and where they stand in the log.

    Fails closed. Read for finding only: each body taken from here is held against the tree.
    """

    def chain(self, subject: str, first: int, last: int) -> list[bytes]:
        """Return the bodies of a subject's revs first..last, in order, as far as they exist."""
        ...

    def places(self, entry_ids: Sequence[str]) -> dict[str, int]:
        """Return the index of each of the entries that is sequenced."""
        ...

    def spans(self) -> Iterable[Span]:
        """Return the spans of all full bundles, in order."""
        ...


@dataclass(frozen=True, slots=True)
class SubjectHead:
    """Where a subject's chain stands: rev, leaf hash (hex) and id of its last entry."""

    subject: str
    rev: int
    head: str
    entry_id: str


class SubjectHeads(Protocol):
    """The chain heads that subjects carry, read strongly consistent from where subjects live.

    Fails closed. Whoever can write to both tables within the merge delay can take an act back
    unseen; that is the gap the documents name.
    """

    def heads(self, subjects: Sequence[str]) -> list[SubjectHead]:
        """Return the heads of those subjects that exist, in the order asked for."""
        ...


class WholeTables(Protocol):
    """Both tables as a whole, and what is written back to them. Only an examination reads so.

    Fails closed. Reads are strongly consistent, each item by itself; there is no snapshot.
    """

    def subjects(self) -> Iterable[SubjectHead]:
        """Return the head of every audited subject there is."""
        ...

    def entries(self) -> Iterable[tuple[str, int]]:
        """Return subject and rev of every entry there is."""
        ...

    def bodies(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
        """Return the bodies of those of at most 100 entries, by subject and rev, that exist."""
        ...

    def restore_entry(self, entry: Entry) -> None:
        """Put an entry back if it is absent."""
        ...

    def restore_marker(self, entry: Entry) -> None:
        """Have an entry wait again if it does not."""
        ...

    def rewrite_marker(self, entry: Entry) -> None:
        """Have what waits under an entry's id say what the entry says; nothing where none does."""
        ...

    def remove_marker(self, waiting: Pending) -> None:
        """Have an entry wait no longer."""
        ...


class ObjectMissingError(LookupError):
    """There is no object at this path."""


class ObjectStore(Protocol):
    """Objects by path. Fails closed.

    Not trusted: all that is read is held against the head or a signature, so whoever can write to
    it can at most make the log stop or hide it from readers.
    """

    def get(self, path: str) -> bytes:
        """Return an object; raises ObjectMissingError."""
        ...

    def get_tagged(self, path: str) -> tuple[bytes, str] | None:
        """Return an object and the tag of this version, None where there is none."""
        ...

    def put_new(self, path: str, data: bytes) -> None:
        """Write what never changes. An equal object is left; another raises LogBrokenError."""
        ...

    def replace(self, path: str, data: bytes, tag: str | None) -> bool:
        """Write only over the version of this tag (None: over nothing); say whether it was so."""
        ...


class Sink(Protocol):
    """Where the bytes of a file go, in order."""

    def write(self, data: bytes, /) -> int:
        """Take bytes; return how many."""
        ...

    def flush(self) -> None:
        """Pass on what was written as far as that is possible before the end."""
        ...


class BundleStore(Protocol):
    """Finished bundles. Fails closed: a bundle that was not written whole does not appear.

    Not trusted: a bundle proves itself.
    """

    def writer(self, path: str) -> AbstractContextManager[Sink]:
        """Open a bundle for writing; it appears, whole, when the block ends without an error."""
        ...


class Signer(Protocol):
    """Signs for the log with one key.

    Fails closed: an error of the signer leaves the last checkpoint as it was. Whoever can use it
    can sign another history; what others hold (anchors, witnesses, receipts, bundles) shows that.
    """

    @property
    def key(self) -> VerificationKey:
        """The public key that `sign` signs for."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature: 64 bytes of Ed25519, or ASN.1 DER of ECDSA over SHA-256."""
        ...


class StampError(RuntimeError):
    """No time stamp was to be had; another try may bring one."""


class Timestamper(Protocol):
    """A time-stamp authority (RFC 3161).

    Fails open: what is to be stamped goes without after a while, and says so. Whoever can answer
    in its place can withhold stamps; a false one is held against the authority's certificate by
    whoever verifies.
    """

    def stamp(self, data: bytes) -> bytes:
        """Return an authority's answer over the SHA-256 of bytes, in DER; raises StampError."""
        ...
