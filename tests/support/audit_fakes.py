"""The audit log's ports in memory, a forum small enough to act in, and ways to make calls fail."""

import hashlib
import io
import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moderation import ids
from moderation.audit.actions import Action
from moderation.audit.dossier import Dossier
from moderation.audit.entry import (
    NOTHING,
    Entry,
    Via,
    decode,
    encode,
    leaf_hash,
    place_in_chain,
)
from moderation.audit.export import Exporter
from moderation.audit.keys import VerificationKey
from moderation.audit.log_reader import LogReader, Published
from moderation.audit.merkle import Frontier
from moderation.audit.order import Built, Order
from moderation.audit.ports import (
    START,
    Head,
    LogBrokenError,
    ObjectMissingError,
    Pending,
    Places,
    Span,
    SubjectHead,
    Timestamper,
)
from moderation.audit.sequence import Sequenced, Sequencer
from moderation.audit.tiles import read_edge
from moderation.stores.signer import LocalSigner

ORIGIN = "forum.example.com/audit"
SIGNER = LocalSigner(bytes(range(32)), ORIGIN)
BEGIN = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved, or moves by itself with each look."""

    at: datetime = BEGIN
    step: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        """Return the time, then move on by the step."""
        now = self.at
        self.at += self.step
        return now


@dataclass
class MemoryTable:
    """`LogTable` and `EntryTable`: entries, waiting list, head, places."""

    state: Head = START
    pending: dict[str, Pending] = field(default_factory=dict)
    chains: dict[str, list[bytes]] = field(default_factory=dict)
    index: dict[str, int] = field(default_factory=dict)
    bundle_spans: dict[int, Span] = field(default_factory=dict)

    def head(self) -> Head:
        """Return the head."""
        return self.state

    def waiting(self, limit: int) -> list[Pending]:
        """Return the oldest that wait."""
        return [self.pending[key] for key in sorted(self.pending)[:limit]]

    def waiting_for(self, keys: Sequence[tuple[str, str]]) -> list[Pending]:
        """Return those that wait."""
        assert len(keys) <= 98
        return [self.pending[key] for _, key in keys if key in self.pending]

    def advance(self, old: Head, new: Head, taken: Sequence[Pending]) -> bool:
        """Swap and dequeue, all or nothing."""
        assert len(taken) <= 98
        if self.state != old or any(entry.id not in self.pending for entry in taken):
            return False
        self.state = new
        for entry in taken:
            del self.pending[entry.id]
        return True

    def put_places(self, places: Places) -> None:
        """Note the places; they never change."""
        for key, index in places.indexes:
            assert self.index.setdefault(key, index) == index
        for span in places.spans:
            assert self.bundle_spans.setdefault(span.bundle, span) == span

    def chain(self, subject: str, first: int, last: int) -> list[bytes]:
        """Return revs first..last."""
        return self.chains.get(subject, [])[first - 1 : last]

    def places(self, entry_ids: Sequence[str]) -> dict[str, int]:
        """Return known indexes."""
        return {key: self.index[key] for key in entry_ids if key in self.index}

    def spans(self) -> Iterable[Span]:
        """Return the spans in order."""
        return [self.bundle_spans[key] for key in sorted(self.bundle_spans)]


@dataclass
class MemoryObjects:
    """`ObjectStore`, and a list of what was written, in order."""

    objects: dict[str, bytes] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def get(self, path: str) -> bytes:
        """Return the object."""
        if path not in self.objects:
            raise ObjectMissingError(path)
        return self.objects[path]

    def get_tagged(self, path: str) -> tuple[bytes, str] | None:
        """Return the object and a tag."""
        if path not in self.objects:
            return None
        return self.objects[path], hashlib.sha256(self.objects[path]).hexdigest()

    def put_new(self, path: str, data: bytes) -> None:
        """Write once."""
        if self.objects.setdefault(path, data) != data:
            raise LogBrokenError(path)
        self.written.append(path)

    def replace(self, path: str, data: bytes, tag: str | None) -> bool:
        """Write over the tagged version."""
        held = self.get_tagged(path)
        if (held[1] if held else None) != tag:
            return False
        self.objects[path] = data
        self.written.append(path)
        return True


@dataclass
class MemoryBundles:
    """`BundleStore`: what was written whole."""

    bundles: dict[str, bytes] = field(default_factory=dict)

    @contextmanager
    def writer(self, path: str) -> Iterator[io.RawIOBase]:
        """Collect; keep if the block ended well."""
        sink = _Sink()
        yield sink
        self.bundles[path] = b"".join(sink.chunks)


class _Sink(io.RawIOBase):
    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    def write(self, data: Any, /) -> int:
        self.chunks.append(bytes(data))
        return len(data)

    def tell(self) -> int:
        raise OSError("a stream has no position")


@dataclass
class MemoryForum:
    """Subjects with chains: writes entries as the unit of work does, one act at a time."""

    table: MemoryTable = field(default_factory=MemoryTable)
    clock: Clock = field(default_factory=lambda: Clock(step=timedelta(milliseconds=7)))
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311
    subjects: dict[str, SubjectHead] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.new_id = ids.ulid_source(lambda: self.clock.at, self.chance.randbytes)

    def heads(self, subjects: Sequence[str]) -> list[SubjectHead]:
        """Return the heads (`SubjectHeads`)."""
        return [self.subjects[name] for name in subjects if name in self.subjects]

    def act(self, subject: str, action: Action = Action.POST_HOLD, **changes: Any) -> Entry:
        """Commit one act: entry, waiting marker and subject head together."""
        now = self.clock()
        last = self.subjects.get(subject)
        fields: dict[str, Any] = {
            "id": ids.after(last.entry_id if last else "0" * 26, self.new_id()),
            "at": now.replace(microsecond=now.microsecond // 1000 * 1000),
            "origin": ORIGIN,
            "actor": self.chance.randbytes(16).hex(),
            "via": Via.API,
            "action": action,
            "subject": subject,
            "rev": last.rev + 1 if last else 1,
            "content": 1,
            "prev": last.head if last else NOTHING,
            "prev_id": last.entry_id if last else None,
            "part": (1, 1),
            "reason": "illegal",
            "rule": None,
            "before": self.chance.randbytes(32).hex() if last else NOTHING,
            "after": self.chance.randbytes(32).hex(),
            "payload": None,
            "cause": self.new_id(),
        }
        entry = Entry(**(fields | changes))
        body = encode(entry)
        leaf = leaf_hash(body)
        self.table.chains.setdefault(subject, []).append(body)
        self.table.pending[entry.id] = Pending(entry.id, subject, leaf, body)
        self.subjects[subject] = SubjectHead(subject, entry.rev, leaf.hex(), entry.id)
        return entry

    def names(self, count: int, kind: str = "post") -> list[str]:
        """Return subjects to act on."""
        return [f"{kind}:{self.new_id()}" for _ in range(count)]


class CrashError(Exception):
    """The process died here."""


class Faulty:
    """Stands before a port and dies before or after the n-th call of all that share the plan."""

    def __init__(self, port: object, plan: "FaultPlan") -> None:
        self._port = port
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        """Return the port's method with the fault in it; plain attributes pass."""
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            fault = self._plan.next()
            if fault == "before":
                raise CrashError(name)
            answer = found(*arguments, **named)
            if fault == "after":
                raise CrashError(name)
            return answer

        return call


