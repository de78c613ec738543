"""Answered requests: a repeated one is answered again from the record the first one made.

An item holds a fingerprint and a reference, never a body, and counts until `expires_at`, not until
DynamoDB gets round to deleting it.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any

from moderation.change import Idempotency
from moderation.errors import Invalid
from moderation.records import Ref
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import Key, key_of, ref_of, remembered_key
from moderation.stores.kinds import REMEMBERED

LIFETIME = timedelta(hours=24)
REUSED = "idempotency-key-reused"


def remembered_item(
    forum: type[ForumItem], idempotency: Idempotency, reference: Ref[Any], at: datetime
) -> ForumItem:
    """Return the item that remembers a request answered at that time."""
    key = remembered_key(idempotency.scope, idempotency.key)
    answer = key_of(reference)
    return forum(
        pk=key.pk,
        sk=key.sk,
        kind=REMEMBERED,
        doc=f"{idempotency.fingerprint}|{answer.pk}|{answer.sk}",
        expires_at=at + LIFETIME,
    )


def reference_in(item: ForumItem | None, idempotency: Idempotency, at: datetime) -> Ref[Any] | None:
    """Return what a request was answered from, None where it is new or long ago.

    Raises Invalid `idempotency-key-reused` where the key stood for another request.
    """
    if item is None or item.expires_at is None or item.expires_at <= at:
        return None
    fingerprint, pk, sk = (item.doc or "").split("|")
    if not hmac.compare_digest(fingerprint, idempotency.fingerprint):
        raise Invalid("This Idempotency-Key was used for another request.", code=REUSED)
    return ref_of(Key(pk, sk))
