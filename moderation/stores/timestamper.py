"""The port `Timestamper` by HTTP (RFC 3161, 3.4)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from moderation.audit.ports import StampError
from moderation.audit.stamping import NONCE_BYTES, query, taken
from moderation.audit.verify import STAMP_LIMIT_BYTES
from moderation.errors import Unavailable
from moderation.stores.web import checked_url, post

QUERY = "application/timestamp-query"


@dataclass(frozen=True, slots=True)
class HttpTimestamper:
    """Asks one authority, once a stamp, within five seconds."""

    url: str
    random_bytes: Callable[[int], bytes] = secrets.token_bytes

    def __post_init__(self) -> None:
        checked_url(self.url)

    def stamp(self, data: bytes) -> bytes:
        """Return the authority's answer over the SHA-256 of bytes; StampError where none holds."""
        asked = query(data, self.random_bytes(NONCE_BYTES))
        try:
            answer = post(self.url, asked, QUERY, STAMP_LIMIT_BYTES + 1)
        except Unavailable as error:
            raise StampError("The time-stamp authority did not answer.") from error
        return taken(answer, data, asked)
