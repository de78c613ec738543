"""The stores on the in-process DynamoDB, with a clock and a randomness that a test holds.

`Stack.fresh()` (or the fixture `stack`) gives a unit of work, the lists, the work list and the rate
counter, ready in milliseconds, with a watch over every write that owes an audit entry. In the
contract ring the fixture is that of a place (`tests/support/places.py`): here, or on an engine.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from botocore.session import Session, get_session

from moderation.audit.pseudonym import year_key
from moderation.ids import ulid_source
from moderation.records import Record, Ref
from moderation.stores.chain import Notary
from moderation.stores.forum_table import ForumItem, connection_of, open_forum
from moderation.stores.lists import TableLists
from moderation.stores.rate_counter import TableRateCounter
from moderation.stores.unit_of_work import TransactionalUnitOfWork
from moderation.stores.work_list import TableWorkList
from tests.support.audit_watch import AuditWatch
from tests.support.memory_dynamo import MemoryDynamo

EPOCH = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REGION = "eu-central-1"
ROOT_SECRET = b"a root secret of tests, 32+ bytes"
ORIGIN = "forum.example/log"


@cache
def _session() -> Session:
    """One session for all stacks: it keeps the parsed service model, which takes 60 ms to load."""
    session = get_session()
    session.set_credentials("key", "secret")
    return session


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = EPOCH

    def __call__(self) -> datetime:
        """The time."""
        return self.now

    def forward(self, **delta: float) -> datetime:
        """Move on by a `timedelta(**delta)`; returns the new time."""
        self.now += timedelta(**delta)
        return self.now


@dataclass(slots=True)
class Randomness:
    """Bytes that look random and are the same in every run."""

    seed: bytes = b"hausrecht"
    drawn: int = 0

    def __call__(self, count: int) -> bytes:
        """Return `count` bytes."""
        self.drawn += 1
        return hashlib.shake_256(self.seed + self.drawn.to_bytes(8, "big")).digest(count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Everything a test of commands needs, wired as the composition root wires it."""

    forum: type[ForumItem]
    audit_table: str
    clock: Clock
    random: Randomness
    unit_of_work: TransactionalUnitOfWork
    lists: TableLists
    work_list: TableWorkList
    rate_counter: TableRateCounter
    engine: MemoryDynamo
    pauses_ms: list[int] = field(default_factory=list)

    @classmethod
    def fresh(cls, *, watched: bool = True) -> "Stack":
        """An empty forum on an empty in-process DynamoDB."""
        return cls.served_by(MemoryDynamo(), "http://memory.invalid", _session(), watched=watched)

    @classmethod
    def served_by(
        cls,
        engine: MemoryDynamo,
        endpoint_url: str,
        session: Session,
        random: Randomness | None = None,
        *,
        watched: bool = True,
    ) -> "Stack":
        """A forum whose requests all go through `engine`; unwatched for tests that forge items."""
        if watched:
            engine.hooks.append(AuditWatch())
        forum = open_forum(
            "forum", region=REGION, endpoint_url=endpoint_url, retries=0, session=session
        )
        # The session is this thread's, the client everybody's: it is made here.
        engine.attach(connection_of(forum).client)
        return cls.on(forum, "audit", engine, random)

    @classmethod
    def on(
        cls,
        forum: type[ForumItem],
        audit_table: str,
        engine: MemoryDynamo,
        random: Randomness | None = None,
        *,
        origin: str = ORIGIN,
        root_secret: bytes = ROOT_SECRET,
    ) -> "Stack":
        """The same parts on a given table; a lasting one needs another randomness each time."""
        clock, random, pauses_ms = Clock(), random or Randomness(), list[int]()
        notary = Notary(
            origin=origin,
            year_key=lambda year: year_key(root_secret, year),
            new_id=ulid_source(clock, random),
            random_bytes=random,
        )
        return cls(
            forum=forum,
            audit_table=audit_table,
            clock=clock,
            random=random,
            unit_of_work=TransactionalUnitOfWork(
                forum=forum,
                audit_table=audit_table,
                notary=notary,
                clock=clock,
                sleep_ms=pauses_ms.append,
            ),
            lists=TableLists(forum),
            work_list=TableWorkList(forum),
            rate_counter=TableRateCounter(forum),
            engine=engine,
            pauses_ms=pauses_ms,
        )

    def find[T: Record](self, ref: Ref[T]) -> T | None:
        """Return a record as it lies in the table, or None."""
        return self.unit_of_work.read(ref).get(ref)

    def get[T: Record](self, ref: Ref[T]) -> T:
        """Return a record that must be there."""
        return self.unit_of_work.read(ref).need(ref)

    def entries(self) -> list[dict[str, Any]]:
        """Return the audit entries by id, each as its body's JSON."""
        held = self.engine.tables["audit"].indexes["log"].partitions.get("ENTRIES", {})
        bodies = (json.loads(item["body"]["S"]) for item in held.values())
        return sorted(bodies, key=lambda entry: str(entry["id"]))
