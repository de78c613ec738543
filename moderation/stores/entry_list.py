"""`moderation.compliance.entry_list.EntryList` over the `audit` table.

Entries of one subject are its partition; all others come by the index `log`, whose sort key is the
entry's id and so its time. What else a filter asks is compared by DynamoDB while it reads.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from moderation.audit.entry import time_text
from moderation.compliance.entry_list import EntryFilter, ListedEntry
from moderation.errors import Unavailable
from moderation.ids import RANDOM_BITS, encode
from moderation.ports import Page
from moderation.stores.audit_table import ENTRIES, entry_key

REQUESTS_MOST = 4
"""How often one page may ask on where a filter drops most of what is read (1 MB a request)."""

CLOCK_SKEW = timedelta(minutes=5)
"""An id may be a little later than its entry's `at`: a subject's ids rise whatever clocks do."""

KEY_NAMES = ("pk", "sk", "log_pk", "log_sk")


class QueryClient(Protocol):
    """What is used of a botocore client for DynamoDB."""

    def query(self, **arguments: Any) -> Mapping[str, Any]:
        """One Query."""
        ...


@dataclass(frozen=True, slots=True)
class TableEntryList:
    """The list. `client` is asked for when it is needed; `places` gives indexes by entry id."""

    client: Callable[[], QueryClient]
    table: str
    places: Callable[[Sequence[str]], Mapping[str, int]]

    def entries(self, wanted: EntryFilter, limit: int, after: str | None) -> Page[ListedEntry]:
        """A page of entries, newest first. Raises Unavailable."""
        arguments = _Arguments(wanted).made(self.table)
        if not arguments.get("FilterExpression"):
            arguments["Limit"] = limit
        found: list[Mapping[str, Any]] = []
        last: Mapping[str, Any] | None = json.loads(after) if after is not None else None
        for _ in range(REQUESTS_MOST):
            start = {} if last is None else {"ExclusiveStartKey": last}
            answer = self._query({**arguments, **start})
            found += answer["Items"]
            last = answer.get("LastEvaluatedKey")
            if last is None or len(found) >= limit:
                break
        if len(found) > limit:
            found = found[:limit]
            last = {name: found[-1][name] for name in KEY_NAMES if name in _names(wanted)}
        position = None if last is None else json.dumps(last, separators=(",", ":"))
        return Page(self._listed(found), position)

    def _listed(self, items: list[Mapping[str, Any]]) -> tuple[ListedEntry, ...]:
        places = self.places([item["entry_id"]["S"] for item in items]) if items else {}
        return tuple(
            ListedEntry(item["body"]["S"].encode(), places.get(item["entry_id"]["S"]))
            for item in items
        )

    def _query(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return self.client().query(**arguments)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The store does not answer. Please try again.") from error


def _names(wanted: EntryFilter) -> tuple[str, ...]:
    return KEY_NAMES if wanted.subject is None else KEY_NAMES[:2]


@dataclass(slots=True)
class _Arguments:
    """The arguments of a Query, gathered condition by condition."""

    wanted: EntryFilter
    conditions: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def made(self, table: str) -> dict[str, Any]:
        key = self._key()
        self._filter()
        arguments: dict[str, Any] = {
            "TableName": table,
            "KeyConditionExpression": key,
            "ExpressionAttributeNames": self.names,
            "ExpressionAttributeValues": self.values,
            "ScanIndexForward": False,
        }
        if self.wanted.subject is None:
            arguments["IndexName"] = "log"
        if self.conditions:
            arguments["FilterExpression"] = " AND ".join(self.conditions)
        return arguments

    def _key(self) -> str:
        if self.wanted.subject is not None:
            self.names["#pk"] = "pk"
            return f"#pk = {self._value(entry_key(self.wanted.subject, 0)[0])}"
        self.names |= {"#pk": "log_pk", "#sk": "log_sk"}
        low = _ulid(self.wanted.start) if self.wanted.start else encode(0)
        high = _ulid(self.wanted.end + CLOCK_SKEW) if self.wanted.end else encode((1 << 128) - 1)
        return (
            f"#pk = {self._value(ENTRIES)} AND #sk BETWEEN {self._value(low)} "
            f"AND {self._value(high)}"
        )

    def _filter(self) -> None:
        wanted = self.wanted
        if wanted.actors is not None:
            listed = ", ".join(self._value(actor) for actor in wanted.actors)
            self._condition("actor", f"IN ({listed})")
        if wanted.action is not None:
            self._condition("action", f"= {self._value(wanted.action)}")
        if wanted.start is not None:
            self._condition("at", f">= {self._value(time_text(wanted.start))}")
        if wanted.end is not None:
            self._condition("at", f"< {self._value(time_text(wanted.end))}")

    def _condition(self, name: str, comparison: str) -> None:
        self.names[f"#{name}"] = name
        self.conditions.append(f"#{name} {comparison}")

    def _value(self, text: str) -> str:
        name = f":v{len(self.values)}"
        self.values[name] = {"S": text}
        return name


def _ulid(at: datetime) -> str:
    return encode(max(0, round(at.timestamp() * 1000)) << RANDOM_BITS)
