"""What a bundle is built from, and what it says of itself: READ-ME and manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moderation.audit.anchor import Anchors
from moderation.audit.canonical import Json
from moderation.audit.keys import VerificationKey
from moderation.audit.log_reader import Published
from moderation.audit.pin import Pin
from moderation.audit.readme import readme
from moderation.audit.selection import EVERYTHING, Profile, Selection


@dataclass(frozen=True, slots=True)
class Source:
    """What a bundle is built from; the same source gives the same bytes.

    `start`, `end` and `requested_at` are as entries write times. `subject` or `case` name whose
    chains it holds in place of a range. `stamp` is the time stamp on the checkpoint, `personal` are
    the files that hold personal data.
    """

    export_id: str
    origin: str
    start: str
    end: str
    requested_at: str
    pin: Pin
    published: Published
    key: VerificationKey
    anchors: Anchors | None
    stamp: bytes | None = None
    profile: Profile = Profile.AUTHORITY
    selection: Selection = EVERYTHING
    subject: str | None = None
    case: str | None = None
    personal: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def is_of_chains(self) -> bool:
        """Whether the bundle holds whole chains in place of a range."""
        return self.subject is not None or self.case is not None

    def readme(self) -> bytes:
        """Return READ-ME.txt."""
        return readme(
            origin=self.origin,
            start=self.start,
            end=self.end,
            begin=self.pin.begin,
            finish=self.pin.end,
            size=self.published.checkpoint.size,
            key=str(self.key),
            key_id=self.key.key_id.hex(),
            profile=self.profile.value,
        )

    def manifest(self, counts: dict[str, Json]) -> dict[str, Json]:
        """Return the manifest, which names what is in the bundle but for the files' digests."""
        return {
            "counts": counts,
            "export": self.export_id,
            "from": self.start,
            "origin": self.origin,
            "profile": self.profile.value,
            "range": [self.pin.begin, self.pin.end],
            "requested_at": self.requested_at,
            "selection": self._selection(),
            "size": self.published.checkpoint.size,
            "to": self.end,
        }

    def _selection(self) -> dict[str, Json]:
        """What was asked for beside the period, in the request's own words."""
        actors = self.selection.actors
        asked: dict[str, Json] = {
            "action": self.selection.action,
            "actors": None if actors is None else sorted(actors),
            "case": self.case,
            "subject": self.subject,
        }
        return {name: value for name, value in asked.items() if value is not None}
