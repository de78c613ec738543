"""The watch worker: what must never happen to the audit table wakes a human, and nothing else."""

import pytest

from functions.workers.watch import Parts, handle
from moderation.errors import Unavailable
from tests.support.post_office import FakeAlarm

type Image = dict[str, dict[str, str]]


def change(pk: str, old: Image | None, new: Image | None) -> dict[str, object]:
    """A stream's batch with one change."""
    images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image}
    keys = {"pk": {"S": pk}, "sk": {"S": "x"}}
    return {"Records": [{"dynamodb": {"SequenceNumber": "1", "Keys": keys, **images}}]}


BEFORE: Image = {"body": {"S": ""}}
AFTER: Image = {"body": {"S": "altered"}}


@pytest.mark.parametrize(
    ("pk", "old", "new", "complaints"),
    [
        ("S#post#1", None, AFTER, []),
        ("PENDING#1", None, AFTER, []),
        ("PENDING#1", BEFORE, None, []),
        ("LOG#x", BEFORE, AFTER, []),
        ("S#post#1", BEFORE, AFTER, ["an item of S#post#1 was replaced"]),
        ("S#post#1", BEFORE, None, ["an item of S#post#1 was deleted"]),
        ("PENDING#1", BEFORE, AFTER, ["an item of PENDING#1 was replaced"]),
    ],
)
def test_tampering_wakes_a_human(
    pk: str, old: Image | None, new: Image | None, complaints: list[str]
) -> None:
    """A replaced or deleted entry, and nothing the log does itself."""
    alarm = FakeAlarm()
    answer = handle(change(pk, old, new), Parts(alarm))

    assert answer == {"batchItemFailures": []}
    assert alarm.raised == [("Audit table altered", complaint) for complaint in complaints]


def test_an_item_put_again_as_it_was_is_no_tampering() -> None:
    """A sequencer that repairs another's step writes the same places once more."""
    alarm = FakeAlarm()
    image: Image = {"index": {"N": "1"}}
    handle(change("E#1", image, image), Parts(alarm))

    assert alarm.raised == []


def test_an_alarm_that_cannot_be_raised_brings_the_batch_back() -> None:
    """Lambda delivers again what a function failed at, and sets it aside in the end."""
    with pytest.raises(Unavailable):
        handle(change("S#post#1", BEFORE, None), Parts(FakeAlarm(down=True)))
