"""One Query, one page: the only way in which a list is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from moderation.errors import Invalid
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import Key
from moderation.stores.outcome import reading

type Raw = Mapping[str, Mapping[str, str]]
"""An item as DynamoDB spells it; of a list's items only texts are read."""

LIMIT = 100
KEYS = ("pk", "sk")
RECORD = (*KEYS, "kind", "doc")
"""What is asked for of each item: half of the time a page takes goes into reading attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Which items are asked for: a partition of an index (None: of the table), in which order.

    `prefix` is what their sort keys begin with, `before` the place they stand in front of; at most
    one of the two, and only the latter in the index `work`.
    """

    partition: str
    index: Literal["list", "owner", "work"] | None = None
    descending: bool = False
    prefix: str | None = None
    before: str | None = None


def fetch(
    forum: type[ForumItem], wanted: Slice, limit: int, after: str | None
) -> tuple[list[Raw], str | None]:
    """Return at most `limit` items behind the position `after`, and the position they end at.

    Fewer may come where they are large (1 MB a request); only a position of None ends a list.
    Raises Invalid for a position that is none, Unavailable.
    """
    if not 1 <= limit <= LIMIT:
        raise Invalid(f"A page has 1 to {LIMIT} items.")
    pages = forum.query(
        wanted.partition,
        _range(wanted),
        index_name=wanted.index,
        limit=limit,
        scan_index_forward=not wanted.descending,
        attributes_to_get=list(KEYS if wanted.index == "work" else RECORD),
        last_evaluated_key=None if after is None else _start(wanted, after),
    ).page_iter
    with reading():
        page: Mapping[str, Any] = next(pages)
    last = page.get("LastEvaluatedKey")
    return page["Items"], None if last is None else _position(wanted, last)


def key_in(item: Raw) -> Key:
    """Return the key of an item in the table."""
    return Key(item["pk"]["S"], item["sk"]["S"])


def _range(wanted: Slice) -> Any:
    if wanted.prefix is not None:
        return ForumItem.sk.startswith(wanted.prefix)
    return None if wanted.before is None else ForumItem.work_sk < wanted.before


def _names(wanted: Slice) -> tuple[str, ...]:
    return ("sk",) if wanted.index is None else ("pk", "sk", f"{wanted.index}_sk")


def _partition_name(wanted: Slice) -> str:
    return "pk" if wanted.index is None else f"{wanted.index}_pk"


def _position(wanted: Slice, last: Raw) -> str:
    return json.dumps([last[name]["S"] for name in _names(wanted)], separators=(",", ":"))


def _start(wanted: Slice, after: str) -> dict[str, dict[str, str]]:
    names = _names(wanted)
    try:
        values = json.loads(after)
    except ValueError:
        values = None
    if not isinstance(values, list) or [type(value) for value in values] != [str] * len(names):
        raise Invalid("This list has no such position.", code="invalid-cursor")
    start = {name: {"S": value} for name, value in zip(names, values, strict=True)}
    return start | {_partition_name(wanted): {"S": wanted.partition}}
