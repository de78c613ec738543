"""What sequencing asks of DynamoDB for each entry. A count, the same everywhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from moderation.audit.actions import Action
from moderation.audit.sequence import BATCH_LIMIT
from moderation.change import Act
from moderation.ids import PostId
from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure
from tests.support.audited_forum import AuditedForum
from tests.support.commands import MODERATOR, put
from tests.support.samples import POST, ulid
from tests.support.stack import Stack

BATCHES = 4


def figures(_: Effort) -> Iterator[Figure]:
    """Write units for an entry in full batches, those of the index among them."""
    forum = AuditedForum(Stack.fresh())
    forum.sequencer().run(timedelta(minutes=1))
    entries = BATCH_LIMIT * BATCHES
    for number in range(entries):
        post = replace(POST, id=PostId(ulid(10_000 + number)))
        held = Act(post.ref, Action.POST_HOLD, MODERATOR)
        forum.stack.unit_of_work.run(put(post, acts=(held,)))
    meter = forum.stack.engine.meter
    meter.reset()
    done = forum.sequencer().run(timedelta(minutes=1))
    assert done.appended == entries
    yield Figure(
        id="audit.sequence.wcu",
        name="sequencing an entry in full batches",
        value=(meter.wcu + meter.index_wcu) / entries,
        unit="WCU",
        anchor=3,
        target=3.2,
        deterministic=True,
    )
