"""What members see of themselves."""

from datetime import datetime

from moderation.actor import Actor
from moderation.cases.message import InboxItem
from moderation.community.member import Member
from schemas.members import MemberView, NotificationView


def member_view(actor: Actor, member: Member | None, now: datetime) -> MemberView:
    """The caller by token, and by the store where they have written before."""
    is_suspended = member is not None and member.is_suspended(now)
    return MemberView(
        id=actor.id,
        name=actor.name,
        roles=sorted(role.value for role in actor.roles),
        unit=actor.unit,
        staff=actor.is_staff,
        suspended=is_suspended,
        suspended_until=member.suspended_until if member and is_suspended else None,
        warnings=len(member.warnings) if member else 0,
    )


def notification_view(item: InboxItem) -> NotificationView:
    """One item of the inbox."""
    return NotificationView(
        id=item.id,
        kind=item.kind.value,
        about=item.about,
        text=item.text,
        language=item.language,
        created_at=item.created_at,
    )
