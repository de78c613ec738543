"""Where the contract ring runs: in this process, or on an engine that the ring has started.

A place gives out what the ports need: empty tables, a bucket, keys, a queue, a mailbox, a topic.
Each is a new one, so that no two tests meet. In this process they are the fakes that the other
rings use; a port without a wire behind it (queue, mailer, alarm) is the port's own fake there.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from moderation.errors import Unavailable
from moderation.ports import Alarm, Mailer, Queue
from tests.support.forum_stream import FakeQueue, ForumStream
from tests.support.memory_aws import MemoryKms, MemoryS3
from tests.support.post_office import FakeAlarm, FakeMailer
from tests.support.stack import Stack

DEAD_LETTER_BOX = "gone@example.com"


type Change = dict[str, Any]
"""A record of a stream: `eventName`, and in `dynamodb` the keys and both images."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket as a test looks into it: whole objects by key, and uploads that have not ended."""

    client: Any
    name: str
    held: Callable[[], dict[str, bytes]]
    uploads: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Outlet[P]:
    """A port, the same port with nothing behind it, and what came out at the far end so far."""

    port: P
    broken: P
    taken: Callable[[], list[Any]]


class Place(Protocol):
    """One place."""

    name: str

    def stack(self, *, watched: bool = True) -> AbstractContextManager[Stack]:
        """Empty tables; every request is metered, hooked, and compared where there are two."""

    def bare_stack(self) -> AbstractContextManager[Stack]:
        """Empty tables with nothing between them and the stores: requests come at once."""

    def stream(self, stack: Stack) -> Callable[[int], list[Change]]:
        """The stream of `forum` from here on: waits for so many changes, then gives all."""

    def expired(self) -> list[Change]:
        """What a stream has shown of an item once it has expired and gone; may take a minute."""

    def bucket(self) -> Bucket:
        """An empty bucket."""

    def key(self, spec: str) -> tuple[Any, str]:
        """A KMS client and a new signing key of that kind."""

    def queue(self) -> Outlet[Queue]:
        """An empty queue; JSON texts come out."""

    def mailer(self) -> Outlet[Mailer]:
        """A mailer; (to, subject, text) come out. The broken one sends none to DEAD_LETTER_BOX."""

    def alarm(self) -> Outlet[Alarm]:
        """An alarm with somebody listening; (subject, text) come out."""


class MemoryPlace:
    """This process."""

    name = "memory"

    @contextmanager
    def stack(self, *, watched: bool = True) -> Iterator[Stack]:
        """The in-process DynamoDB."""
        yield Stack.fresh(watched=watched)

    @contextmanager
    def bare_stack(self) -> Iterator[Stack]:
        """The same: it does one request at a time anyway."""
        yield Stack.fresh()

    def stream(self, stack: Stack) -> Callable[[int], list[Change]]:
        """By the hook that the workers' tests take their events from."""
        hook = ForumStream(stack.engine.tables["forum"])
        stack.engine.hooks.append(hook)
        return lambda _: hook.records

    def expired(self) -> list[Change]:
        """Nothing expires here."""
        return []

    def bucket(self) -> Bucket:
        """S3 in this process."""
        store = MemoryS3()

        def held() -> dict[str, bytes]:
            return {key.removeprefix("/b/"): body for key, body in store.objects.items()}

        return Bucket(store.client(), "b", held, lambda: len(store.uploads))

    def key(self, spec: str) -> tuple[Any, str]:
        """KMS in this process."""
        private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
        if spec == "ECC_NIST_EDWARDS25519":
            private = ed25519.Ed25519PrivateKey.generate()
        else:
            private = ec.generate_private_key(ec.SECP256R1())
        return MemoryKms(private, spec).client(), "key"

    def queue(self) -> Outlet[Queue]:
        """The port's fake."""
        whole = FakeQueue()
        return Outlet(whole, FakeQueue(down=Unavailable("down")), lambda: list(whole.sent))

    def mailer(self) -> Outlet[Mailer]:
        """The port's fake."""
        whole = FakeMailer()
        return Outlet(whole, FakeMailer(dead={DEAD_LETTER_BOX}), lambda: list(whole.sent))

    def alarm(self) -> Outlet[Alarm]:
        """The port's fake."""
        whole = FakeAlarm()
        return Outlet(whole, FakeAlarm(down=True), lambda: list(whole.raised))
