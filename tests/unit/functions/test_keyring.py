"""Everything derived from the root secret differs by what it is for."""

import pytest

from functions.keyring import Keyring, WeakRootError
from moderation.ids import is_ulid

KEYS = Keyring(lambda: b"r" * 32)
ULID = "01M83T4CM0RJYAWWPY7WSA2MFG"


def test_a_member_has_one_id_for_good() -> None:
    """The id of a person is a ULID, stable, and another for another subject, issuer or root."""
    first = KEYS.member_id("https://a.example", "kim")
    others = {
        KEYS.member_id("https://a.example", "alex"),
        KEYS.member_id("https://b.example", "kim"),
        KEYS.member_id("https://a.example" + "k", "im"),
        Keyring(lambda: b"q" * 32).member_id("https://a.example", "kim"),
    }

    assert first == KEYS.member_id("https://a.example", "kim")
    assert is_ulid(first)
    assert first not in others
    assert 4 == len(others)


def test_a_notice_secret_is_made_again_and_not_guessed() -> None:
    """It has 256 bits, depends on the notice, and needs no store."""
    secret = KEYS.notice_secret(ULID)

    assert secret == KEYS.notice_secret(ULID)
    assert 43 == len(secret)
    assert secret != KEYS.notice_secret("01M83T4CM0RJYAWWPY7WSA2MFH")


def test_a_fingerprint_covers_each_part_for_itself() -> None:
    """Moving a character from one part to the next is another request."""
    assert KEYS.fingerprint(b"ab", b"c") != KEYS.fingerprint(b"a", b"bc")
    assert KEYS.fingerprint(b"ab", b"") == KEYS.fingerprint(b"ab", b"")


def test_an_address_is_hidden() -> None:
    """What counts a public caller does not hold the address."""
    assert "192.0.2.1" not in KEYS.address("192.0.2.1")
    assert KEYS.address("192.0.2.1") != KEYS.address("192.0.2.2")
    assert KEYS.cursor != KEYS.root


def test_a_mark_knows_a_text_and_a_request_again() -> None:
    """Equal texts have equal marks, the request apart; nothing of either can be read in it."""
    mark = KEYS.mark("the text", "a key")
    assert (6, 2) == (len(mark.text), len(mark.request))
    assert mark.text == KEYS.mark("the text", "another").text
    assert mark.text != KEYS.mark("a text", "a key").text


def test_a_weak_root_is_refused() -> None:
    """Nothing is derived from fewer than 32 bytes."""
    with pytest.raises(WeakRootError):
        Keyring(lambda: b"short").notice_secret(ULID)


def test_a_keyring_does_not_show_itself() -> None:
    """Printing it says nothing of the secret."""
    assert "rrrr" not in repr(KEYS)
