"""Has posts scored, and records what the scorer says; where it never answers, a human reads.

Never silently open: a post stays marked unchecked until its score, or a case in its place, has been
written. A message that fails is received again after the queue's visibility timeout; at the fourth
time the post goes to a human, before the queue gives the message up at the fifth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.workers import journal
from functions.workers.events import BatchAnswer, QueueRecord, failed_messages, queue_records
from moderation.cases.house_rules import HouseRules
from moderation.cases.scoring import RecordScore
from moderation.change import UnitOfWork
from moderation.community.post import Post
from moderation.community.unscored import unscored
from moderation.detection.verdict import Verdict

RECEIVES_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with; `score` raises where the scorer does not answer."""

    work: UnitOfWork
    score: Callable[[Post], Verdict]
    rules: HouseRules


def handle(event: Mapping[str, Any], parts: Parts) -> BatchAnswer:
    """Score each post of a batch; answers which messages are to be delivered again."""
    records = queue_records(event)
    failed: list[str] = []
    for record in records:
        try:
            _score(record, parts)
        except Exception as error:  # noqa: BLE001  (the outermost loop: others must go on)
            journal.failed("score", record.message_id, error)
            failed.append(record.message_id)
    journal.note("score", records=len(records), failed=len(failed))
    return failed_messages(failed)


def _score(record: QueueRecord, parts: Parts) -> None:
    ref = Post.at(record.field("post"))
    post = parts.work.read(ref).get(ref)
    if post is None or not post.unchecked:
        return
    try:
        verdict = parts.score(post)
    except Exception as error:
        if record.receives < RECEIVES_AT_MOST:
            raise
        journal.failed("score", ref.subject, error)
        verdict = unscored(post.language)
    parts.work.run(
        RecordScore(post_id=post.id, revision=post.revision, verdict=verdict, rules=parts.rules)
    )


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    from functions import wiring  # noqa: PLC0415  (nothing is put together at import)

    return handle(event, Parts(wiring.unit_of_work(), wiring.score(), wiring.house_rules()))
