"""The dispatch worker: what waits in the table rings the queue that does it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.workers.dispatch import Parts, handle
from moderation.community.boards import CreateBoard
from moderation.community.editing import EditPost
from moderation.community.posting import CreateThread, OpenedThread
from moderation.compliance.erasure import Kept
from moderation.compliance.erasure_request import (
    ConcludeErasure,
    RequestErasure,
    WaitForHold,
)
from moderation.compliance.holding_back import PlaceHold, ReleaseHold
from moderation.errors import Unavailable
from tests.support.community import ADMIN, HELD, KIM, RULES, intake
from tests.support.forum_stream import FakeQueue, ForumStream, sequences
from tests.support.stack import Stack


@pytest.fixture
def stream(stack: Stack) -> ForumStream:
    """The stream of the stack's table, with a board in it."""
    stack.unit_of_work.run(CreateBoard(actor=ADMIN, slug="hilfe", title="Hilfe"))
    stream = ForumStream(stack.engine.tables["forum"])
    stack.engine.hooks.append(stream)
    return stream


def _parts() -> tuple[Parts, FakeQueue, FakeQueue, FakeQueue]:
    deliver, score, export = FakeQueue(), FakeQueue(), FakeQueue()
    return Parts(deliver, score, export), deliver, score, export


def _open(stack: Stack, reader: Any) -> OpenedThread:
    return stack.unit_of_work.run(
        CreateThread(actor=KIM, board="hilfe", title="T", body="Text", intake=reader, rules=RULES)
    )


def _export(event: str, **images: Any) -> dict[str, Any]:
    keys = {"pk": {"S": "EXPORT#01J0"}, "sk": {"S": "META"}}
    change = {"SequenceNumber": "9", "Keys": keys, **images}
    return {"eventName": event, "dynamodb": change}


def test_a_new_message_rings_for_delivery(stack: Stack, stream: ForumStream) -> None:
    """Each outbox item rings once, by its id alone; nothing rings for a score that nobody owes."""
    _open(stack, intake(HELD))
    parts, deliver, score, _ = _parts()

    assert handle(stream.event(), parts) == {"batchItemFailures": []}
    waiting = [ref.id for ref in stack.work_list.outbox(100)]
    assert sorted(json.loads(body)["message"] for body in deliver.sent) == waiting
    assert (len(waiting) > 0, score.sent) == (True, [])


def test_an_unchecked_post_rings_for_its_score_and_again_after_an_edit(
    stack: Stack, stream: ForumStream
) -> None:
    """Within one batch a post rings once; new words ring again."""
    reader = intake(owes_score=True)
    post = _open(stack, reader).post
    parts, _, score, _ = _parts()
    bell = f'{{"post":"{post.id}"}}'
    handle(stream.event(), parts)
    assert score.sent == [bell]

    stream.records.clear()
    edit = EditPost(actor=KIM, post_id=post.id, body="Neu", expected=1, intake=reader, rules=RULES)
    stack.unit_of_work.run(edit)
    handle(stream.event(), parts)
    assert score.sent == [bell, bell]


def test_a_new_export_rings_for_its_bundle_and_its_progress_does_not() -> None:
    """Only the request starts the work."""
    parts, _, _, export = _parts()
    image = {"kind": {"S": "EXPORT"}}
    handle({"Records": [_export("INSERT", NewImage=image)]}, parts)
    handle({"Records": [_export("MODIFY", OldImage=image, NewImage=image)]}, parts)
    handle({"Records": [_export("REMOVE", OldImage=image)]}, parts)

    assert export.sent == ['{"export":"01J0"}']


def test_a_message_that_is_changed_or_gone_rings_no_more(stack: Stack, stream: ForumStream) -> None:
    """Progress and delivery are not news."""
    _open(stack, intake(HELD))
    parts, deliver, _, _ = _parts()
    records = stream.event()["Records"]
    for record in records:
        change = record["dynamodb"]
        change["OldImage"] = change["NewImage"]
    handle({"Records": records}, parts)
    for record in records:
        del record["dynamodb"]["NewImage"]
    handle({"Records": records}, parts)

    assert deliver.sent == []


def test_a_queue_that_is_down_stops_no_other_and_is_rung_again(
    stack: Stack, stream: ForumStream
) -> None:
    """The answer names the first change that did not ring; the others may ring twice."""
    _open(stack, intake(HELD, owes_score=True))
    parts, deliver, score, _ = _parts()
    deliver.down = Unavailable("down")

    answer = handle(stream.event(), parts)

    first = next(
        record["dynamodb"]["SequenceNumber"]
        for record in stream.records
        if record["dynamodb"]["Keys"]["pk"]["S"].startswith("OUTBOX#")
    )
    assert sequences(answer) == [first]
    assert (len(score.sent), deliver.sent) == (1, [])
    deliver.down = None
    assert handle(stream.event(), parts) == {"batchItemFailures": []}
    assert len(deliver.sent) == len(stack.work_list.outbox(100))


def test_an_erasure_rings_once_when_it_is_asked_for(stack: Stack, stream: ForumStream) -> None:
    """What becomes of it rings for nothing: the sweep has it when it is due."""
    asked = stack.unit_of_work.run(RequestErasure(target="member", target_id=KIM.id, actor=KIM))
    parts, _, _, export = _parts()

    handle(stream.event(), parts)
    assert [json.loads(body) for body in export.sent] == [{"erasure": asked.id}]
    stream.records.clear()
    kept = (Kept(subject="post:x", why="hold"),)
    due_at = stack.clock()
    for still in (kept, ()):
        stack.unit_of_work.run(ConcludeErasure(target_id=asked.id, kept=still, due_at=due_at))
    handle(stream.event(), parts)
    assert len(export.sent) == 1


def test_an_erasure_rings_again_when_the_last_hold_is_released(
    stack: Stack, stream: ForumStream
) -> None:
    """It goes on at once."""
    held = _open(stack, intake()).post
    place = PlaceHold(
        subject=held.ref.subject,
        matter="Az. 1",
        basis="order",
        review_at=stack.clock.now + timedelta(days=1),
        actor=ADMIN,
    )
    hold = stack.unit_of_work.run(place)
    stack.unit_of_work.run(RequestErasure(target="member", target_id=KIM.id, actor=KIM))
    stack.unit_of_work.run(WaitForHold(subject=held.ref.subject, target_id=KIM.id))
    kept = (Kept(subject=held.ref.subject, why="hold"),)
    later = stack.clock.now + timedelta(days=1)
    stack.unit_of_work.run(ConcludeErasure(target_id=KIM.id, kept=kept, due_at=later))
    stream.records.clear()
    stack.unit_of_work.run(ReleaseHold(hold_id=hold.id, actor=ADMIN))
    parts, _, _, export = _parts()

    handle(stream.event(), parts)
    assert [json.loads(body) for body in export.sent] == [{"erasure": KIM.id}]