@dataclass
class FaultPlan:
    """Counts calls; says at which one, and on which side of it, the process dies."""

    at: int = -1
    side: str = "before"
    calls: int = 0

    def next(self) -> str | None:
        """Count a call and say what becomes of it."""
        self.calls += 1
        return self.side if self.calls - 1 == self.at else None


class Interleaving:
    """Runs several callables with one taking a turn at a time, the order drawn from a seed.

    Each call of a port (wrapped by `port`) is one turn, so that a seed is one interleaving.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self._turns: dict[int, threading.Semaphore] = {}
        self._back = threading.Semaphore(0)
        self._local = threading.local()
        self.errors: list[BaseException] = []

    def port(self, port: object) -> Any:
        """Return the port with a turn taken before each call."""
        outer = self

        class Turning:
            def __getattr__(self, name: str) -> Any:
                found = getattr(port, name)
                if not callable(found):
                    return found

                def call(*arguments: Any) -> Any:
                    outer._wait()
                    return found(*arguments)

                return call

        return Turning()

    def run(self, *tasks: Callable[[], object]) -> None:
        """Run all tasks to their ends; what one raises is kept in `errors`."""
        living = []
        for number, task in enumerate(tasks):
            self._turns[number] = threading.Semaphore(0)
            thread = threading.Thread(target=self._live, args=(number, task), daemon=True)
            thread.start()
            living.append(number)
        self._done: set[int] = set()
        while living:
            number = self._random.choice(living)
            self._turns[number].release()
            self._back.acquire()
            living = [each for each in living if each not in self._done]

    def _live(self, number: int, task: Callable[[], object]) -> None:
        self._local.number = number
        self._turns[number].acquire()
        try:
            task()
        except BaseException as error:  # noqa: BLE001 - handed to the test, whatever it is
            self.errors.append(error)
        self._done.add(number)
        self._back.release()

    def _wait(self) -> None:
        self._back.release()
        self._turns[self._local.number].acquire()


@dataclass
class World:
    """A forum with its log: act, sequence, export."""

    forum: MemoryForum = field(default_factory=MemoryForum)
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    bundles: MemoryBundles = field(default_factory=MemoryBundles)
    anchors: MemoryObjects = field(default_factory=MemoryObjects)
    kept: MemoryObjects = field(default_factory=MemoryObjects)
    dossiers: "MemoryDossiers" = field(default_factory=lambda: MemoryDossiers())  # noqa: PLW0108
    clock: Clock = field(default_factory=Clock)
    signer: "RecordingSigner" = field(default_factory=lambda: RecordingSigner())  # noqa: PLW0108
    timestamper: Timestamper | None = None
    wrap: Callable[[Any], Any] = lambda port: port

    def sequence(self) -> Sequenced:
        """Sequence all that waits."""
        return self.sequencer().run(timedelta(minutes=1))

    def sequencer(self) -> Sequencer:
        """Return a sequencer on this world's stores."""
        return Sequencer(
            self.wrap(self.forum.table),
            self.wrap(self.objects),
            self.wrap(self.signer),
            ORIGIN,
            self.clock,
            self.wrap(self.anchors),
        )

    def exporter(self, now: Callable[[], datetime] | None = None) -> Exporter:
        """Return an exporter on this world's stores, an hour later."""
        return Exporter(
            table=self.wrap(self.forum.table),
            entries=self.wrap(self.forum.table),
            heads=self.wrap(self.forum),
            objects=self.wrap(self.objects),
            bundles=self.wrap(self.bundles),
            signer=self.wrap(self.signer),
            origin=ORIGIN,
            now=now or (lambda: self.forum.clock.at + timedelta(hours=1)),
            anchors=self.wrap(self.anchors),
            dossiers=self.wrap(self.dossiers),
            kept=self.wrap(self.kept),
            timestamper=self.timestamper and self.wrap(self.timestamper),
        )

    def order(self, start: datetime = BEGIN, end: datetime | None = None, **asked: Any) -> Order:
        """Return an order for a period, by default for all so far, requested now."""
        now = self.forum.clock.at
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        requested = now - timedelta(milliseconds=1)
        return Order("01" + "E" * 24, start, end or now, requested, **asked)

    def export(self, start: datetime = BEGIN, end: datetime | None = None) -> bytes:
        """Return the bundle of a period."""
        built = self.exporter().build(self.order(start, end))
        assert isinstance(built, Built), built
        return self.bundles.bundles[built.path]


