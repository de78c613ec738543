"""ULIDs: written, read, rising, and refused when they are none."""

from datetime import UTC, datetime

import pytest

from moderation import ids

AT = datetime(2026, 11, 23, 10, 0, 0, 123000, UTC)


def test_a_ulid_carries_its_time() -> None:
    """The time of a fresh ULID is read back from it to the millisecond."""
    new = ids.ulid_source(lambda: AT, lambda size: b"\x07" * size)

    assert AT == ids.time_of(new())


def test_ulids_rise_within_one_millisecond() -> None:
    """A source never gives an equal or lower id, even when clock and randomness stand still."""
    new = ids.ulid_source(lambda: AT, lambda size: b"\xff" * size)
    made = [new() for _ in range(50)]

    assert sorted(set(made)) == made


@pytest.mark.parametrize("number", [0, 1, (1 << 128) - 1, 0x0123456789ABCDEF << 40])
def test_encode_and_decode_are_inverse(number: int) -> None:
    """What was encoded is decoded to the same 128 bits."""
    assert number == ids.decode(ids.encode(number))


@pytest.mark.parametrize("number", [-1, 1 << 128])
def test_encode_refuses_what_does_not_fit(number: int) -> None:
    """Only 128 bits fit."""
    with pytest.raises(ValueError, match="128 bits"):
        ids.encode(number)


@pytest.mark.parametrize(
    "text", ["", "0" * 25, "0" * 27, "8" + "0" * 25, "I" * 26, "0" * 25 + "\n", "0" * 25 + "a"]
)
def test_what_is_no_ulid_is_refused(text: str) -> None:
    """Length, alphabet, case and range are all checked."""
    assert not ids.is_ulid(text)
    with pytest.raises(ValueError, match="not a ULID"):
        ids.decode(text)


def test_after_keeps_a_higher_candidate_and_lifts_a_lower_one() -> None:
    """A slow clock cannot make an entry's id fall behind its predecessor's."""
    low, high = ids.encode(5), ids.encode(9)

    assert high == ids.after(low, high)
    assert ids.encode(10) == ids.after(high, low)
    assert ids.encode(10) == ids.after(high, high)


def test_an_opaque_id_is_a_ulid_in_form() -> None:
    """A digest with its top bits cleared becomes an id like any other."""
    assert ids.is_ulid(ids.opaque_id(bytes(range(32))))
