"""Daily anchors: each day's first checkpoint, kept where nobody can change it (S3 Object Lock).

A log that was rewritten later no longer agrees with the anchors of the days before.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from moderation.audit.checkpoint import parse_checkpoint
from moderation.audit.note import parse_note
from moderation.audit.ports import ObjectStore

DAY = timedelta(days=1)


def anchor_path(day: date) -> str:
    """Return where the anchor of a day (UTC) stands."""
    return day.isoformat()


def anchors_of(
    objects: ObjectStore, first: date, end: date, begin_index: int, end_index: int
) -> Iterator[tuple[str, bytes]]:
    """Yield (name, note) of the anchors of the days first ≤ day < end that fall into a range.

    Those are the ones whose tree size an export of [begin_index, end_index) passes. The notes are
    handed on as they are: whether they hold is for the verifier to say.
    """
    day = first
    while day < end:
        found = objects.get_tagged(anchor_path(day))
        if found is not None:
            size = parse_checkpoint(parse_note(found[0]).text).size
            if begin_index < size <= end_index:
                yield anchor_path(day), found[0]
        day += DAY
