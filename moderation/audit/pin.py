"""What an export is bound to once it has begun: its range, and the heads its subjects had then."""

import re
from dataclasses import dataclass
from typing import Any, cast

from moderation.audit.canonical import NotCanonicalError, canonical, parse
from moderation.audit.entry import ULID

_HEAD = re.compile(
    r'\["([a-z]{2,24}:[A-Za-z0-9._-]{1,64})",([1-9][0-9]{0,14}),"([0-9a-f]{64})"'
    rf',(?:null|"({ULID})")\]'
)


@dataclass(frozen=True, slots=True, order=True)
class PinnedHead:
    """A subject's chain head; `later` is the id of its last entry where that is not in range."""

    subject: str
    rev: int
    head: str
    later: str | None

    def line(self) -> bytes:
        """Return the subject's line in `heads.jsonl`: canonical, since nothing in it is escaped."""
        text = f'{{"head":"{self.head}","rev":{self.rev},"subject":"{self.subject}"}}\n'
        return text.encode()


@dataclass(frozen=True, slots=True)
class Pin:
    """The range [begin, end) as found in a tree of `size`, and the heads by subject.

    `documents` is the SHA-256, in hex, of the records that go with it, `payloads` that of the
    personal fields; None where none do.
    """

    begin: int
    end: int
    size: int
    heads: tuple[PinnedHead, ...]
    documents: str | None = None
    payloads: str | None = None


def pack_pin(pin: Pin) -> bytes:
    """Return a pin as an object: canonical JSON lines, the range first."""
    first = {"begin": pin.begin, "end": pin.end, "size": pin.size, "v": 1}
    kept = {"documents": pin.documents, "payloads": pin.payloads}
    lines = [canonical({**first, **{name: each for name, each in kept.items() if each}})]
    lines += map(_pack_head, pin.heads)
    return b"\n".join(lines)


def unpack_pin(data: bytes) -> Pin:
    """Return the pin that `pack_pin` wrote; raises NotCanonicalError for anything else."""
    first, *rest = data.split(b"\n")
    fields = cast("dict[str, Any]", parse(first))
    heads = tuple(map(_unpack_head, rest))
    return Pin(
        fields["begin"],
        fields["end"],
        fields["size"],
        heads,
        fields.get("documents"),
        fields.get("payloads"),
    )


def _pack_head(head: PinnedHead) -> bytes:
    later = "null" if head.later is None else f'"{head.later}"'
    return f'["{head.subject}",{head.rev},"{head.head}",{later}]'.encode()


def _unpack_head(line: bytes) -> PinnedHead:
    found = _HEAD.fullmatch(line.decode("ascii", "replace"))
    if found is None:
        raise NotCanonicalError("not a head as it is pinned")
    return PinnedHead(found[1], int(found[2]), found[3], found[4])
