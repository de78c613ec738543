"""The issuer's key set, fetched and kept.

Fetched over https (http only from this machine), without redirects, at most 64 KB in 3 seconds;
or written into the setting itself as a `data:` URL, which reaches every engine's functions alike.
Kept for ten minutes; an unknown `kid` asks again, at most once a minute, so that strangers' tokens
cannot make the API hammer the issuer. Fails closed: a key set that cannot be had is Unavailable,
except that keys already known stay good for an hour. Whoever can write to the key set can be
anyone.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jwt

from moderation.errors import Unavailable

FRESH_S = 600
USABLE_S = 3_600
ASK_AGAIN_S = 60
TIMEOUT_S = 3
BYTES_MOST = 64 * 1024
KEYS_MOST = 50
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class UntrustedUrlError(RuntimeError):
    """The key set's address is neither https, nor on this machine, nor the key set itself."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def fetch(url: str) -> bytes:
    """Get a key set; OSError where it cannot be had, UntrustedUrlError for a wrong address."""
    parts = urlsplit(url)
    is_near = parts.scheme == "http" and parts.hostname in LOOPBACK
    if parts.scheme not in {"https", "data"} and not is_near:
        raise UntrustedUrlError("JWKS_URL must be https")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)
    with opener.open(url, timeout=TIMEOUT_S) as answer:
        data: bytes = answer.read(BYTES_MOST + 1)
    if len(data) > BYTES_MOST:
        raise OSError("the key set is too long")
    return data


def parse(data: bytes) -> dict[str, jwt.PyJWK]:
    """Read the signing keys of a key set by `kid`; others are left out. ValueError for no set."""
    document = json.loads(data)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("no key set")
    keys = {}
    for entry in entries[:KEYS_MOST]:
        key = _signing_key(entry)
        if key is not None and key.key_id is not None:
            keys[key.key_id] = key
    return keys


def _signing_key(entry: object) -> jwt.PyJWK | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    algorithm = {"RSA": "RS256", "EC": "ES256"}.get(str(entry.get("kty")))
    if algorithm is None or entry.get("alg", algorithm) != algorithm:
        return None
    if algorithm == "ES256" and entry.get("crv") != "P-256":
        return None
    try:
        return jwt.PyJWK(entry, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None


@dataclass(slots=True)
class CachedKeySet:
    """`authentication.KeySet` of one address. `clock` gives seconds that only rise."""

    url: str
    clock: Callable[[], float]
    fetch: Callable[[str], bytes] = fetch
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _fetched_at: float | None = None
    _asked_at: float | None = None

    def key(self, kid: str) -> jwt.PyJWK | None:
        """The key of that name, asking the issuer where what is kept is old or does not have it."""
        now = self.clock()
        if self._is_due(now, kid):
            self._ask(now)
        if self._fetched_at is None or now - self._fetched_at > USABLE_S:
            raise Unavailable("The issuer's keys cannot be had at the moment.")
        return self._keys.get(kid)

    def _is_due(self, now: float, kid: str) -> bool:
        if self._fetched_at is None:
            return self._asked_at is None or now - self._asked_at >= 1
        is_old = now - self._fetched_at >= FRESH_S
        asked_lately = self._asked_at is not None and now - self._asked_at < ASK_AGAIN_S
        return (is_old or kid not in self._keys) and not asked_lately

    def _ask(self, now: float) -> None:
        self._asked_at = now
        try:
            keys = parse(self.fetch(self.url))
        except (OSError, ValueError, RecursionError):
            return
        self._keys, self._fetched_at = keys, now
