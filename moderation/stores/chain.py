"""From acts to audit entries: a subject's entries form a chain, and the subject holds its head."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moderation.audit.actions import Action
from moderation.audit.canonical import canonical
from moderation.audit.entry import (
    NOTHING,
    SALT_BYTES,
    Entry,
    Via,
    encode,
    leaf_hash,
    payload_commitment,
    payload_salt,
    state_commitment,
)
from moderation.audit.pseudonym import pseudonym
from moderation.change import Act
from moderation.ids import after as next_after
from moderation.records import Ref
from moderation.stores.duty import state_json
from moderation.stores.kinds import Storable
from moderation.stores.outcome import StoreMisuseError

UNSTATED = "unstated"
"""The reason code of an act that gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notary:
    """What entries need from outside.

    `origin` names the log. `year_key` gives the pseudonym key of a year (32 bytes), `new_id` fresh
    ULIDs, `random_bytes` salts.
    """

    origin: str
    year_key: Callable[[int], bytes]
    new_id: Callable[[], str]
    random_bytes: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Where a subject's chain stands: acts counted, last leaf hash and id, and the salt."""

    salt: bytes
    state: str
    rev: int = 0
    head: bytes | None = None
    last_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """The entries of one command, and where each chain stands then."""

    entries: tuple[Entry, ...] = ()
    chains: dict[Ref[Any], Chain]


def chain_of(notary: Notary, before: Storable | None, salt: bytes | None = None) -> Chain:
    """Return the chain of a subject that has no entry yet; its salt is made where it has none."""
    fresh = salt or notary.random_bytes(SALT_BYTES)
    state = NOTHING if before is None else state_commitment(fresh, state_json(before))
    return Chain(salt=fresh, state=state)


def seal(
    notary: Notary,
    acts: Sequence[Act],
    chains: dict[Ref[Any], Chain],
    after: Mapping[Ref[Any], Storable],
    at: datetime,
) -> Sealed:
    """Make one entry for each act, in order; `chains` and `after` hold every subject of them.

    The first act on a subject carries it from the state before to the state after; a further one
    of the same command finds it there.
    """
    cause = notary.new_id()
    chains = dict(chains)
    entries: list[Entry] = []
    key = notary.year_key(at.year)
    for number, act in enumerate(acts, 1):
        chain = chains[act.subject]
        entry_id = _entry_id(act, chain, notary)
        salt = chain.salt
        if act.action is Action.PAYLOAD_ERASE:
            # The old salt is destroyed by being replaced: what it keyed binds nothing any more.
            salt = notary.random_bytes(SALT_BYTES)
        state = state_commitment(salt, state_json(after[act.subject]))
        entry = Entry(
            id=entry_id,
            at=at,
            origin=notary.origin,
            actor=pseudonym(key, act.actor.id),
            via=Via(act.via),
            action=act.action,
            subject=act.subject.subject,
            rev=chain.rev + 1,
            content=act.content,
            prev=NOTHING if chain.head is None else chain.head.hex(),
            prev_id=chain.last_id,
            part=(number, len(acts)),
            reason=act.reason or UNSTATED,
            rule=act.rule,
            before=chain.state,
            after=state,
            payload=_payload(act, entry_id, chain.salt),
            cause=cause,
        )
        entries.append(entry)
        head = leaf_hash(encode(entry))
        chains[act.subject] = replace(
            chain, salt=salt, rev=entry.rev, head=head, last_id=entry_id, state=state
        )
    return Sealed(entries=tuple(entries), chains=chains)


def _entry_id(act: Act, chain: Chain, notary: Notary) -> str:
    if act.entry_id is None:
        fresh = notary.new_id()
        return fresh if chain.last_id is None else next_after(chain.last_id, fresh)
    if chain.last_id is not None and act.entry_id <= chain.last_id:
        raise StoreMisuseError(
            f"the entry id given for {act.subject.subject} is not behind its last"
        )
    return act.entry_id


def _payload(act: Act, entry_id: str, salt: bytes) -> str | None:
    """The commitment to the personal fields; the fields themselves lie in the records."""
    if act.payload is None:
        return None
    return payload_commitment(payload_salt(salt, entry_id), canonical(act.payload))
