"""What lies in the tables, in a form in which two runs can be compared.

Ids made during a run, salts and hashes differ from run to run and mean the same; they are left out,
and so is what is kept of answered requests.
"""

import json
import re
from collections import Counter
from typing import Any

from tests.support.memory_dynamo import MemoryDynamo
from tests.support.memory_dynamo_expressions import Item

type State = Counter[str]

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_HASH = re.compile(r"[0-9a-f]{32,}")
_ENUM = re.compile(r"<[A-Za-z]+\.[A-Z_]+: ('[^']*')>")
_INSTANT = re.compile(r"datetime\.datetime\([^()]*\)|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")
_UNSTABLE = ("audit_head", "audit_id", "salt", "leaf", "carries")


def ids_in(engine: MemoryDynamo) -> frozenset[str]:
    """All ids there are."""
    return frozenset(
        found
        for table in engine.tables.values()
        for item in table.items()
        for found in _ULID.findall(_text(item))
    )


def state_of(engine: MemoryDynamo, known: frozenset[str]) -> State:
    """Every item as text, ids that are not `known` made alike."""
    return Counter(
        plain(_text(item), known)
        for table in engine.tables.values()
        for item in table.items()
        if item.get("kind", {}).get("S") != "IDEM"
    )


def plain(text: str, known: frozenset[str]) -> str:
    """A text without what differs from run to run."""
    text = _ULID.sub(lambda found: found[0] if found[0] in known else "<new>", text)
    text = _ENUM.sub(r"\1", _HASH.sub("<hash>", text))
    return text.replace("TzInfo(0)", "datetime.timezone.utc")


def timeless(text: str) -> str:
    """A text without its instants, for what depends on when a clock was looked at."""
    return _INSTANT.sub("<time>", text)


def _text(item: Item) -> str:
    kept: dict[str, Any] = {name: item[name] for name in sorted(item) if name not in _UNSTABLE}
    if kept["pk"]["S"].startswith("PENDING#"):
        kept["pk"] = {"S": "PENDING"}
    return json.dumps(kept, ensure_ascii=False, default=repr)
