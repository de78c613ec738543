"""A record as compact JSON text and back: attribute `doc` of its item.

Fields that hold their default are left out, so a default, once stored, is never changed. Reading is
strict: a field or a value this version does not know was written by a newer one and is refused,
since writing the record back would lose it.
"""

from functools import cache
from types import GenericAlias
from typing import cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from moderation.stores.kinds import KIND_OF, RECORD_TYPES, Storable


class UnreadableError(RuntimeError):
    """An item that this version of the program cannot read. Says where, never what it holds."""


def encode(record: Storable) -> str:
    """Return the record's document: JSON without white space and without defaults."""
    document = _adapter(KIND_OF[type(record)]).dump_json((record,), exclude_defaults=True)
    return document[1:-1].decode()


def decode(kind: str, document: str) -> Storable:
    """Read a document of a kind; UnreadableError for whatever `encode` would not have written."""
    if kind not in RECORD_TYPES:
        raise UnreadableError(f"no kind of record: {kind}")
    try:
        (record,) = _adapter(kind).validate_json(f"[{document}]")
    except ValidationError as error:
        places = sorted({".".join(map(str, fault["loc"][1:])) for fault in error.errors()})
        raise UnreadableError(f"{kind} is not as this version knows it: {places}") from None
    return record


@cache
def _adapter(kind: str) -> TypeAdapter[tuple[Storable]]:
    """Build what reads and writes a kind, on first use: it takes milliseconds, and few are needed.

    The tuple is there because pydantic hands a configuration on to plain dataclasses from a
    container only.
    """
    shape = cast("type[tuple[Storable]]", GenericAlias(tuple, (RECORD_TYPES[kind],)))
    return TypeAdapter(shape, config=ConfigDict(extra="forbid", strict=True))
