"""No act without its entry: holds every write that leaves the process to the audit log's rule.

It knows nothing of the unit of work, only of what goes over the wire: a write to an audited subject
is part of a transaction that counts its `audit_rev` up by exactly the entries beside it, or it
changes nothing that an entry would be about.
"""

import json
from typing import Any, override

from tests.support.memory_dynamo import Hook, Images
from tests.support.memory_dynamo_expressions import Item
from tests.support.memory_dynamo_tables import primary_key

SUBJECTS = (
    "APPEAL",
    "BOARD",
    "CASE",
    "DISCLOSURE",
    "ERASURE",
    "EXPORT",
    "HOLD",
    "LOG",
    "MEMBER",
    "NOTICE",
    "POST",
    "RULESET",
    "SETTINGS",
    "STATEMENT",
)
AUTHORED = ("MEMBER", "POST")
"""Subjects that change without an entry too: by their authors, and when somebody first writes."""


class UnauditedWriteError(AssertionError):
    """A write that no entry answers for, or an entry that no write answers for."""


class AuditWatch(Hook):
    """A hook of the in-process DynamoDB."""

    @override
    def written(self, operation: str, request: dict[str, Any], images: Images) -> None:
        """Refuse what breaks the rule."""
        if operation != "TransactWriteItems":
            for key in filter(is_subject, images):
                raise UnauditedWriteError(f"{operation} of {key} outside a transaction")
            return
        entries: dict[tuple[str, int], bytes] = {}
        subjects: list[Item] = []
        for action in request["TransactItems"]:
            ((verb, body),) = action.items()
            key = primary_key(body.get("Item") or body["Key"])
            if key[0].startswith("S#"):
                entries[key[0].removeprefix("S#").lower(), int(key[1])] = body["Item"]["leaf"]["B"]
            elif is_subject(key) and verb != "ConditionCheck":
                if verb != "Put":
                    raise UnauditedWriteError(f"{verb} of the subject {key}")
                subjects.append(body["Item"])
        for item in subjects:
            _check(item, images[primary_key(item)], entries)
        if entries:
            raise UnauditedWriteError(f"entries without a write: {sorted(entries)}")


def _check(item: Item, held: Item | None, entries: dict[tuple[str, int], bytes]) -> None:
    """Hold one subject to the rule; takes its entries out."""
    name = primary_key(item)[0].lower()
    first, last = _rev(held) + 1, _rev(item)
    leaves = [entries.pop((name, rev), None) for rev in range(first, last + 1)]
    if None in leaves:
        raise UnauditedWriteError(f"{name} counts to {last} without an entry")
    if leaves and leaves[-1] != item["audit_head"]["B"]:
        raise UnauditedWriteError(f"the head of {name} is not its last entry")
    if not leaves and _rev(held) != last:
        raise UnauditedWriteError(f"{name} counts back to {last}")
    if not leaves and item["kind"]["S"] not in AUTHORED and state_of(held) != state_of(item):
        raise UnauditedWriteError(f"{name} changes without an entry")


def is_subject(key: tuple[str, str]) -> bool:
    """Whether an entry may be about the item with this key."""
    return key[1] == "META" and key[0].partition("#")[0] in SUBJECTS


def _rev(item: Item | None) -> int:
    return int((item or {}).get("audit_rev", {"N": "0"})["N"])


def state_of(item: Item | None) -> Any:
    """The document without display names and progress, which no entry is about."""
    if item is None:
        return None
    return json.loads(
        item["doc"]["S"],
        object_hook=lambda held: {
            name: value for name, value in held.items() if name not in ("name", "progress")
        },
    )
