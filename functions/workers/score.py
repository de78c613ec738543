"""Has posts scored, and records what the scorer says; where it never answers, a human reads.

Never silently open: a post stays marked unchecked until its score, or a case in its place, has been
written. A message that fails comes again after longer and longer times; at its fourth receipt the
scorer is not asked any more and the post goes to a human, before the queue gives the message up at
the fifth. Not asking is what ends a text that takes the whole process down: nothing is written
then, and only the queue has counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions import outside
from functions.settings import settings
from functions.wiring import channels, house, screening, tables
from functions.workers import journal
from functions.workers.events import BatchAnswer, QueueRecord, failed_messages, queue_records
from moderation.cases.house_rules import HouseRules
from moderation.cases.scoring import RecordScore
from moderation.change import UnitOfWork
from moderation.community.post import Post
from moderation.community.unscored import unscored
from moderation.detection.verdict import Action, Verdict
from moderation.errors import Unavailable

AGAIN_AFTER_S = (30, 120, 480)
"""How long a message waits after its first, second and third failure."""

RECEIVES_AT_MOST = len(AGAIN_AFTER_S) + 1
FAILED, UNSCORED = "ScoreFailed", "Unscored"
"""The metrics: tries that failed, and posts that a human was given instead."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with.

    `score` raises where the scorer does not answer. `put_off` has a message, by its receipt, come
    again after so many seconds; Unavailable where that cannot be said. `origin` names the forum's
    log, beside which the metrics stand.
    """

    work: UnitOfWork
    score: Callable[[Post], Verdict]
    rules: HouseRules
    put_off: Callable[[str, int], None]
    origin: str
    now: Callable[[], datetime]


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
            _put_off(record, parts)
    if failed:
        journal.measured(FAILED, len(failed), parts.origin, parts.now(), "Count")
    journal.note("score", records=len(records), failed=len(failed))
    return failed_messages(failed)


def _score(record: QueueRecord, parts: Parts) -> None:
    ref = Post.at(record.field("post"))
    post = parts.work.read(ref).get(ref)
    if post is None or not post.unchecked:
        return
    given_up = record.receives >= RECEIVES_AT_MOST
    verdict = unscored(post.language) if given_up else parts.score(post)
    parts.work.run(
        RecordScore(post_id=post.id, revision=post.revision, verdict=verdict, rules=parts.rules)
    )
    if verdict.action is not Action.KEEP and not verdict.checked_by:
        journal.measured(UNSCORED, 1, parts.origin, parts.now(), "Count")


def _put_off(record: QueueRecord, parts: Parts) -> None:
    """Without an answer the message comes again all the same, after the queue's own time."""
    place = min(record.receives, len(AGAIN_AFTER_S)) - 1
    try:
        parts.put_off(record.receipt, AGAIN_AFTER_S[place])
    except Unavailable as error:
        journal.failed("score", record.message_id, error)


def handler(event: Mapping[str, Any], context: object) -> BatchAnswer:  # noqa: ARG001
    """Lambda's entry."""
    return handle(
        event,
        Parts(
            tables.unit_of_work(),
            screening.score(),
            house.house_rules(),
            channels.score_queue().put_off,
            settings().log_origin,
            outside.now,
        ),
    )
