"""One audited act and its bytes: the unit of the audit log.

The body of an entry is canonical JSON made of codes, counters, pseudonyms and keyed commitments.
Every value is plain ASCII that needs no escape, so one anchored pattern (`BODY`) describes the
schema and the canonical form at once. The format is that of `docs/formats/audit-log.md`, and is
final: a change is a new `v`.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from moderation.audit.actions import Action
from moderation.audit.canonical import canonical

VERSION = 1
NOTHING = "0" * 64
"""Stands in `prev` for "no entry before" and in `before` for "did not exist before"."""

SALT_BYTES = 32
BODY_LIMIT_BYTES = 840
"""Keeps the pending item of any entry within 1 KB, one write unit."""

ULID = r"[0-7][0-9A-HJKMNP-TV-Z]{25}+"
_HASH = r"[0-9a-f]{64}+"
_COUNT = r"[1-9][0-9]{0,14}+"
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"

BODY = re.compile(
    rf'\{{"action":"(?P<action>[a-z]{{2,24}}:[a-z]{{2,24}})"'
    rf',"actor":"(?P<actor>[0-9a-f]{{32}}+)"'
    rf',"after":"(?P<after>{_HASH})"'
    rf',"at":"(?P<at>{_DATE}T{_TIME})"'
    rf',"before":"(?P<before>{_HASH})"'
    rf',"cause":"(?P<cause>{ULID})"'
    rf',"content":(?P<content>null|{_COUNT})'
    rf',"id":"(?P<id>{ULID})"'
    rf',"origin":"(?P<origin>[A-Za-z0-9._~:/-]{{1,100}})"'
    rf',"part":\[(?P<part>{_COUNT}),(?P<parts>{_COUNT})\]'
    rf',"payload":(?:null|"(?P<payload>{_HASH})")'
    rf',"prev":"(?P<prev>{_HASH})"'
    rf',"prev_id":(?:null|"(?P<prev_id>{ULID})")'
    rf',"reason":"(?P<reason>[A-Za-z0-9][A-Za-z0-9._:/@#+-]{{0,63}})"'
    rf',"rev":(?P<rev>{_COUNT})'
    rf',"rule":(?:null|"(?P<rule>[A-Za-z0-9._-]{{1,40}}@[A-Za-z0-9._-]{{1,40}}#[A-Za-z0-9._-]{{1,60}})")'
    rf',"subject":"(?P<subject>[a-z]{{2,24}}:[A-Za-z0-9._-]{{1,64}})"'
    rf',"v":{VERSION},"via":"(?P<via>api|rule|job)"\}}'
)


_UNREAD = "after|before|origin|payload|prev|prev_id"
SHAPE = re.compile(
    re.sub(
        rf"\?P<(?:{_UNREAD})>",
        "?:",
        re.sub(r"(\]\{[0-9,]+\})\+?", r"\1+", BODY.pattern.replace("[0-9a-f]", '[^"]')),
    )
)
"""`BODY` without a look at what the hashes are made of, three times as fast.

For entries of the log: `BODY` held before they were appended, and the root says they are the same.
"""


class MalformedEntryError(ValueError):
    """Bytes or fields that are no entry of this format."""


class Via(StrEnum):
    """What carried an act out: a request, a rule or detector, or a clock or other worker."""

    API = "api"
    RULE = "rule"
    JOB = "job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act on one subject.

    `id` and `cause` are ULIDs, `at` is aware UTC in whole milliseconds, `actor` a pseudonym of 32
    hex digits, `subject` is `kind:id`. `rev` counts the subject's audited acts from 1; `prev` and
    `prev_id` are leaf hash (hex) and id of the one before, `NOTHING` and None at rev 1. `content`
    is the revision of the content the act was about. `before` and `after` are state commitments
    (hex), `payload` a payload commitment. `part` is (i, n): the i-th of n acts of one `cause`.
    `rule` is `set@version#id` of the rule that acted or gave the ground.
    """

    id: str
    at: datetime
    origin: str
    actor: str
    via: Via
    action: Action
    subject: str
    rev: int
    content: int | None
    prev: str
    prev_id: str | None
    part: tuple[int, int]
    reason: str
    rule: str | None
    before: str
    after: str
    payload: str | None
    cause: str


def encode(entry: Entry) -> bytes:
    """Return the canonical body of an entry; MalformedEntryError if a field is out of form."""
    body = canonical(
        {
            "v": VERSION,
            "id": entry.id,
            "at": time_text(entry.at),
            "origin": entry.origin,
            "actor": entry.actor,
            "via": entry.via,
            "action": entry.action,
            "subject": entry.subject,
            "rev": entry.rev,
            "content": entry.content,
            "prev": entry.prev,
            "prev_id": entry.prev_id,
            "part": entry.part,
            "reason": entry.reason,
            "rule": entry.rule,
            "before": entry.before,
            "after": entry.after,
            "payload": entry.payload,
            "cause": entry.cause,
        }
    )
    _check(body, entry)
    return body


