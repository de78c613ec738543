"""The `audit` table: its layout, known here alone."""

import hashlib
from collections.abc import Mapping

from moderation.audit.entry import Entry, encode, leaf_hash

type Item = dict[str, Mapping[str, str | bytes]]
"""An item as the DynamoDB API spells it: attribute name to typed value."""

PARTITIONS = 4
ENTRIES = "ENTRIES"
"""The one key of the index `log`, which lists all entries by id."""


def entry_key(subject: str, rev: int) -> tuple[str, str]:
    """Return (pk, sk) of the entry a subject's `rev` has."""
    return "S#" + subject.replace(":", "#", 1), f"{rev:010d}"


def pending_key(subject: str, entry_id: str) -> tuple[str, str]:
    """Return (pk, sk) of the marker that keeps an entry until it is sequenced.

    All entries of a subject wait in one partition, so that they are read in order of their ids.
    """
    partition = hashlib.sha256(subject.encode()).digest()[0] % PARTITIONS
    return f"PENDING#{partition}", entry_id


def entry_items(entry: Entry) -> tuple[Item, Item]:
    """Return the entry's item and its pending marker, both to be put only if absent.

    The unit of work writes them in the transaction that changes the subject. The plain copies of
    actor, action and time are for filters; what counts is the body.
    """
    body = encode(entry)
    leaf = leaf_hash(body)
    pk, sk = entry_key(entry.subject, entry.rev)
    text = body.decode()
    item: Item = {
        "pk": {"S": pk},
        "sk": {"S": sk},
        "body": {"S": text},
        "leaf": {"B": leaf},
        "entry_id": {"S": entry.id},
        "log_pk": {"S": ENTRIES},
        "log_sk": {"S": entry.id},
        "actor": {"S": entry.actor},
        "action": {"S": entry.action.value},
        "at": {"S": entry.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")},
    }
    pending_pk, pending_sk = pending_key(entry.subject, entry.id)
    pending: Item = {
        "pk": {"S": pending_pk},
        "sk": {"S": pending_sk},
        "ref": {"S": f"{pk}|{sk}"},
        "leaf": {"B": leaf},
        "body": {"S": text},
    }
    return item, pending
