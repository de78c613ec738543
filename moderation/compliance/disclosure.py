"""Disclosures: who is behind a name in the log, or by which names somebody is in it.

Neither may one officer find out alone: it takes a reason and a second one, and every step and every
look is an entry.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.change import Act, Change, Context, More, Seen
from moderation.errors import Conflict, Fault, Invalid
from moderation.ids import DisclosureId, MemberId
from moderation.records import Kind, Ref

CODE = "conflict-of-interest"
OPEN_FOR = timedelta(days=1)
"""How long an approved disclosure can be looked at; then it takes another one."""

DisclosureKind = Literal["person", "pseudonym"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A request to link a person and the log; `about` is a member's id, or a pseudonym.

    `seen_by` are those who looked, each once.
    """

    id: DisclosureId
    kind: DisclosureKind
    about: str
    reason: str
    requested_by: MemberId
    requested_at: datetime
    state: Literal["asked", "approved", "refused"] = "asked"
    decided_by: MemberId | None = None
    decided_at: datetime | None = None
    seen_by: tuple[MemberId, ...] = ()

    @staticmethod
    def at(disclosure_id: str) -> Ref["Disclosure"]:
        """The address of the disclosure with this id."""
        return Ref(Kind.DISCLOSURE, disclosure_id)

    @property
    def ref(self) -> Ref["Disclosure"]:
        """The record's own address."""
        return Disclosure.at(self.id)

    def is_open_to(self, actor: Actor, now: datetime) -> bool:
        """Whether somebody may look now: one of the two, within a day of the approval."""
        return (
            self.state == "approved"
            and self.decided_at is not None
            and now < self.decided_at + OPEN_FOR
            and actor.id in (self.requested_by, self.decided_by)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDisclosure:
    """An officer asks, and says why. Answers the disclosure. Invalid without a reason."""

    kind: DisclosureKind
    about: str
    reason: str
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """Nothing: it is new."""
        return ()

    def decide(self, seen: Seen, context: Context) -> Change[Disclosure]:  # noqa: ARG002
        """Put it; a second officer decides."""
        if not self.reason.strip():
            fault = Fault("/reason", "Say why.")
            raise Invalid("A disclosure needs a reason.", faults=(fault,))
        asked = Disclosure(
            id=DisclosureId(context.new_id()),
            kind=self.kind,
            about=self.about,
            reason=self.reason,
            requested_by=self.actor.id,
            requested_at=context.now,
        )
        act = _act(asked, Action.DISCLOSURE_REQUEST, self.actor)
        return Change(answer=asked, puts=(asked,), acts=(act,), reference=asked.ref)

    def recall(self, reference: Ref[Disclosure], seen: Seen) -> Disclosure | More:
        """The disclosure as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDisclosure:
    """A second officer agrees or refuses. Answers the disclosure.

    Conflict for the one who asked, for whoever it is about, and where it has been decided.
    """

    disclosure_id: DisclosureId
    approve: bool
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """The disclosure."""
        return (Disclosure.at(self.disclosure_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Disclosure]:
        """Open it for a day, or not."""
        asked = seen.need(Disclosure.at(self.disclosure_id))
        if self.actor.id in (asked.requested_by, asked.about):
            raise Conflict("Somebody else must decide this.", code=CODE)
        if asked.state != "asked":
            raise Conflict("The disclosure has been decided.", code="already-decided")
        decided = replace(
            asked,
            state="approved" if self.approve else "refused",
            decided_by=self.actor.id,
            decided_at=context.now,
        )
        action = Action.DISCLOSURE_APPROVE if self.approve else Action.DISCLOSURE_REFUSE
        act = _act(asked, action, self.actor)
        return Change(answer=decided, puts=(decided,), acts=(act,), reference=asked.ref)

    def recall(self, reference: Ref[Disclosure], seen: Seen) -> Disclosure | More:
        """The disclosure as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtDisclosure:
    """Somebody looks at what was disclosed: an act, once for each. Answers the disclosure.

    Nothing is noted where nothing may be seen.
    """

    disclosure_id: DisclosureId
    actor: Actor

    def reads(self) -> tuple[Ref[Any], ...]:
        """The disclosure."""
        return (Disclosure.at(self.disclosure_id),)

    def decide(self, seen: Seen, context: Context) -> Change[Disclosure]:
        """Note who looked."""
        known = seen.need(Disclosure.at(self.disclosure_id))
        if not known.is_open_to(self.actor, context.now) or self.actor.id in known.seen_by:
            return Change(answer=known)
        noted = replace(known, seen_by=(*known.seen_by, self.actor.id))
        act = _act(known, Action.DISCLOSURE_READ, self.actor)
        return Change(answer=noted, puts=(noted,), acts=(act,), reference=known.ref)

    def recall(self, reference: Ref[Disclosure], seen: Seen) -> Disclosure | More:
        """The disclosure as it is now."""
        return More.unless_seen(seen, (reference,)) or seen.need(reference)


def _act(disclosure: Disclosure, action: Action, actor: Actor) -> Act:
    return Act(disclosure.ref, action, actor, reason=f"disclose:{disclosure.kind}")
