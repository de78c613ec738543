"""The stream of the `forum` table: what the workers are woken by."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from moderation.cases.decision import Outcome
from tests.support.forum import Forum
from tests.support.forum_stream import ForumStream
from tests.support.places import Place
from tests.support.stack import Stack


def by_item(changes: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    """The changes of each item, in order; a stream has no order beyond that."""
    found = defaultdict(list)
    for change in changes:
        images = {name: change["dynamodb"].get(name) for name in ("OldImage", "NewImage")}
        keys = change["dynamodb"]["Keys"]
        found[f"{keys['pk']['S']} | {keys['sk']['S']}"].append((change["eventName"], images))
    return dict(found)


def test_the_stream_shows_each_change_with_both_images(place: Place, stack: Stack) -> None:
    """Exactly what the workers' own tests are fed with."""
    expected = ForumStream(stack.engine.tables["forum"])
    stack.engine.hooks.append(expected)
    read = place.stream(stack)
    forum = Forum(stack)
    forum.run(forum.reply())
    forum.run(forum.notice())
    forum.run(forum.claim())
    forum.run(forum.decide(Outcome.KEEP))
    forum.run(forum.delete())

    assert {"INSERT", "MODIFY", "REMOVE"} == {each["eventName"] for each in expected.records}
    assert by_item(expected.records) == by_item(read(len(expected.records)))


@pytest.mark.cannot("memory", "expiry")
@pytest.mark.cannot("ministack", "expiry-in-stream")
@pytest.mark.cannot("localstack", "expiry-in-stream")
def test_the_stream_shows_what_expired(place: Place) -> None:
    """As a removal by DynamoDB itself; no worker waits for one."""
    assert ["INSERT", "REMOVE"] == [change["eventName"] for change in place.expired()]
