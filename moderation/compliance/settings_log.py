"""Settings in the log: a deployment that changes one leaves an entry.

Settings, house rules and terms come with a deployment and not by a request, so nobody's request can
be logged. Whoever runs the clocks compares what is in force with what was recorded last. What is
kept of a value is a keyed digest: it tells that the value has changed, and of a secret nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.change import Act, Change, Context, More, Seen
from moderation.records import Kind, Ref

REASON_CHARACTERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsInForce:
    """The settings as recorded last, by name with the digest of each; `changed` are the names."""

    digests: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    changed_at: datetime

    @staticmethod
    def at() -> Ref["SettingsInForce"]:
        """The address of the one record there is."""
        return Ref(Kind.SETTINGS, "house")

    @property
    def ref(self) -> Ref["SettingsInForce"]:
        """The record's own address."""
        return SettingsInForce.at()


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """Record the settings in force where they differ from those recorded last, as one act.

    `digests` is by name. The reason names what has changed where that fits, and else how many.
    Answers whether there was anything to record; at once with others, one records it.
    """

    digests: Mapping[str, str]

    def reads(self) -> tuple[Ref[Any], ...]:
        """What was recorded last."""
        return (SettingsInForce.at(),)

    def decide(self, seen: Seen, context: Context) -> Change[bool]:
        """The settings as they are now, and `settings:change` in the log."""
        known = seen.get(SettingsInForce.at())
        before = {} if known is None else dict(known.digests)
        names = sorted(before.keys() | self.digests.keys())
        changed = tuple(name for name in names if before.get(name) != self.digests.get(name))
        if not changed:
            return Change(answer=False)
        record = SettingsInForce(
            digests=tuple(sorted(self.digests.items())),
            changed=changed,
            changed_at=context.now,
        )
        act = Act(
            record.ref, Action.SETTINGS_CHANGE, SYSTEM, via=Via.JOB, reason=_reason(known, changed)
        )
        return Change(answer=True, puts=(record,), acts=(act,), reference=record.ref)

    def recall(self, reference: Ref[Any], seen: Seen) -> bool | More:  # noqa: ARG002
        """It is recorded."""
        return False


def _reason(known: SettingsInForce | None, changed: tuple[str, ...]) -> str:
    if known is None:
        return "settings:first"
    named = f"settings:{'+'.join(changed)}"
    return named if len(named) <= REASON_CHARACTERS else f"settings:{len(changed)}"
