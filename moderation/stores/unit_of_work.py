"""Carries commands out: one strongly consistent read, a pure decision, one transaction.

Whatever a command reads must still be so when it writes; where it is not, it is read again and
decided anew. The audit entries and the idempotency record are part of the same transaction, so an
act without its entry, or an answer without its act, cannot come about by any crash.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pynamodb.exceptions import TransactWriteError

from moderation.change import Change, Command, Context, Idempotency, More, Seen
from moderation.errors import Unavailable
from moderation.records import Ref
from moderation.stores.chain import Notary
from moderation.stores.forum_table import ForumItem, connection_of
from moderation.stores.idempotency import reference_in
from moderation.stores.keys import remembered_key
from moderation.stores.outcome import (
    LostRaceError,
    StoreMisuseError,
    UnknownOutcomeError,
    raise_refused,
)
from moderation.stores.plan import Plan, Planner
from moderation.stores.snapshot import Snapshot

RETRIES = 3
ROUNDS = 8
BACKOFF_MS = 20
"""The longest first pause; it doubles with each retry, and a random part of it is waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionalUnitOfWork:
    """`moderation.change.UnitOfWork` on DynamoDB.

    `clock` gives aware UTC, `sleep` waits a number of milliseconds; both, like the ids and the
    randomness of the notary, are parameters so that every race can be replayed.
    """

    forum: type[ForumItem]
    audit_table: str
    notary: Notary
    clock: Callable[[], datetime]
    sleep_ms: Callable[[int], None]

    def read(self, *refs: Ref[Any]) -> Seen:
        """Read in one strongly consistent request (at most 100 refs)."""
        snapshot = Snapshot()
        snapshot.read(self.forum, refs)
        return snapshot.seen()

    def run[A](self, command: Command[A], idempotency: Idempotency | None = None) -> A:
        """Carry a command out and answer.

        A request whose key is known is not carried out again but answered from what it made.
        Raises what the command refuses with; Invalid for a key that stood for another request;
        Unavailable after three lost races, or where the store does not answer: then the same
        request with the same key finds out what became of it.
        """
        for retry in range(RETRIES + 1):
            if retry:
                self._back_off(retry)
            try:
                return self._attempt(command, idempotency, Snapshot(trusting=not retry))
            except LostRaceError:
                continue
        raise Unavailable("Too many others write this at the moment. Please try again.")

    def _attempt[A](
        self, command: Command[A], idempotency: Idempotency | None, snapshot: Snapshot
    ) -> A:
        context = Context(now=_whole_ms(self.clock()), new_id=self.notary.new_id)
        if idempotency is None:
            snapshot.read(self.forum, command.reads())
        else:
            key = remembered_key(idempotency.scope, idempotency.key)
            snapshot.read(self.forum, command.reads(), key)
            known = reference_in(snapshot.extra.get(key), idempotency, context.now)
            if known is not None:
                return self._recall(command, known, snapshot)
        change = self._decide(command, snapshot, context)
        planner = Planner(forum=self.forum, audit_table=self.audit_table, notary=self.notary)
        self._commit(planner.plan(change, snapshot, context.now, idempotency))
        return change.answer

    def _decide[A](self, command: Command[A], snapshot: Snapshot, context: Context) -> Change[A]:
        for _ in range(ROUNDS):
            decided = command.decide(snapshot.seen(), context)
            if isinstance(decided, Change):
                return decided
            self._read_more(decided, snapshot)
        raise StoreMisuseError(f"{type(command).__name__} is not done after {ROUNDS} reads")

    def _recall[A](self, command: Command[A], reference: Ref[Any], snapshot: Snapshot) -> A:
        snapshot.read(self.forum, (reference,))
        for _ in range(ROUNDS):
            answer = command.recall(reference, snapshot.seen())
            if not isinstance(answer, More):
                return answer
            self._read_more(answer, snapshot)
        raise StoreMisuseError(f"{type(command).__name__} is not done after {ROUNDS} reads")

    def _read_more(self, more: More, snapshot: Snapshot) -> None:
        snapshot.read(self.forum, more.refs)

    def _commit(self, plan: Plan) -> None:
        """Write under one token: what is sent again after a lost answer has effect once."""
        if not plan.labels:
            return
        token = self.notary.random_bytes(16).hex()
        for retry in range(RETRIES + 1):
            if retry:
                self._back_off(retry)
            try:
                self._send(plan, token)
            except UnknownOutcomeError:
                continue
            return
        raise Unavailable("The store does not answer. Please try again.")

    def _send(self, plan: Plan, token: str) -> None:
        try:
            connection_of(self.forum).transact_write_items(
                [dict(write.request) for write in plan.checks],
                [dict(write.request) for write in plan.deletes],
                [dict(write.request) for write in plan.puts],
                [],
                client_request_token=token,
            )
        except TransactWriteError as error:
            raise_refused(error, plan.labels)

    def _back_off(self, retry: int) -> None:
        longest_ms = BACKOFF_MS << retry
        self.sleep_ms(int.from_bytes(self.notary.random_bytes(2), "big") % longest_ms)


def _whole_ms(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
