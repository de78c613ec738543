"""Work whose doorbell was lost, and clocks that ran out: what sweep, score and clocks are for.

A forum of three weeks ago is written by the real unit of work with its clock turned back, while
the worker that rings is disconnected. So by now everything in it is overdue.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from os import urandom
from typing import Any

import pytest

from localstack.deploy import Stack as Deployment
from localstack.engine import Engine
from moderation.actor import Actor, Role
from moderation.cases.case import Case
from moderation.cases.decision import Measure, Outcome
from moderation.cases.notice import Notifier
from moderation.community.post import Post, PostState, RestrictionKind
from moderation.compliance.export_job import ExportJob
from moderation.compliance.export_request import RequestExport
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action
from moderation.ids import MemberId
from moderation.records import Ref
from moderation.stores.forum_table import connection_of, open_forum
from tests.e2e.conftest import STACK
from tests.e2e.stack import Stack
from tests.support.community import found, intake, ulid
from tests.support.forum import Forum
from tests.support.memory_dynamo import MemoryDynamo
from tests.support.stack import REGION, Randomness
from tests.support.stack import Stack as Stores

pytestmark = pytest.mark.e2e

AGE = timedelta(days=20)
PATIENCE_S = 120
OFFICER = Actor(MemberId(ulid(1900)), "Ola", frozenset({Role.COMPLIANCE}), "legal")


def eventually(look: Callable[[], bool], what: str) -> None:
    """Wait until it is so."""
    end = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < end, what
        time.sleep(0.5)


@pytest.fixture
def stores(running_engine: Engine, stack: Stack) -> Stores:
    """The stack's own tables, three weeks ago."""
    assert stack.api
    target = running_engine.target
    outputs = Deployment(target, STACK).outputs()
    secret = target.client("secretsmanager").get_secret_value(SecretId=outputs["RootSecretArn"])
    forum = open_forum(outputs["ForumTable"], region=REGION, endpoint_url=target.endpoint_url)
    connection_of(forum).session.set_credentials("test", "test")
    past = Stores.on(
        forum,
        outputs["AuditTable"],
        MemoryDynamo(),
        Randomness(urandom(8)),
        origin=outputs["LogOrigin"],
        root_secret=secret["SecretString"].encode(),
    )
    past.clock.now = datetime.now(UTC).replace(microsecond=0) - AGE
    return past


@contextmanager
def no_doorbell(engine: Engine) -> Iterator[None]:
    """Nothing that happens meanwhile rings; afterwards all of it does."""
    functions = engine.target.client("lambda")
    name = f"{STACK}-dispatch"
    mappings = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    (source,) = (each for each in mappings if each["FunctionArn"].endswith(name))
    functions.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    time.sleep(1)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=source["UUID"], Enabled=True)


def ring(engine: Engine, function: str) -> dict[str, int]:
    """Start a function as its schedule does; answers what it counted."""
    functions = engine.target.client("lambda")
    answer = functions.invoke(FunctionName=f"{STACK}-{function}", Payload=b"{}")
    counted: dict[str, int] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, counted
    return counted


@dataclass
class Past:
    """What was written three weeks ago."""

    forum: Forum
    held: Post
    limited: Case
    message: Ref[Any]
    export: ExportJob


def three_weeks_ago(stores: Stores) -> Past:
    """Unscored posts, a hold, a restriction that ends, a letter to send, an export to build."""
    forum = Forum(stores)
    opening = forum.post
    flagged = found(Category.INSULT, Action.FLAG)
    forum.run(replace(forum.reply(), intake=intake(flagged, owes_score=True)))
    # Lawful, and passed on to product safety: an act of the worker that sends the letter.
    forum.run(forum.reply(verdict=found(Category.SAFETY_SIGNAL, Action.KEEP)))
    held = forum.run(forum.reply(verdict=found(Category.SPAM, Action.HOLD)))
    limited = forum.run(forum.reply())
    forum.post = limited
    notifier = Notifier(name="N. N.", email="n@example.com")
    forum.run(replace(forum.notice(), notifier=notifier))
    case = forum.case
    # What is done later to the same subjects is not exported, and proven to be in the log.
    end_of_export = stores.clock.now + timedelta(minutes=30)
    stores.clock.forward(hours=1)
    forum.run(forum.claim())
    end = stores.clock.now + timedelta(days=1)
    measure = Measure(kind=RestrictionKind.DISABLING, until=end)
    forum.run(forum.decide(Outcome.RESTRICT, measure=measure))
    start = end_of_export - timedelta(days=1)
    export = forum.run(RequestExport(start=start, end=end_of_export, actor=OFFICER))
    forum.post = opening
    message = stores.work_list.outbox(100)[0]
    return Past(forum, held, case, message, export)


def test_what_nobody_rang_for_is_done_all_the_same(running_engine: Engine, stores: Stores) -> None:
    """Swept up: the post scored or before a human, every letter sent, the export built."""
    with no_doorbell(running_engine):
        past = three_weeks_ago(stores)
        opening = past.forum.post
        assert stores.get(opening.ref).unchecked
        swept = ring(running_engine, "sweep")
        assert (swept["scores"] > 0, swept["messages"] > 0, swept["exports"] > 0) == (True,) * 3
        assert ring(running_engine, "clocks")["failed"] == 0

        eventually(lambda: not stores.get(opening.ref).unchecked, "the post was never scored")
        eventually(lambda: stores.find(past.message) is None, "the letter was never sent")
        eventually(lambda: stores.get(past.export.ref).state == "ready", "no export was built")

    assert PostState.PUBLISHED == stores.get(past.held.ref).state
    assert PostState.PUBLISHED == stores.get(past.limited.post.ref).state
    assert ["unscored"] == [signal.detector for signal in past.forum.case.signals]
    eventually(lambda: ring(running_engine, "clocks")["reminded"] == 0, "reminded for ever")