def decode(body: bytes) -> Entry:
    """Read the canonical body of an entry; raises MalformedEntryError for any other bytes."""
    found = BODY.fullmatch(body.decode("ascii", "replace"))
    if found is None:
        raise MalformedEntryError("not the canonical body of an entry")
    try:
        entry = Entry(
            id=found["id"],
            at=datetime.fromisoformat(found["at"]),
            origin=found["origin"],
            actor=found["actor"],
            via=Via(found["via"]),
            action=Action(found["action"]),
            subject=found["subject"],
            rev=int(found["rev"]),
            content=None if found["content"] == "null" else int(found["content"]),
            prev=found["prev"],
            prev_id=found["prev_id"],
            part=(int(found["part"]), int(found["parts"])),
            reason=found["reason"],
            rule=found["rule"],
            before=found["before"],
            after=found["after"],
            payload=found["payload"],
            cause=found["cause"],
        )
    except ValueError as error:
        raise MalformedEntryError(str(error)) from error
    _check(body, entry)
    return entry


def leaf_hash(body: bytes) -> bytes:
    """Return the 32-byte leaf hash of a body, SHA-256(0x00 ‖ body) (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + body).digest()


def leaf_hashes(bodies: Iterable[bytes]) -> list[bytes]:
    """Return the leaf hashes of many bodies."""
    hashes, begun = list[bytes](), hashlib.sha256(b"\x00").copy
    for body in bodies:
        leaf = begun()
        leaf.update(body)
        hashes.append(leaf.digest())
    return hashes


def state_commitment(salt: bytes, state_json: bytes) -> str:
    """Return the hex HMAC-SHA-256 of a subject's state: canonical JSON without the audit fields.

    The salt of 32 random bytes is the subject's own; without it the state cannot be guessed from
    the commitment, and destroying it erases the link (GDPR Art. 17).
    """
    return _keyed(salt, b"state/v1\n" + state_json)


def payload_salt(salt: bytes, entry_id: str) -> bytes:
    """Return the 32 bytes that key one act's payload: HMAC-SHA-256 of its entry's id.

    Whoever is shown it learns nothing of the subject's own salt or of another act's; destroying
    the subject's salt destroys them all.
    """
    return hmac.digest(salt, b"payload/v1\n" + entry_id.encode(), "sha256")


def payload_commitment(salt: bytes, payload_json: bytes) -> str:
    """Return the hex HMAC-SHA-256 of an act's personal fields, given as canonical JSON.

    The salt of 32 bytes belongs to this payload alone.
    """
    return _keyed(salt, payload_json)


def at_text(body: bytes) -> str:
    """Return the `at` of a canonical body as it is written there; such texts sort by time."""
    start = body.index(b'"at":"') + 6
    return body[start : start + 24].decode()


def place_in_chain(body: bytes) -> tuple[str, int]:
    """Return subject and rev of a canonical body as they are written there."""
    head, subject, *_ = body.rsplit(b'"', 8)
    start = head.rindex(b'"rev":') + 6
    return subject.decode(), int(head[start : head.index(b",", start)])


def time_text(at: datetime) -> str:
    """Return a time as entries write it: RFC 3339, UTC, milliseconds, `Z`."""
    if at.utcoffset() != timedelta(0) or at.microsecond % 1000:
        raise MalformedEntryError("a time that is not UTC in whole milliseconds")
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _keyed(salt: bytes, message: bytes) -> str:
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return hmac.new(salt, message, hashlib.sha256).hexdigest()


def _check(body: bytes, entry: Entry) -> None:
    """Hold the body to the pattern, and the fields to what a pattern cannot say."""
    if BODY.fullmatch(body.decode("utf-8")) is None:
        raise MalformedEntryError("a field is not in the form the pattern demands")
    if len(body) > BODY_LIMIT_BYTES:
        raise MalformedEntryError(f"longer than {BODY_LIMIT_BYTES} bytes")
    if (entry.rev == 1) != (entry.prev == NOTHING) or (entry.rev == 1) != (entry.prev_id is None):
        raise MalformedEntryError("`prev` and `prev_id` are empty at rev 1, and only there")
    if entry.prev_id is not None and entry.prev_id >= entry.id:
        raise MalformedEntryError("`id` is not greater than `prev_id`")
    if entry.part[0] > entry.part[1]:
        raise MalformedEntryError("`part` exceeds the number of parts")
