"""Idempotency keys: whose they are, and which request they stand for.

A key counts within its scope: the member's own; for a notifier, their notice; for the public, the
client's address. Two callers with one key never meet, so no answer to one reaches the other.
"""

import re
from typing import Protocol

from functions.api.errors import Malformed
from functions.keyring import Keyring
from moderation.actor import Actor
from moderation.audit.canonical import canonical
from moderation.change import Idempotency
from schemas.strict import Request

HEADER = "Idempotency-Key"
MISSING = "idempotency-key-missing"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", re.ASCII)


class Sent(Protocol):
    """What of a request the fingerprint covers."""

    @property
    def method(self) -> str: ...  # noqa: D102
    @property
    def target(self) -> str: ...  # noqa: D102
    @property
    def if_match(self) -> str | None: ...  # noqa: D102


def scope_of(actor: Actor | None, notice_id: str | None, address: str) -> str:
    """Whose keys these are. `address` is the keyed digest of a public caller's."""
    if actor is not None:
        return actor.id
    return f"notice-{notice_id}" if notice_id else f"public-{address}"


def idempotency_of(
    keyring: Keyring, key: str | None, *, scope: str, sent: Sent, body: Request, required: bool
) -> Idempotency | None:
    """The key with the digest of its request: method, path, `If-Match`, canonical body.

    None where no key was sent and none is required. Raises Malformed for a missing or odd key.
    """
    if key is None:
        if required:
            raise Malformed(f"This needs {HEADER}: a UUID.", code=MISSING)
        return None
    lowered = key.lower()
    if not _UUID.match(lowered):
        raise Malformed(f"{HEADER} must be a UUID.")
    said = canonical(body.model_dump(mode="json", by_alias=True, exclude_unset=True))
    parts = (sent.method, sent.target, sent.if_match or "")
    fingerprint = keyring.fingerprint(*(part.encode() for part in parts), said)
    return Idempotency(scope, lowered, fingerprint)
