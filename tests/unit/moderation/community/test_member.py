"""Members and their suspensions."""

from datetime import UTC, datetime, timedelta

from moderation.community.member import Member
from moderation.ids import MemberId

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def member(**fields: datetime | None) -> Member:
    """A member with a suspension as given."""
    return Member(id=MemberId("M"), name="Kim", created_at=NOW, **fields)  # type: ignore[arg-type]


def test_a_suspension_bites_until_its_end_and_for_ever_without_one() -> None:
    """The end itself is no longer suspended."""
    end = NOW + timedelta(days=1)

    assert not member().is_suspended(NOW)
    assert member(suspended_at=NOW, suspended_until=end).is_suspended(NOW)
    assert not member(suspended_at=NOW, suspended_until=end).is_suspended(end)
    assert member(suspended_at=NOW).is_suspended(end)
