"""Names of actors in the log: stable within a year, linkable to a person only with the key.

A moderator's acts can be followed through a year, which a court needs, but not across years,
and nothing in the log says who it was. Opening a pseudonym means trying ids against the key.
"""

import hashlib
import hmac

from moderation.audit.entry import MalformedEntryError

KEY_BYTES = 32
PSEUDONYM_BYTES = 16


def year_key(root: bytes, year: int) -> bytes:
    """Return the 32-byte pseudonym key of a year, derived from the root secret."""
    return hmac.new(root, b"pseudonym/v1\n%d" % year, hashlib.sha256).digest()


def pseudonym(key: bytes, actor_id: str) -> str:
    """Return the 32 hex digits by which the entries of that year name an actor."""
    if len(key) != KEY_BYTES:
        raise MalformedEntryError(f"a pseudonym key has {KEY_BYTES} bytes")
    digest = hmac.new(key, actor_id.encode("utf-8"), hashlib.sha256).digest()
    return digest[:PSEUDONYM_BYTES].hex()