def proof_of(world: World) -> tuple[LogReader, Published]:
    """Return the published log and its checkpoint, to prove from."""
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    published = log.published()
    assert published is not None
    return log, published


def assert_sound(world: World) -> None:
    """Hold the whole published log against what was done: nothing lost, doubled or out of order."""
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    published = log.published()
    assert published is not None
    size = published.checkpoint.size
    assert world.forum.table.state.size == size
    assert world.forum.table.pending == {}
    bodies = [body for run in log.bodies(0, size, size) for body in run]
    assert Frontier().extend(map(leaf_hash, bodies)).root() == published.checkpoint.root
    chains: dict[str, list[bytes]] = {}
    for index, body in enumerate(bodies):
        chains.setdefault(place_in_chain(body)[0], []).append(body)
        assert world.forum.table.index[decode(body).id] == index
    assert chains == world.forum.table.chains
    assert read_edge(world.forum.table.state.frontier, world.objects.get) is not None


@dataclass
class MemoryDossiers:
    """`Dossiers`: those of the cases that a test put together."""

    cases: dict[str, Dossier] = field(default_factory=dict)

    def of_case(self, case_id: str, *, protected: bool) -> Dossier | None:  # noqa: ARG002
        """Return the dossier."""
        return self.cases.get(case_id)


@dataclass
class RecordingSigner:
    """Signs, and keeps what it signed."""

    signed: list[str] = field(default_factory=list)

    @property
    def key(self) -> VerificationKey:
        """The test key."""
        return SIGNER.key

    def sign(self, message: bytes) -> bytes:
        """Sign and keep."""
        self.signed.append(message.decode())
        return SIGNER.sign(message)

    def roots(self) -> dict[int, set[str]]:
        """Return the roots that were signed for each size."""
        found: dict[int, set[str]] = {}
        for text in self.signed:
            _, size, root, *_ = text.split("\n")
            if size.isdecimal():
                found.setdefault(int(size), set()).add(root)
        return found
