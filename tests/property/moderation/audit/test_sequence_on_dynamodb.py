"""Three sequencers on one table, one storage call at a time: the same sound log in any order."""

import random
from datetime import timedelta

import pytest

from moderation.audit.entry import leaf_hash
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import Frontier
from moderation.audit.sequence import Sequenced
from tests.support.audit_fakes import MemoryObjects
from tests.support.audited_forum import AuditedForum
from tests.support.interleaver import Interleaver
from tests.support.stack import ORIGIN, Stack


@pytest.mark.parametrize("seed", range(25))
def test_any_order_of_the_calls_of_three(seed: int) -> None:
    """Each act has one place, the places have no gap, and each subject's acts keep their order."""
    audited = AuditedForum(Stack.fresh())
    for _ in range(2):
        audited.casework()
    chance = random.Random(seed)  # noqa: S311

    def sequence() -> Sequenced:
        return audited.sequencer().run(timedelta(minutes=1))

    interleaver = Interleaver(engine=audited.stack.engine)
    schedule = (chance.randrange(3) for _ in range(10_000))
    outcomes = interleaver.run([sequence, sequence, sequence], schedule)
    assert all(isinstance(outcome, Sequenced) for outcome in outcomes), outcomes
    sequence()

    bodies = published(audited.objects, audited)
    written = audited.stack.entries()
    assert len(bodies) == len(written)
    ids = [entry["id"] for entry in written]
    places = audited.table.places(ids)
    assert sorted(places.values()) == list(range(len(ids)))
    for entry in written:
        assert f'"id":"{entry["id"]}"'.encode() in bodies[places[entry["id"]]]
    for subject in {entry["subject"] for entry in written}:
        chain = [entry for entry in written if entry["subject"] == subject]
        at = [places[entry["id"]] for entry in sorted(chain, key=lambda entry: entry["rev"])]
        assert at == sorted(at)
    assert audited.table.waiting(1) == []


def published(objects: MemoryObjects, audited: AuditedForum) -> list[bytes]:
    """The bodies of the published tree, which hash to its root."""
    log = LogReader(objects, ORIGIN, [audited.signer.key])
    found = log.published()
    assert found is not None
    size = found.checkpoint.size
    bodies = [body for run in log.bodies(0, size, size) for body in run]
    assert Frontier().extend(map(leaf_hash, bodies)).root() == found.checkpoint.root
    return bodies
