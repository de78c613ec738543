"""What an export is bound to once it has begun: its range, and the heads its subjects had then."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from moderation.audit.canonical import canonical, parse


@dataclass(frozen=True, slots=True, order=True)
class PinnedHead:
    """A subject's chain head; `later` is the id of its last entry where that is not in range."""

    subject: str
    rev: int
    head: str
    later: str | None

    def line(self) -> bytes:
        """Return the subject's line in `heads.jsonl`."""
        return canonical({"head": self.head, "rev": self.rev, "subject": self.subject}) + b"\n"


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
    lines += [canonical([head.subject, head.rev, head.head, head.later]) for head in pin.heads]
    return b"\n".join(lines)


def unpack_pin(data: bytes) -> Pin:
    """Return the pin that `pack_pin` wrote."""
    first, *rest = data.split(b"\n")
    fields = cast("dict[str, Any]", parse(first))
    heads = tuple(_heads(rest))
    return Pin(
        fields["begin"],
        fields["end"],
        fields["size"],
        heads,
        fields.get("documents"),
        fields.get("payloads"),
    )


def _heads(lines: Iterable[bytes]) -> Iterable[PinnedHead]:
    for line in lines:
        subject, rev, head, later = cast("tuple[str, int, str, str | None]", parse(line))
        yield PinnedHead(subject, rev, head, later)
