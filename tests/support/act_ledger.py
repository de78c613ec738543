"""Every change of an audited subject beside every entry, as they went over the wire.

It knows nothing of commands and of the unit of work: a subject has changed where its document did,
and an entry is an item of the log's table. Display names and progress are no part of a document,
but what its author may change without an entry (posts, members) may be erased with one.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, override

from tests.support.audit_watch import AUTHORED, is_subject, state_of
from tests.support.memory_dynamo import Hook, Images
from tests.support.memory_dynamo_tables import primary_key

type Name = str
"""A subject as the log names it: `post:01…`."""


@dataclass(slots=True)
class ActLedger(Hook):
    """Notes each transaction that touched a subject; what else is written is not its business."""

    actions: list[str] = field(default_factory=list)
    causes: list[list[str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @override
    def written(self, operation: str, request: dict[str, Any], images: Images) -> None:
        """Hold one write to the rule: as many entries as subjects that changed, one each."""
        if operation != "TransactWriteItems":
            return
        changed, authored = set[Name](), set[Name]()
        entries: Counter[Name] = Counter()
        actions: list[str] = []
        for action in request["TransactItems"]:
            item = action.get("Put", {}).get("Item")
            if item is None:
                continue
            key = primary_key(item)
            if key[0].startswith("S#"):
                entries[_name(key[0].removeprefix("S#"))] += 1
                actions.append(item["action"]["S"])
            elif is_subject(key) and (images[key] or {}).get("doc") != item["doc"]:
                name = _name(key[0])
                if key[0].partition("#")[0] in AUTHORED:
                    authored.add(name)
                elif state_of(images[key]) != state_of(item):
                    changed.add(name)
        self._judge(changed, authored, entries)
        self.actions += actions
        if actions:
            self.causes.append(actions)

    def _judge(self, changed: set[Name], authored: set[Name], entries: Counter[Name]) -> None:
        twice = [name for name, number in entries.items() if number > 1]
        silent = changed - entries.keys()
        idle = entries.keys() - changed - authored
        self.faults += [f"{name} has two entries for one change" for name in twice]
        self.faults += [f"{name} changes without an entry" for name in sorted(silent)]
        self.faults += [f"an entry on {name}, which does not change" for name in sorted(idle)]


def _name(key: str) -> Name:
    return key.replace("#", ":", 1).lower()
