"""Batches are parsed strictly, and answered in the one form that Lambda understands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.workers.events import (
    Image,
    QueueRecord,
    StreamRecord,
    body_of,
    failed_from,
    failed_messages,
    queue_records,
    stream_records,
)
from tests.support.forum_stream import queue_event


def _change(sequence: str, **images: Any) -> dict[str, Any]:
    keys = {"pk": {"S": "POST#1"}, "sk": {"S": "META"}}
    return {"dynamodb": {"SequenceNumber": sequence, "Keys": keys, **images}}


def test_a_change_is_its_key_and_the_envelope_before_and_after() -> None:
    """The document stays closed: a record of the stream is only a doorbell."""
    image = {"kind": {"S": "POST"}, "list_pk": {"S": "THREAD#2"}, "doc": {"S": "{}"}}
    bare = {"work_pk": {"S": "UNCHECKED"}}
    event = {"Records": [_change("1", NewImage=image), _change("2", OldImage=image, NewImage=bare)]}

    listed = Image("POST", "THREAD#2", None)
    assert stream_records(event) == (
        StreamRecord("1", "POST#1", "META", None, listed),
        StreamRecord("2", "POST#1", "META", listed, Image("", None, "UNCHECKED")),
    )


def test_a_message_is_its_id_its_body_and_how_often_it_came() -> None:
    """The count includes this time."""
    assert queue_records(queue_event("{}", receives=3)) == (QueueRecord("m1", "{}", 3, "r1"),)


def test_a_message_names_one_record() -> None:
    """What is written to a queue is what is read from it."""
    assert QueueRecord("m1", body_of("post", "01J"), 1, "r1").field("post") == "01J"


@pytest.mark.parametrize("body", ["", "no json", "[]", "{}", '{"post":1}', '{"message":"01J"}'])
def test_a_message_that_names_no_record_is_refused(body: str) -> None:
    """It fails alone, and ends in the dead-letter queue."""
    with pytest.raises(ValueError, match=r"message names no post|Expecting value"):
        QueueRecord("m1", body, 1, "r1").field("post")


@pytest.mark.parametrize("event", [{}, {"Records": [{}]}, {"Records": [{"dynamodb": {}}]}])
def test_an_event_that_is_none_fails_the_whole_batch(event: dict[str, Any]) -> None:
    """Nothing is taken for done that was not even read."""
    with pytest.raises(KeyError):
        stream_records(event)


@given(st.lists(st.text(min_size=1), unique=True), st.data())
def test_an_answer_names_only_what_was_in_the_batch(ids: list[str], data: st.DataObject) -> None:
    """And it has the one key with the one kind of item, whatever failed."""
    failed = data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    records = tuple(StreamRecord(number, "POST#1", "META", None, None) for number in ids)

    answer = failed_from(records, failed)
    named = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    assert list(answer) == ["batchItemFailures"]
    assert named == [number for number in ids if number in failed][:1]
    assert failed_messages(failed) == {
        "batchItemFailures": [{"itemIdentifier": message} for message in failed]
    }
