"""The log's rows as the person they are about may read them: what was done, not why or by whom."""

from collections.abc import Callable, Sequence

from moderation.audit.entry import Entry, decode, leaf_hash
from moderation.compliance.entry_list import ListedEntry
from schemas.own_data import OwnEntryView

YOU = "you"


def own_entries(
    listed: Sequence[ListedEntry], is_me: Callable[[int, str], bool]
) -> list[OwnEntryView]:
    """Rows on one thing, newest first; `is_me` knows the reader by the year and the pseudonym.

    The year's pseudonyms stay inside: with them people could be followed from thing to thing, and
    from one reader's rows to another's.
    """
    entries = [decode(each.body) for each in listed]
    names = _names(entries, is_me)
    return [
        OwnEntryView(
            id=entry.id,
            index=each.index,
            at=entry.at,
            action=entry.action.value,
            subject=entry.subject,
            content=entry.content,
            via=entry.via.value,
            by=names[entry.actor],
            leaf=leaf_hash(each.body).hex(),
        )
        for each, entry in zip(listed, entries, strict=True)
    ]


def _names(entries: Sequence[Entry], is_me: Callable[[int, str], bool]) -> dict[str, str]:
    """What each pseudonym is called here: the reader, and the others in the order they came."""
    others: list[str] = []
    names: dict[str, str] = {}
    for entry in reversed(entries):
        if entry.actor in names:
            continue
        if is_me(entry.at.year, entry.actor):
            names[entry.actor] = YOU
        else:
            others.append(entry.actor)
            names[entry.actor] = str(len(others))
    return names
