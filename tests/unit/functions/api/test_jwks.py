"""The issuer's keys: fetched seldom, kept a while, never from the wrong place."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from functions.api import jwks
from functions.api.jwks import CachedKeySet, UntrustedUrlError
from moderation.errors import Unavailable
from tests.support.forum_api import KID, key_set


@dataclass
class Issuer:
    """An issuer that can fail, and a clock."""

    now: float = 0.0
    answer: bytes | None = field(default_factory=key_set)
    asked: int = 0

    def fetch(self, _: str) -> bytes:
        """What it publishes; OSError while it is down."""
        self.asked += 1
        if self.answer is None:
            raise OSError("down")
        return self.answer

    def keys(self) -> CachedKeySet:
        """A key set of this issuer."""
        return CachedKeySet("https://issuer.example", lambda: self.now, self.fetch)


def test_keys_are_fetched_once_and_kept() -> None:
    """Many tokens ask the issuer once in ten minutes."""
    issuer = Issuer()
    keys = issuer.keys()
    for second in range(0, jwks.FRESH_S, 50):
        issuer.now = second
        assert keys.key(KID) is not None
    assert 1 == issuer.asked
    issuer.now = jwks.FRESH_S
    keys.key(KID)
    assert 2 == issuer.asked


def test_an_unknown_key_asks_again_but_not_often() -> None:
    """A rotation is seen within a minute, a flood of strange tokens asks once a minute."""
    issuer = Issuer(answer=b'{"keys":[]}')
    keys = issuer.keys()
    assert keys.key(KID) is None
    issuer.answer = key_set()
    for _ in range(100):
        assert keys.key(KID) is None
    issuer.now = jwks.ASK_AGAIN_S
    assert keys.key(KID) is not None
    assert 2 == issuer.asked


def test_known_keys_outlive_an_outage_for_an_hour() -> None:
    """Then nobody is let in any more: closed, and said to be temporary."""
    issuer = Issuer()
    keys = issuer.keys()
    keys.key(KID)
    issuer.answer, issuer.now = None, jwks.USABLE_S
    assert keys.key(KID) is not None
    issuer.now += 1
    with pytest.raises(Unavailable):
        keys.key(KID)


@pytest.mark.parametrize(
    "answer", [None, b"", b"[]", b"{}", b'{"keys":{}}', b"\xff", b"[" * 100_000]
)
def test_without_keys_nobody_is_known(answer: bytes | None) -> None:
    """An issuer that is down or talks nonsense makes the API unavailable, not open."""
    issuer = Issuer(answer=answer)
    with pytest.raises(Unavailable):
        issuer.keys().key(KID)


def test_a_failed_start_is_tried_again_after_a_second() -> None:
    """The first outage does not last longer than it has to, nor hammer the issuer."""
    issuer = Issuer(answer=None)
    keys = issuer.keys()
    for _ in range(3):
        with pytest.raises(Unavailable):
            keys.key(KID)
    assert 1 == issuer.asked
    issuer.answer, issuer.now = key_set(), 1.0
    assert keys.key(KID) is not None


def test_only_signing_keys_of_two_kinds_are_read() -> None:
    """Symmetric, encrypting, misshapen and nameless keys are left out."""
    good = json.loads(key_set())["keys"][0]
    nameless = {name: value for name, value in good.items() if name != "kid"}
    entries = [
        good,
        nameless,
        {**good, "kid": "enc", "use": "enc"},
        {**good, "kid": "alg", "alg": "ES384"},
        {**good, "kid": "crv", "crv": "P-384"},
        {**good, "kid": "bad", "x": "!"},
        {"kty": "oct", "k": "AAAA", "kid": "oct"},
        "key",
    ]

    assert {KID} == set(jwks.parse(json.dumps({"keys": entries}).encode()))


@pytest.mark.parametrize(
    "url",
    ["http://issuer.example/jwks", "file:///etc/passwd", "ftp://localhost/", "https+x://a", ""],
)
def test_keys_come_over_https_or_from_this_machine(url: str) -> None:
    """Anything else is a mistake in the settings, not an outage."""
    with pytest.raises(UntrustedUrlError):
        jwks.fetch(url)


@contextmanager
def serving(status: int, body: bytes, location: str = "") -> Iterator[str]:
    """A server on this machine that answers every request alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_keys_are_read_from_this_machine() -> None:
    """A development issuer may speak http on the loopback."""
    with serving(200, key_set()) as url:
        assert key_set() == jwks.fetch(url)


@pytest.mark.parametrize(
    ("status", "body"), [(302, b""), (500, b""), (200, b"x" * (jwks.BYTES_MOST + 1))]
)
def test_redirects_errors_and_floods_are_no_keys(status: int, body: bytes) -> None:
    """The issuer answers itself, and briefly."""
    with serving(status, body, "https://evil.example/") as url, pytest.raises(OSError):  # noqa: PT011
        jwks.fetch(url)
