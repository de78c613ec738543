"""Whoever writes is a member: made at the first writing, refused while suspended."""

from dataclasses import replace
from datetime import UTC, datetime

from moderation.actor import Actor
from moderation.community.member import Member
from moderation.community.post import Author
from moderation.errors import Forbidden


def writing(actor: Actor, member: Member | None, now: datetime) -> Member | None:
    """Return the member record that this writing has to put; None where the stored one stands.

    The name follows the token at the next writing: it is no part of the audited state. Raises
    Forbidden (`suspended`) with `until` (RFC 3339, None: without end) while a suspension is in
    force; the store is asked each time, so that it bites whatever the token says.
    """
    if member is None:
        return Member(
            id=actor.id, name=actor.name, created_at=now, staff=actor.is_staff, unit=actor.unit
        )
    refuse_suspended(member, now)
    return None if member.name == actor.name else replace(member, name=actor.name)


def refuse_suspended(member: Member | None, now: datetime) -> None:
    """Raise Forbidden (`suspended`) where the member may not write at `now`."""
    if member is None or not member.is_suspended(now):
        return
    until = member.suspended_until
    raise Forbidden(
        "This account is suspended from writing.",
        code="suspended",
        data={"until": None if until is None else _rfc3339(until)},
    )


def author_of(actor: Actor) -> Author:
    """The author as a post shows them: staff by the token's verified roles, with their unit."""
    return Author(id=actor.id, name=actor.name, staff=actor.is_staff, unit=actor.unit)


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
