"""Records as documents."""

import json
from dataclasses import replace

import pytest

from moderation.detection.facts import BoardPolicy
from moderation.stores.documents import UnreadableError, decode, encode
from moderation.stores.kinds import KIND_OF, RECORD_TYPES, Storable
from tests.support.samples import ALL, BOARD_RECORD, CASE, POST


def test_there_is_a_sample_of_each_kind() -> None:
    """Every kind of record is covered here."""
    assert set(RECORD_TYPES.values()) == {type(record) for record in ALL}


@pytest.mark.parametrize("record", ALL, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was(record: Storable) -> None:
    """What is written is read back equal."""
    assert record == decode(KIND_OF[type(record)], encode(record))


def test_a_document_is_compact_and_leaves_defaults_out() -> None:
    """No space and no field that holds its default is stored."""
    plain = replace(
        BOARD_RECORD, description="", unit=None, visibility="public", policy=BoardPolicy()
    )
    plain = replace(plain, answer_target=None, revision=1)
    expected = '{"slug":"produkte","title":"Produkte","created_at":"2026-11-23T09:00:00.123000Z"}'
    assert expected == encode(plain)


@pytest.mark.parametrize("path", [(), ("author",), ("restrictions", 0)])
def test_a_field_of_a_newer_version_is_refused(path: tuple[str | int, ...]) -> None:
    """Writing the record back would lose it, so it is not even read."""
    document = json.loads(encode(POST))
    part = document
    for step in path:
        part = part[step]
    part["mood"] = "new"
    with pytest.raises(UnreadableError, match="mood"):
        decode("POST", json.dumps(document))


@pytest.mark.parametrize(
    ("field", "value"),
    [("state", "frozen"), ("revision", "2"), ("created_at", 1), ("unchecked", 1), ("body", None)],
)
def test_reading_is_strict(field: str, value: object) -> None:
    """A value of another type or outside its list is refused, and the error does not repeat it."""
    document = json.loads(encode(POST)) | {field: value}
    with pytest.raises(UnreadableError, match=field) as refused:
        decode("POST", json.dumps(document))
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_what_is_no_document_is_refused() -> None:
    """Broken JSON, and a kind nobody knows."""
    with pytest.raises(UnreadableError):
        decode("POST", "{")
    with pytest.raises(UnreadableError, match="no kind of record: RUMOUR"):
        decode("RUMOUR", "{}")


def test_a_case_keeps_its_ground_of_either_kind() -> None:
    """The two kinds of ground are told apart by their fields."""
    assert CASE.decision is not None
    assert CASE.decision.ground == decode("DECISION", encode(CASE.decision)).ground  # type: ignore[union-attr]
