"""Heartbeats: an entry in each hour in which nothing else was written.

A tree signed again proves nothing; a new entry shows that the log was alive, and that the hours
before it were empty and not cut out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.change import Act, Change, Context, More, Seen
from moderation.records import Kind, Ref

IDLE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """The log as a subject of its own, and when its heart beat last."""

    beat_at: datetime

    @staticmethod
    def at() -> Ref["Pulse"]:
        """The address of the one pulse there is."""
        return Ref(Kind.LOG, "pulse")

    @property
    def ref(self) -> Ref["Pulse"]:
        """The record's own address."""
        return Pulse.at()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """Write a heartbeat unless something was written within the hour. Answers whether it did.

    `last_at` is when the log's newest entry was written, None where it has none. Several at once
    are harmless: the second one finds the pulse of the first.
    """

    last_at: datetime | None

    def reads(self) -> tuple[Ref[Any], ...]:
        """The pulse."""
        return (Pulse.at(),)

    def decide(self, seen: Seen, context: Context) -> Change[bool]:
        """One act on the log itself."""
        pulse = seen.get(Pulse.at())
        beat_at = None if pulse is None else pulse.beat_at
        known = [at for at in (self.last_at, beat_at) if at is not None]
        if known and context.now - max(known) < IDLE:
            return Change(answer=False)
        beat = Pulse(beat_at=context.now)
        act = Act(beat.ref, Action.LOG_HEARTBEAT, SYSTEM, via=Via.JOB, reason="log:idle")
        return Change(answer=True, puts=(beat,), acts=(act,), reference=beat.ref)

    def recall(self, reference: Ref[Pulse], seen: Seen) -> bool | More:  # noqa: ARG002
        """It beat."""
        return True
