"""What the log asks of DynamoDB for each entry, and how acts meet. Counts, the same everywhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from moderation.audit.actions import Action
from moderation.audit.batch import BATCH_LIMIT
from moderation.change import Act
from moderation.ids import PostId
from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure
from tests.perf.moderation.stores.contention import conflicts
from tests.support.audited_forum import AuditedForum
from tests.support.commands import MODERATOR, put
from tests.support.samples import POST, ulid
from tests.support.stack import Stack

BATCHES = 4


def figures(_: Effort) -> Iterator[Figure]:
    """What sequencing costs, and how often acts meet."""
    yield sequencing()
    yield Figure(
        id="audit.conflicts",
        name="of 1,000 acts a second over 10,000 subjects, those that meet another",
        value=100 * conflicts(lambda subject: subject),
        unit="%",
        anchor=100 * conflicts(lambda _: 0),
        target=0.1,
        deterministic=True,
    )


def sequencing() -> Figure:
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
    return Figure(
        id="audit.sequence.wcu",
        name="sequencing an entry in full batches",
        value=(meter.wcu + meter.index_wcu) / entries,
        unit="WCU",
        anchor=3,
        target=3.2,
        deterministic=True,
    )
