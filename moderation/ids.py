"""Ids: ULIDs (Crockford base 32, 48 bits of milliseconds, 80 random bits) and their types."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NewType

BoardSlug = NewType("BoardSlug", str)
ThreadId = NewType("ThreadId", str)
PostId = NewType("PostId", str)
MemberId = NewType("MemberId", str)
CaseId = NewType("CaseId", str)
NoticeId = NewType("NoticeId", str)
DecisionId = NewType("DecisionId", str)
StatementId = NewType("StatementId", str)
AppealId = NewType("AppealId", str)
ExportId = NewType("ExportId", str)
EntryId = NewType("EntryId", str)
RuleSetId = NewType("RuleSetId", str)
HoldId = NewType("HoldId", str)
DisclosureId = NewType("DisclosureId", str)

ERASED_MEMBER = MemberId("0" * 26)
"""Stands where a member stood who has been erased."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS = 80
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}\Z")


def is_ulid(text: str) -> bool:
    """Tell whether `text` is a ULID in its canonical, upper-case form."""
    return _ULID.match(text) is not None


def encode(number: int) -> str:
    """Write 128 bits as 26 characters; ValueError where the number does not fit."""
    if not 0 <= number < 1 << 128:
        raise ValueError("a ULID has 128 bits")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def decode(ulid: str) -> int:
    """Read a canonical ULID as its 128 bits; ValueError for anything else."""
    if not is_ulid(ulid):
        raise ValueError("not a ULID")
    number = 0
    for character in ulid:
        number = number << 5 | ALPHABET.index(character)
    return number


def time_of(ulid: str) -> datetime:
    """The instant a ULID carries, aware UTC, in milliseconds."""
    return datetime.fromtimestamp((decode(ulid) >> RANDOM_BITS) / 1000, UTC)


def ulid_source(
    now: Callable[[], datetime], random_bytes: Callable[[int], bytes]
) -> Callable[[], str]:
    """Make a source of ULIDs that rise strictly, within one millisecond too."""
    last = -1

    def new() -> str:
        nonlocal last
        milliseconds = round(now().timestamp() * 1000)
        number = milliseconds << RANDOM_BITS | int.from_bytes(random_bytes(10), "big")
        last = number if number > last else last + 1
        return encode(last)

    return new


def after(ulid: str, candidate: str) -> str:
    """The candidate, or the ULID just above `ulid` where a slow clock made the candidate lower."""
    return candidate if candidate > ulid else encode(decode(ulid) + 1)


def opaque_id(digest: bytes) -> str:
    """Make a ULID-shaped id of a keyed digest's first 128 bits (no time can be read from it)."""
    return encode(int.from_bytes(digest[:16], "big"))
