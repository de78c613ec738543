"""An entry has one spelling; its commitments hide what they bind."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.audit.entry import (
    BODY,
    NOTHING,
    Entry,
    MalformedEntryError,
    Via,
    at_text,
    decode,
    encode,
    leaf_hash,
    leaf_hashes,
    payload_commitment,
    place_in_chain,
    state_commitment,
    time_text,
)
from moderation.audit.verify import ENTRY

FIRST = Entry(
    id="01KJM6MRBQ0PQB1NT7P0ABATVB",
    at=datetime(2026, 3, 1, 8, 0, 0, 7000, tzinfo=UTC),
    origin="forum.example.com/audit",
    actor="0123456789abcdef0123456789abcdef",
    via=Via.RULE,
    action=Action.POST_HOLD,
    subject="post:01KJM6JM00ZZDEXCD7VMZR8TZY",
    rev=1,
    content=3,
    prev=NOTHING,
    prev_id=None,
    part=(1, 2),
    reason="DE/StGB/185",
    rule="core-de@12#insult-direct",
    before="a" * 64,
    after="b" * 64,
    payload="c" * 64,
    cause="01KJM6MRBQAW7BF8EA2B8SAS5P",
)
SECOND = replace(
    FIRST,
    id="01KJM6MRBR0000000000000000",
    rev=2,
    prev="d" * 64,
    prev_id=FIRST.id,
    part=(1, 1),
    rule=None,
    payload=None,
    content=None,
    via=Via.API,
)
VECTOR = (
    b'{"action":"post:hold","actor":"0123456789abcdef0123456789abcdef","after":"' + b"b" * 64
    + b'","at":"2026-03-01T08:00:00.007Z","before":"' + b"a" * 64
    + b'","cause":"01KJM6MRBQAW7BF8EA2B8SAS5P","content":3,"id":"01KJM6MRBQ0PQB1NT7P0ABATVB",'
    b'"origin":"forum.example.com/audit","part":[1,2],"payload":"' + b"c" * 64 + b'","prev":"'
    + b"0" * 64 + b'","prev_id":null,"reason":"DE/StGB/185","rev":1,'
    b'"rule":"core-de@12#insult-direct","subject":"post:01KJM6JM00ZZDEXCD7VMZR8TZY","v":1,'
    b'"via":"rule"}'
)  # fmt: skip


def test_the_body_is_canonical_json() -> None:
    """The bytes of an entry are fixed to the letter."""
    assert VECTOR == encode(FIRST)


@pytest.mark.parametrize("entry", [FIRST, SECOND])
def test_a_body_is_read_again(entry: Entry) -> None:
    """What was encoded decodes to an equal entry."""
    assert entry == decode(encode(entry))


@pytest.mark.parametrize("entry", [FIRST, SECOND])
def test_the_verifier_has_the_same_pattern(entry: Entry) -> None:
    """Writer and verifier agree on the form, though they share no code."""
    ours, theirs = BODY.fullmatch(encode(entry).decode()), ENTRY.fullmatch(encode(entry))

    assert ours is not None
    assert theirs is not None
    for name in ("actor", "after", "at", "before", "id", "prev", "prev_id", "rev", "subject"):
        assert ours[name] == (theirs[name] and theirs[name].decode())


def test_quick_looks_agree_with_the_pattern() -> None:
    """Time, subject and rev are found without parsing the whole."""
    assert at_text(VECTOR) == "2026-03-01T08:00:00.007Z"
    assert place_in_chain(VECTOR) == (FIRST.subject, 1)
    assert place_in_chain(encode(SECOND)) == (FIRST.subject, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x"},
        {"at": datetime(2026, 3, 1)},  # noqa: DTZ001
        {"at": datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1)))},
        {"at": datetime(2026, 3, 1, 0, 0, 0, 1, tzinfo=UTC)},
        {"origin": "a b"},
        {"actor": "A" * 32},
        {"subject": "post:a:b"},
        {"subject": "Post:a"},
        {"rev": 0},
        {"content": 0},
        {"prev": "d" * 64},
        {"prev_id": "01KJM6MRBP0000000000000000"},
        {"rev": 2},
        {"part": (3, 2)},
        {"part": (0, 2)},
        {"reason": ""},
        {"reason": "free text"},
        {"reason": "grün"},
        {"rule": "no-version#x"},
        {"before": "ab"},
        {"after": None},
        {"payload": ""},
        {"cause": "01KJM6MRBQAW7BF8EA2B8SAS5"},
        {
            "origin": "o" * 100,
            "rule": "r" * 40 + "@" + "v" * 40 + "#" + "i" * 60,
            "reason": "x" * 64,
        },
    ],
)
def test_a_field_out_of_form_is_refused(changes: dict[str, Any]) -> None:
    """Nothing that the format does not allow becomes an entry."""
    with pytest.raises(MalformedEntryError):
        encode(replace(FIRST, **changes))


def test_ids_of_a_subject_rise() -> None:
    """An entry's id must be greater than that of its predecessor."""
    with pytest.raises(MalformedEntryError):
        encode(replace(SECOND, prev_id=SECOND.id))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        VECTOR + b" ",
        b" " + VECTOR,
        VECTOR.replace(b'"v":1', b'"v":2'),
        VECTOR.replace(b"post:hold", b"post:fold"),
        VECTOR.replace(b"2026-03-01", b"2026-02-30"),
        VECTOR.replace(b'"rev":1', b'"rev":01'),
        VECTOR.replace(b"StGB", "StGß".encode()),
        VECTOR.replace(b"[1,2]", b"[3,2]"),
    ],
)
def test_other_bytes_are_no_entry(body: bytes) -> None:
    """Decoding takes the one spelling of a sound entry."""
    with pytest.raises(MalformedEntryError):
        decode(body)


def test_the_leaf_hash_is_that_of_rfc_6962() -> None:
    """A zero byte stands before what is hashed."""
    assert hashlib.sha256(b"\x00" + VECTOR).digest() == leaf_hash(VECTOR)


def test_commitments_are_keyed() -> None:
    """State and payload are bound under a salt, the state in a domain of its own."""
    salt = bytes(32)

    assert state_commitment(salt, b"{}") == hmac.new(salt, b"state/v1\n{}", "sha256").hexdigest()
    assert payload_commitment(salt, b"{}") == hmac.new(salt, b"{}", "sha256").hexdigest()


def test_a_short_salt_is_refused() -> None:
    """A commitment with a guessable salt hides nothing."""
    with pytest.raises(ValueError, match="32 bytes"):
        state_commitment(b"short", b"{}")


def test_times_are_written_one_way() -> None:
    """RFC 3339 in UTC with milliseconds, so that texts sort by time."""
    assert time_text(datetime(2026, 3, 1, tzinfo=UTC)) == "2026-03-01T00:00:00.000Z"


def test_many_hashes_are_those_of_one_after_another() -> None:
    """In order."""
    bodies = [VECTOR, encode(SECOND)]

    assert leaf_hashes(bodies) == [leaf_hash(body) for body in bodies]
