"""A list of known files and addresses as a text file, read into memory once.

    hausrecht-known 1
    # what it is, from whom, of when
    file 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 CSAM
    url 2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90 SPAM

The first line names the format. Then one entry a line: `file` or `url`, a SHA-256 in small hex
digits, a category that automation may act on. Blank lines and lines from `#` are remarks. A list
holds hashes and no address, so that it can lie about without being what it warns of. About 200
bytes of memory an entry.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from moderation.detection.known import Kind
from moderation.detection.taxonomy import Automatic, Category, facts_of

FORMAT = "hausrecht-known 1"
_ENTRY = re.compile(r"(file|url) ([0-9a-f]{64}) ([A-Z_]{2,40})")


class ListError(Exception):
    """A list that cannot be used; names every wrong line, up to ten."""


@dataclass(frozen=True, slots=True)
class ExactList:
    """A `KnownFiles` in memory; the version is a digest of the file."""

    version: str
    entries: Mapping[tuple[Kind, bytes], Category]

    def category_of(self, kind: Kind, digest: bytes) -> Category | None:
        """What a SHA-256 is listed as."""
        return self.entries.get((kind, digest))


def read_list(path: Path) -> ExactList:
    """Read a file; ListError where it is not there or not a list."""
    try:
        return parse_list(path.read_text(encoding="ascii"))
    except (OSError, UnicodeError) as error:
        raise ListError(f"{path.name}: {error}") from error


def parse_list(text: str) -> ExactList:
    """Parse a list, strictly; ListError with the wrong lines by number."""
    first, *lines = text.split("\n")
    if first != FORMAT:
        raise ListError(f"line 1: not `{FORMAT}`")
    entries: dict[tuple[Kind, bytes], Category] = {}
    wrong: list[str] = []
    for number, line in enumerate(lines, start=2):
        said = line.partition("#")[0].rstrip()
        if said:
            entry = _entry(said)
            if isinstance(entry, str):
                wrong.append(f"line {number}: {entry}")
            else:
                kind, digest, category = entry
                entries[kind, digest] = category
    if wrong:
        raise ListError("; ".join(wrong[:10]))
    return ExactList(hashlib.sha256(text.encode()).hexdigest()[:12], entries)


def _entry(line: str) -> tuple[Kind, bytes, Category] | str:
    """An entry, or what is wrong with it."""
    match = _ENTRY.fullmatch(line)
    if match is None:
        return "not `file` or `url`, a SHA-256 and a category"
    if match[3] not in Category.__members__:
        return f"no such category: {match[3]}"
    category = Category(match[3])
    if facts_of(category).automatic is Automatic.NONE:
        return f"automation may not act on {match[3]} (ADR 020)"
    return Kind(match[1]), bytes.fromhex(match[2]), category
