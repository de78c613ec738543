"""From a change to the ordered list of conditioned writes of one transaction.

The order is the one PynamoDB sends (checks, deletes, puts), so that the reasons of a cancelled
transaction can be matched one to one. Puts: the records as the command names them, then
each entry with its pending marker, and the idempotency record last.

A case that was found by its guard is written only while the guard stands: it was read after the
guard, and may have been decided in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from moderation.audit.entry import Entry
from moderation.change import Change, Idempotency
from moderation.records import Ref
from moderation.stores.audit_table import entry_items
from moderation.stores.carried import carrying
from moderation.stores.chain import Chain, Notary, Sealed, chain_of, seal
from moderation.stores.duty import AUDITED, owes_entry
from moderation.stores.forum_table import ForumItem
from moderation.stores.idempotency import remembered_item
from moderation.stores.keys import Key, key_of
from moderation.stores.kinds import Storable
from moderation.stores.outcome import LostRaceError, StoreMisuseError
from moderation.stores.snapshot import Snapshot
from moderation.stores.stored import Stored, as_read, item_of

ACTIONS_LIMIT = 100
IF_ABSENT = "if absent"
IF_AS_READ = "if as read"

type Request = Mapping[str, Any]
"""One action of a TransactWriteItems, as botocore takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One action: what it does in words (for goldens and errors), and the request itself."""

    label: str
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All actions of one transaction, in the order they are sent."""

    checks: tuple[Write, ...]
    deletes: tuple[Write, ...]
    puts: tuple[Write, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The actions in words, in order."""
        return tuple(write.label for write in (*self.checks, *self.deletes, *self.puts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Makes plans for one pair of tables."""

    forum: type[ForumItem]
    audit_table: str
    notary: Notary

    def plan(
        self,
        change: Change[Any],
        snapshot: Snapshot,
        at: datetime,
        idempotency: Idempotency | None,
    ) -> Plan:
        """Return the writes of a change; StoreMisuseError where it breaks a rule of the store."""
        puts = {record.ref: cast("Storable", record) for record in change.puts}
        self._refuse_misuse(change, puts, snapshot)
        sealed = self._seal(change, puts, snapshot, at)
        written = puts.keys() | set(change.deletes)
        after = {
            ref: _after(record, snapshot.stored.get(ref), sealed.chains.get(ref))
            for ref, record in puts.items()
        }
        known = {**snapshot.stored, **after}
        guards = filter(None, map(snapshot.guarding, puts.values()))
        plan = Plan(
            checks=tuple(
                self._guard("check", ref, snapshot)
                for ref in dict.fromkeys((*change.checks, *guards))
                if ref not in written
            ),
            deletes=tuple(self._guard("delete", ref, snapshot) for ref in change.deletes),
            puts=(
                *(
                    self._put_item(
                        item_of(self.forum, carrying(new, known)), snapshot.stored.get(ref)
                    )
                    for ref, new in after.items()
                ),
                *(write for entry in sealed.entries for write in self._put_entry(entry)),
                *self._remember(change, idempotency, at),
            ),
        )
        if len(plan.labels) > ACTIONS_LIMIT:
            raise StoreMisuseError(f"{len(plan.labels)} writes, {ACTIONS_LIMIT} are the limit")
        return plan

    def _refuse_misuse(
        self, change: Change[Any], puts: Mapping[Ref[Any], Storable], snapshot: Snapshot
    ) -> None:
        if len(puts) != len(change.puts) or not puts.keys().isdisjoint(change.deletes):
            raise StoreMisuseError("a record is written twice")
        acted_on = {act.subject for act in change.acts}
        for subject in acted_on:
            if not isinstance(puts.get(subject), AUDITED):
                raise StoreMisuseError(f"an act on {subject.subject}, which is not written")
        for ref, record in puts.items():
            stored = snapshot.stored.get(ref)
            if ref not in acted_on and owes_entry(stored.record if stored else None, record):
                raise StoreMisuseError(f"{ref.subject} changes without an act")

    def _seal(
        self,
        change: Change[Any],
        puts: Mapping[Ref[Any], Storable],
        snapshot: Snapshot,
        at: datetime,
    ) -> Sealed:
        if not change.acts:
            return Sealed(chains={})
        chains = {act.subject: self._chain(snapshot.stored.get(act.subject)) for act in change.acts}
        return seal(self.notary, change.acts, chains, puts, at)

    def _chain(self, stored: Stored | None) -> Chain:
        if stored is None:
            return chain_of(self.notary, None)
        chain = chain_of(self.notary, stored.record, stored.salt)
        return replace(chain, rev=stored.audit_rev, head=stored.audit_head, last_id=stored.audit_id)

    def _put_item(self, item: ForumItem, before: Stored | None = None) -> Write:
        words = IF_ABSENT if before is None else IF_AS_READ
        return Write(
            label=f"put {Key(item.pk, item.sk)} {words}",
            request=item.get_save_kwargs_from_instance(as_read(before)),
        )

    def _put_entry(self, entry: Entry) -> tuple[Write, ...]:
        return tuple(
            Write(
                label=f"put {Key(str(item['pk']['S']), str(item['sk']['S']))} {IF_ABSENT}",
                request={
                    "TableName": self.audit_table,
                    "Item": item,
                    "ConditionExpression": "attribute_not_exists(pk)",
                },
            )
            for item in entry_items(entry)
        )

    def _remember(
        self, change: Change[Any], idempotency: Idempotency | None, at: datetime
    ) -> tuple[Write, ...]:
        if idempotency is None:
            return ()
        if change.reference is None:
            raise StoreMisuseError("a request with a key needs a record to be answered from again")
        item = remembered_item(self.forum, idempotency, change.reference, at)
        free = ForumItem.pk.does_not_exist() | (ForumItem.expires_at <= at)
        return (
            Write(
                label=f"put {Key(item.pk, item.sk)} if absent or expired",
                request=item.get_save_kwargs_from_instance(free),
            ),
        )

    def _guard(self, verb: str, ref: Ref[Any], snapshot: Snapshot) -> Write:
        if ref not in snapshot.stored:
            raise StoreMisuseError(f"{key_of(ref)} was not read, so nothing is known of it")
        stored = snapshot.stored[ref]
        if stored is None and verb == "delete" and snapshot.rounds > 1:
            # The case was read while it was open, its guard after somebody had decided.
            raise LostRaceError(f"{key_of(ref)} is gone")
        if stored is None and verb == "delete":
            raise StoreMisuseError(f"{key_of(ref)} is not there to be deleted")
        if stored is not None and verb == "delete" and isinstance(stored.record, AUDITED):
            raise StoreMisuseError(f"{ref.subject} is never deleted: that is a state")
        key = key_of(ref)
        return Write(
            label=f"{verb} {key} {IF_ABSENT if stored is None else IF_AS_READ}",
            request=self.forum.get_operation_kwargs_from_class(*key, as_read(stored)),
        )


def _after(record: Storable, before: Stored | None, chain: Chain | None) -> Stored:
    """The record as it will lie in the table: written once more, its chain where it stands then."""
    if before is None:
        after = Stored(record=record, version=1)
    else:
        after = replace(before, record=record, version=before.version + 1)
    if chain is None:
        return after
    return replace(
        after,
        audit_rev=chain.rev,
        audit_head=chain.head,
        audit_id=chain.last_id,
        salt=chain.salt,
    )
