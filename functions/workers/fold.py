"""Keeps the rows of the threads' list: a change of a post rings, the post itself is read again."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from functions.workers import journal
from functions.workers.events import (
    BatchAnswer,
    StreamRecord,
    failed_from,
    stream_records,
)
from moderation.change import UnitOfWork
from moderation.community.folding import FoldThread, Touch
from moderation.community.post import Post
from moderation.records import META

POSTS_AT_ONCE = 90
_POST, _THREAD = "POST#", "THREAD#"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with."""

    work: UnitOfWork


def handle(event: Mapping[str, Any], parts: Parts) -> BatchAnswer:
    """Fold a batch of changes, thread by thread; answers from where on to deliver it again."""
    records = stream_records(event)
    by_thread: dict[str, list[StreamRecord]] = defaultdict(list)
    for record in records:
        thread_id = thread_of(record)
        if thread_id is not None:
            by_thread[thread_id].append(record)
    failed: list[str] = []
    for thread_id, changes in by_thread.items():
        for some in batched(changes, POSTS_AT_ONCE):
            try:
                parts.work.run(FoldThread(thread_id, tuple(map(_touch, some))))
            except Exception as error:  # noqa: BLE001  (the outermost loop: others must go on)
                journal.failed("fold", thread_id, error)
                failed.append(some[0].sequence)
    journal.note("fold", records=len(records), threads=len(by_thread), failed=len(failed))
    return failed_from(records, failed)


def thread_of(record: StreamRecord) -> str | None:
    """The thread whose row a change may concern: one that lists or listed the post."""
    if not record.pk.startswith(_POST) or record.sk != META:
        return None
    for image in (record.new, record.old):
        if image is not None and image.list_pk is not None:
            return image.list_pk.removeprefix(_THREAD)
    return None


def _touch(record: StreamRecord) -> Touch:
    was_listed = record.old is not None and record.old.list_pk is not None
    return Touch(Post.at(record.pk.removeprefix(_POST)), was_listed)


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    from functions import wiring  # noqa: PLC0415  (nothing is put together at import)

    return handle(event, Parts(wiring.unit_of_work()))
