"""Known unlawful files and addresses: the port of a list of hashes, and what of a text it can know.

A forum of text carries a file in two ways: encoded in the text itself (a `data:` address, or bare
base64), or as the address where it lies. Both are looked up by SHA-256, exactly; an address by its
normal form. Nothing of a picture is looked at, so a file that differs in one byte is another.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple, Protocol
from urllib.parse import quote, unquote, urlsplit

from moderation.detection.signal import KNOWN, PPM, Signal, Span
from moderation.detection.taxonomy import Category

# Every repetition is of disjoint characters, so that the time is linear in the text.
_ENCODED = re.compile(r"(?:data:[\w/+.-]{0,60};base64,)?([A-Za-z0-9+/]{64,}={0,2})")
_ADDRESS = re.compile(
    r"(?<![\w-])(?:https?://)?(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_]{2,24}(?::\d{1,5})?(?:[/?][^\s<>\"']{0,2000})?",
    re.IGNORECASE,
)
_CLOSING = ".,;:!?)]}»“”"
_UNRESERVED = "/:@!$&'()*+,;=~-._"


class Kind(StrEnum):
    """What a hash is of: a file's bytes, or an address in its normal form."""

    FILE = "file"
    URL = "url"


class KnownFiles(Protocol):
    """A list of known unlawful files and addresses.

    Fails closed: a list that cannot be read lets nothing be written. Whoever can write to it can
    have a file through, or keep any address from the public until a person has looked.
    """

    @property
    def version(self) -> str:
        """Which list this is."""

    def category_of(self, kind: Kind, digest: bytes) -> Category | None:
        """What a SHA-256 (32 bytes) is listed as, None where it is not."""


class Carried(NamedTuple):
    """Something that a text carries, by its SHA-256, and where it stands."""

    kind: Kind
    digest: bytes
    span: Span


def known_in(text: str, known: KnownFiles) -> tuple[Signal, ...]:
    """One signal for each listed thing a text carries; it repeats nothing of it."""
    return tuple(
        Signal(
            detector=KNOWN,
            version=known.version,
            category=category,
            score_ppm=PPM,
            span=carried.span,
            excerpt="",
            explanation=f"A known {carried.kind.value}: its hash is on the list.",
            rule=carried.kind.value,
        )
        for carried in carried_by(text)
        if (category := known.category_of(carried.kind, carried.digest)) is not None
    )


def carried_by(text: str) -> Iterator[Carried]:
    """The files and addresses that a text carries."""
    for match in _ENCODED.finditer(text):
        if (content := _decoded(match[1])) is not None:
            yield Carried(Kind.FILE, hashlib.sha256(content).digest(), Span(*match.span()))
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_CLOSING)
        if (normal := normal_address(address)) is not None:
            span = Span(match.start(), match.start() + len(address))
            yield Carried(Kind.URL, hashlib.sha256(normal.encode()).digest(), span)


def normal_address(address: str) -> str | None:
    """The form in which an address is hashed; None where it is none.

    Host in small ASCII letters without `www.`, then path and query with what needs no escape
    unescaped. Scheme, default port, fragment and a closing slash are left out: they change nothing
    of what is shown.
    """
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").encode("idna").decode("ascii").removeprefix("www.")
        port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    except ValueError:  # UnicodeError is one
        return None
    path = quote(unquote(parts.path), safe=_UNRESERVED).rstrip("/")
    query = f"?{quote(unquote(parts.query), safe=_UNRESERVED + '?')}" if parts.query else ""
    return f"{host}{port}{path}{query}" if "." in host else None


def _decoded(letters: str) -> bytes | None:
    try:
        return base64.b64decode(letters, validate=True)
    except binascii.Error:
        return None
