"""What an export is bound to survives being stored."""

from moderation.audit.pin import Pin, PinnedHead, pack_pin, unpack_pin

HEAD = PinnedHead("post:1", 3, "ab" * 32, "01KJM6MRBQ0PQB1NT7P0ABATVB")


def test_a_pin_is_read_again() -> None:
    """Range and heads."""
    for heads in ((), (HEAD, PinnedHead("post:2", 1, "cd" * 32, None))):
        assert unpack_pin(pack_pin(Pin(3, 9, 12, heads))) == Pin(3, 9, 12, heads)


def test_a_heads_line() -> None:
    """Canonical JSON with what the verifier compares."""
    assert HEAD.line() == b'{"head":"%b","rev":3,"subject":"post:1"}\n' % (b"ab" * 32)
