"""What the sequencer takes next: entries that wait, each behind its predecessor.

An entry whose waiting marker is not sound stays where it is, and so does all that follows it of its
subject: a chain that is appended out of order cannot be put right any more, a marker can.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from moderation.audit.entry import BODY, leaf_hash
from moderation.audit.ports import LogTable, Pending

BATCH_LIMIT = 98
"""One transaction holds 100 writes: the head, and one deletion an entry."""

LOOK_LIMIT = 50 * BATCH_LIMIT
"""How many entries of a partition are read at most to get past those that are held back."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The entries to append next, in order, and the ids of waiting ones that are malformed.

    Malformed are those whose bytes are not what they claim.
    """

    entries: tuple[Pending, ...]
    malformed: tuple[str, ...]


def next_batch(table: LogTable) -> Batch:
    """Return what may be appended next, the oldest first: at most 98.

    What is held back stays at the front, and must not keep the rest from being seen: the table is
    read on until each partition has shown 98 others or all it has, or the limit is met.
    """
    limit = BATCH_LIMIT
    while True:
        look = _look(table.waiting(limit))
        if len(look.held) <= limit - BATCH_LIMIT or limit == LOOK_LIMIT:
            break
        limit = min(BATCH_LIMIT + 2 * len(look.held), LOOK_LIMIT)
    first = dict(list(look.sound.items())[:BATCH_LIMIT])
    # A query is no snapshot: an entry may be seen while its predecessor was missed.
    missed = _missed(table, first)
    last = _look([*missed, *(entry for entry, _ in first.values())]) if missed else look
    entries = [entry for entry, _ in last.sound.values()][:BATCH_LIMIT]
    return Batch(tuple(entries), tuple(sorted({*look.malformed, *last.malformed})))


@dataclass(frozen=True, slots=True)
class _Look:
    """Waiting entries by id: `sound` may be appended, each with its predecessor's id ("": first).

    `held` may not: the `malformed`, and whatever comes behind one of them.
    """

    sound: dict[str, tuple[Pending, str]]
    held: set[str]
    malformed: list[str]


def _look(waiting: Iterable[Pending]) -> _Look:
    """Tell them apart. Ids of a subject rise with its rev: predecessors come first."""
    look = _Look({}, set(), [])
    for entry in sorted(waiting, key=lambda entry: entry.id):
        previous = _previous(entry)
        if previous is None:
            look.malformed.append(entry.id)
        if previous is None or previous in look.held:
            look.held.add(entry.id)
        else:
            look.sound[entry.id] = entry, previous
    return look


def _missed(table: LogTable, seen: dict[str, tuple[Pending, str]]) -> list[Pending]:
    """Ask for each predecessor that was not seen, until none is found that waits."""
    found: dict[str, Pending] = {}
    asked: set[tuple[str, str]] = set()
    behind = list(seen.values())
    while (
        missing := {
            (entry.subject, previous)
            for entry, previous in behind
            if previous and previous not in seen and previous not in found
        }
        - asked
    ):
        asked |= missing
        fresh = table.waiting_for(sorted(missing))
        found |= {entry.id: entry for entry in fresh}
        behind = [(entry, _previous(entry) or "") for entry in fresh]
    return list(found.values())


def _previous(entry: Pending) -> str | None:
    """Return the id of the entry before it ("" for the first), None if the bytes are not sound.

    They must be a body, hash to the leaf, and belong to the id and the subject.
    """
    found = BODY.fullmatch(entry.body.decode("ascii", "replace"))
    if (
        found is None
        or (found["id"], found["subject"]) != (entry.id, entry.subject)
        or leaf_hash(entry.body) != entry.leaf
    ):
        return None
    return found["prev_id"] or ""
