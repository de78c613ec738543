"""Cursors: where a list continues, signed, so that nobody but the API makes one.

A cursor is base64url(signature ‖ expiry ‖ position): the signature is HMAC-SHA-256, cut to 16
bytes, over the list (route, path and filters), the reader, the expiry and the position. It counts
for that list and that reader for a day.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.api.endpoint import Call
from functions.api.errors import Malformed
from moderation.ports import Page
from schemas.page import ListQuery

LIFETIME_S = 24 * 3_600
SIGNATURE_BYTES = 16
EXPIRY_BYTES = 5
REFUSED = "cursor-refused"
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Binding:
    """What a cursor counts for. `list_name` is the path as called with the filters."""

    list_name: str
    reader: str


def seal(key: bytes, binding: Binding, position: str, now: datetime) -> str:
    """Make the cursor of a position."""
    expiry = (int(now.timestamp()) + LIFETIME_S).to_bytes(EXPIRY_BYTES, "big")
    rest = expiry + position.encode()
    return base64.urlsafe_b64encode(_signature(key, binding, rest) + rest).rstrip(b"=").decode()


def unseal(key: bytes, binding: Binding, cursor: str, now: datetime) -> str:
    """Read the position out of a cursor; Malformed (`cursor-refused`) where it does not hold."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise _refused() from None
    signature, rest = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(key, binding, rest)):
        raise _refused()
    if int.from_bytes(rest[:EXPIRY_BYTES], "big") < now.timestamp():
        raise _refused()
    return rest[EXPIRY_BYTES:].decode()


def paged[T](call: Call, query: ListQuery, fetch: Callable[[int, str | None], Page[T]]) -> Page[T]:
    """Fetch the page that a request asks for; its `next` is a cursor ready to hand out."""
    binding = Binding(_list_name(call), call.actor.id if call.actor else PUBLIC)
    key, now = call.parts.keyring.cursor, call.parts.now()
    after = None if query.cursor is None else unseal(key, binding, query.cursor, now)
    page = fetch(query.limit, after)
    following = None if page.next is None else seal(key, binding, page.next, now)
    return Page(page.items, following)


def _list_name(call: Call) -> str:
    filters = sorted((k, v) for k, v in call.query.items() if k not in ("limit", "cursor"))
    path = sorted(call.path.items())
    return repr((call.route, path, filters))


def _signature(key: bytes, binding: Binding, rest: bytes) -> bytes:
    message = b"\0".join((binding.list_name.encode(), binding.reader.encode(), rest))
    return hmac.new(key, message, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _refused() -> Malformed:
    return Malformed("This cursor is not one of this list for this reader.", code=REFUSED)
