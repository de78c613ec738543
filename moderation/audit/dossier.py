"""Everything an export of one case is made of: its subjects' chains, and its records."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from moderation.audit.canonical import Json, canonical, parse
from moderation.audit.entry import BODY, payload_commitment, payload_salt, state_commitment
from moderation.audit.ports import SubjectHead

_BINDING = re.compile(rb'"salt":"[0-9a-f]{64}","subject":"([^"]+)"\}\n\Z')


@dataclass(frozen=True, slots=True)
class Document:
    """A record as canonical JSON: the subject it belongs to, and its part (`META`: the subject).

    `salt` keys the commitment to the subject's state; None where no entry binds the record.
    """

    subject: str
    part: str
    text: bytes
    salt: bytes | None

    def line(self) -> bytes:
        """Return its line in `documents.jsonl`."""
        salt = None if self.salt is None else self.salt.hex()
        rest = canonical({"part": self.part, "salt": salt, "subject": self.subject})
        return b'{"document":%b,%b\n' % (self.text, rest[1:])


@dataclass(frozen=True, slots=True)
class Wording:
    """Personal fields that an act on a subject may be about, as canonical JSON; its salt."""

    subject: str
    text: bytes
    salt: bytes


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case's subjects with their chain heads, and its records, each read with its head.

    `wordings` are what acts on them may have committed to; which did, their entries say.
    """

    heads: tuple[SubjectHead, ...]
    documents: tuple[Document, ...]
    wordings: tuple[Wording, ...] = ()


class Dossiers(Protocol):
    """The records of cases. Fails closed.

    Not trusted: a document that an entry binds is held against it; the others are said to be bound
    by none.
    """

    def of_case(self, case_id: str, *, protected: bool) -> Dossier | None:
        """Return a case's dossier, None where there is none; `protected`: with notifiers' names."""
        ...


def bound(document: Document, last: bytes) -> Document:
    """Return a document with its salt only if its subject's last entry binds it as it is."""
    entry = BODY.fullmatch(last.decode())
    if document.salt is None or entry is None:
        return replace(document, salt=None)
    holds = state_commitment(document.salt, document.text) == entry["after"]
    return document if holds else replace(document, salt=None)


def unbound(lines: bytes, subjects: Container[str]) -> bytes:
    """Return the lines of records, those of some subjects without a salt.

    For subjects whose last entry is withheld: nobody could hold the record against it.
    """
    kept = []
    for line in lines.splitlines(keepends=True):
        found = _BINDING.search(line)
        if found is not None and found[1].decode() in subjects:
            line = line[: found.start()] + b'"salt":null,"subject":"%b"}\n' % found[1]  # noqa: PLW2901
        kept.append(line)
    return b"".join(sorted(kept))


def payload_lines(bodies: Iterable[bytes], wordings: Iterable[Wording]) -> Iterator[bytes]:
    """Yield the line in `payloads.jsonl` of each entry that commits to one of the wordings.

    What a line shows keys this one payload alone, and not its subject's state.
    """
    known: dict[str, list[Wording]] = {}
    for wording in wordings:
        known.setdefault(wording.subject, []).append(wording)
    for body in bodies:
        entry = BODY.fullmatch(body.decode())
        if entry is None or entry["payload"] is None:
            continue
        for wording in known.get(entry["subject"], ()):
            salt = payload_salt(wording.salt, entry["id"])
            if payload_commitment(salt, wording.text) == entry["payload"]:
                end = canonical({"salt": salt.hex()})[1:]
                yield b'{"entry":"%b","fields":%b,%b\n' % (
                    entry["id"].encode(),
                    wording.text,
                    end,
                )
                break


def redacted(text: bytes, *fields: str) -> bytes:
    """Return a document without some of its fields."""
    parsed = parse(text)
    if not isinstance(parsed, dict):
        raise TypeError("a document is an object")
    kept: dict[str, Json] = {name: value for name, value in parsed.items() if name not in fields}
    return canonical(kept)
