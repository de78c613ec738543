"""What an export is bound to survives being stored."""

import pytest

from moderation.audit.canonical import NotCanonicalError, canonical
from moderation.audit.pin import Pin, PinnedHead, pack_pin, unpack_pin

HEAD = PinnedHead("post:1", 3, "ab" * 32, "01KJM6MRBQ0PQB1NT7P0ABATVB")


def test_a_pin_is_read_again() -> None:
    """Range and heads."""
    for heads in ((), (HEAD, PinnedHead("post:2", 1, "cd" * 32, None))):
        assert unpack_pin(pack_pin(Pin(3, 9, 12, heads))) == Pin(3, 9, 12, heads)


def test_a_heads_line() -> None:
    """Canonical JSON with what the verifier compares."""
    assert HEAD.line() == b'{"head":"%b","rev":3,"subject":"post:1"}\n' % (b"ab" * 32)


def test_what_is_canonical() -> None:
    """What is written without the encoder is what the encoder would write."""
    for head in (HEAD, PinnedHead("post:2", 1, "cd" * 32, None)):
        _, line = pack_pin(Pin(3, 9, 12, (head,))).split(b"\n")

        assert line == canonical([head.subject, head.rev, head.head, head.later])
        fields = {"head": head.head, "rev": head.rev, "subject": head.subject}
        assert head.line() == canonical(fields) + b"\n"


def test_anything_else_is_refused() -> None:
    """A line in another spelling."""
    packed = pack_pin(Pin(3, 9, 12, (HEAD,)))

    with pytest.raises(NotCanonicalError):
        unpack_pin(packed.replace(b",3,", b", 3,"))
