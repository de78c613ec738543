"""Keeps what is derived: the rows of the threads' list, and the tallies of the rules.

A change only rings; what it is about is read again, so that nothing hangs on the order.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from functions.wiring import tables
from functions.workers import journal
from functions.workers.events import (
    BatchAnswer,
    StreamRecord,
    failed_from,
    stream_records,
)
from moderation.change import Command, UnitOfWork
from moderation.community.folding import FoldThread, Touch
from moderation.community.post import Post
from moderation.records import META
from moderation.rulesets.tallying import CountCase, CountShadowHits

POSTS_AT_ONCE = 90
_POST, _THREAD, _CASE, _SHADOW = "POST#", "THREAD#", "CASE#", "SHADOW#"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with."""

    work: UnitOfWork


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to bring up to date: its name, how, and the change that rang first for it."""

    name: str
    command: Command[Any]
    sequence: str


def handle(event: Mapping[str, Any], parts: Parts) -> BatchAnswer:
    """Fold a batch of changes; answers from where on to deliver it again."""
    records = stream_records(event)
    work = [*_threads(records), *_counts(records)]
    failed: list[str] = []
    for each in work:
        try:
            parts.work.run(each.command)
        except Exception as error:  # noqa: BLE001  (the outermost loop: others must go on)
            journal.failed("fold", each.name, error)
            failed.append(each.sequence)
    journal.note("fold", records=len(records), folded=len(work), failed=len(failed))
    return failed_from(records, failed)


def _threads(records: tuple[StreamRecord, ...]) -> Iterator[Work]:
    by_thread: dict[str, list[StreamRecord]] = defaultdict(list)
    for record in records:
        thread_id = thread_of(record)
        if thread_id is not None:
            by_thread[thread_id].append(record)
    for thread_id, changes in by_thread.items():
        for some in batched(changes, POSTS_AT_ONCE):
            command = FoldThread(thread_id, tuple(map(_touch, some)))
            yield Work(thread_id, command, some[0].sequence)


def _counts(records: tuple[StreamRecord, ...]) -> Iterator[Work]:
    """Each case once, however often it changed, and each revision that a rule in shadow hit."""
    rung: set[tuple[str, str]] = set()
    for record in records:
        key = record.pk, record.sk
        if key in rung or record.new is None:
            continue
        if record.pk.startswith(_CASE) and record.sk == META:
            rung.add(key)
            case_id = record.pk.removeprefix(_CASE)
            yield Work(case_id, CountCase(case_id), record.sequence)
        elif record.pk.startswith(_POST) and record.sk.startswith(_SHADOW):
            rung.add(key)
            post_id, revision = record.pk.removeprefix(_POST), int(record.sk.removeprefix(_SHADOW))
            yield Work(post_id, CountShadowHits(post_id, revision), record.sequence)


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
    return handle(event, Parts(tables.unit_of_work()))
