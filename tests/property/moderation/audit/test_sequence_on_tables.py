"""The sequencer on its table: whatever goes wrong around a request, the log comes out sound.

Beside crashes these are the troubles that production has: an answer that is lost after the request
was carried out, a throttle, an error of the service, a conflict of transactions.
"""

import random
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from moderation.audit.entry import decode, leaf_hash, place_in_chain
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import Frontier
from moderation.audit.sequence import Sequencer
from moderation.stores.audit_table import entry_items
from tests.support.audit_dynamo import AuditDynamo
from tests.support.audit_fakes import ORIGIN, SIGNER, Clock, MemoryForum, MemoryObjects
from tests.support.audit_fakes import RecordingSigner as Signer
from tests.support.faults import POSSIBLE, CrashError, FaultAt, Trouble, When
from tests.support.interleaver import Interleaver

ACTS = 110
"""Two batches."""


@cache
def acted() -> tuple[MemoryForum, Any]:
    """A forum whose acts wait, and the tables they wait in."""
    forum, dynamo = MemoryForum(), AuditDynamo.fresh()
    chance = random.Random(3)  # noqa: S311
    names = forum.names(7)
    for _ in range(ACTS):
        for item in entry_items(forum.act(chance.choice(names))):
            dynamo.client.put_item(TableName="audit", Item=item)
    return forum, dynamo.engine.tables


@dataclass
class Log:
    """The log on tables of its own, in which the acts wait."""

    dynamo: AuditDynamo = field(default_factory=AuditDynamo.fresh)
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    signer: Signer = field(default_factory=Signer)

    def __post_init__(self) -> None:
        self.dynamo.engine.tables.update(deepcopy(acted()[1]))

    def sequence(self) -> None:
        """Sequence all that waits."""
        table = self.dynamo.table
        Sequencer(table, self.objects, self.signer, ORIGIN, Clock()).run(timedelta(minutes=1))

    def assert_sound(self) -> None:
        """Nothing lost, doubled, orphaned or out of its subject's order; no size signed twice."""
        log = LogReader(self.objects, ORIGIN, [SIGNER.key])
        published = log.published()
        assert published is not None
        assert published.checkpoint.size == self.dynamo.table.head().size == ACTS
        bodies = [body for run in log.bodies(0, ACTS, ACTS) for body in run]
        assert Frontier().extend(map(leaf_hash, bodies)).root() == published.checkpoint.root
        assert self.dynamo.table.waiting(ACTS) == []
        chains: dict[str, list[bytes]] = {}
        for body in bodies:
            chains.setdefault(place_in_chain(body)[0], []).append(body)
        assert chains == acted()[0].table.chains
        ids = [decode(body).id for body in bodies]
        assert self.dynamo.table.places(ids) == {each: at for at, each in enumerate(ids)}
        assert {len(roots) for roots in self.signer.roots().values()} == {1}


def requests() -> int:
    """How many requests a whole run makes."""
    log = Log()
    log.dynamo.engine.meter.reset()
    log.sequence()
    log.assert_sound()
    return len(log.dynamo.engine.meter.calls)


@pytest.mark.parametrize(("trouble", "when"), POSSIBLE, ids=str)
def test_trouble_around_each_request(trouble: Trouble, when: When) -> None:
    """The run that meets it may fail; the next one ends with the same sound log."""
    struck = 0
    for call in range(1, requests() + 1):
        log, fault = Log(), FaultAt(trouble, when, call)
        with log.dynamo.engine.hooked(fault):
            try:
                log.sequence()
            except CrashError:
                assert trouble == "crash"
            except (ClientError, BotoCoreError):
                assert trouble != "crash"
        log.sequence()
        log.assert_sound()
        struck += fault.struck
    assert struck >= 2


@pytest.mark.parametrize("seed", range(12))
def test_three_sequencers_interleaved(seed: int) -> None:
    """Request by request, in any order; who loses the race leaves nothing behind."""
    log = Log()
    chance = random.Random(seed)  # noqa: S311
    schedule = [chance.randrange(3) for _ in range(600)]
    told = Interleaver(log.dynamo.engine).run([log.sequence] * 3, schedule)
    log.sequence()

    assert told == [None] * 3
    log.assert_sound()
