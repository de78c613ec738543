"""The tables of the in-process DynamoDB: items by key, and sparse indexes kept with every write."""

from dataclasses import dataclass, field
from typing import Literal

from tests.support.memory_dynamo_expressions import Item, Value
from tests.support.meter import index_units

type PrimaryKey = tuple[str, str]

PARTITION_KEY_BYTES = 2048
SORT_KEY_BYTES = 1024
ITEM_BYTES = 400 * 1024


@dataclass(slots=True)
class Index:
    """A sparse index: who lacks one of its keys is not in it."""

    keys: tuple[str, str]
    projection: Literal["ALL", "KEYS_ONLY"]
    partitions: dict[str, dict[PrimaryKey, Item]] = field(default_factory=dict)

    def projected(self, item: Item | None) -> Item | None:
        """The entry an item has in the index."""
        if item is None or any(name not in item for name in self.keys):
            return None
        if self.projection == "ALL":
            return item
        return {name: item[name] for name in ("pk", "sk", *self.keys)}

    def move(self, before: Item | None, after: Item | None) -> int:
        """Follow one write of the table; returns the write units it costs here."""
        old, new = self.projected(before), self.projected(after)
        if old is not None:
            del self.partitions[old[self.keys[0]]["S"]][primary_key(old)]
        if new is not None:
            self.partitions.setdefault(new[self.keys[0]]["S"], {})[primary_key(new)] = new
        return index_units(old, new, self.keys)


@dataclass(slots=True)
class Table:
    """A table with the keys `pk` and `sk`, both texts."""

    indexes: dict[str, Index]
    partitions: dict[str, dict[str, Item]] = field(default_factory=dict)

    def get(self, key: PrimaryKey) -> Item | None:
        """The item of a key."""
        return self.partitions.get(key[0], {}).get(key[1])

    def write(self, key: PrimaryKey, after: Item | None) -> int:
        """Put or delete; returns the write units of the indexes."""
        before = self.get(key)
        if after is not None:
            self.partitions.setdefault(key[0], {})[key[1]] = after
        elif before is not None:
            del self.partitions[key[0]][key[1]]
        return sum(index.move(before, after) for index in self.indexes.values())

    def items(self) -> list[Item]:
        """Everything in the table, in order of its keys."""
        return [
            partition[sk]
            for _, partition in sorted(self.partitions.items())
            for sk in sorted(partition)
        ]


def primary_key(item: Item) -> PrimaryKey:
    """The key of an item in its table."""
    return item["pk"]["S"], item["sk"]["S"]


def complaint(table: Table, item: dict[str, Value]) -> str | None:
    """What DynamoDB has against storing an item, if anything."""
    for name, most in (("pk", PARTITION_KEY_BYTES), ("sk", SORT_KEY_BYTES)):
        if "S" not in item.get(name, {}) or not 0 < len(item[name]["S"].encode()) <= most:
            return f"the key {name} is missing, of another type, empty or too long"
    for index in table.indexes.values():
        for name in index.keys:
            if name in item and not item[name].get("S"):
                return f"the index key {name} is of another type or empty"
    return None


def forum_table() -> Table:
    """An empty `forum` table as `infra/resources/tables.json` makes it."""
    return Table(
        {
            "list": Index(("list_pk", "list_sk"), "ALL"),
            "owner": Index(("owner_pk", "owner_sk"), "ALL"),
            "work": Index(("work_pk", "work_sk"), "KEYS_ONLY"),
        }
    )


def audit_table() -> Table:
    """An empty `audit` table."""
    return Table({"log": Index(("log_pk", "log_sk"), "ALL")})
