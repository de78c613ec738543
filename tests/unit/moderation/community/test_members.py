"""Whoever writes is a member, and nobody writes while suspended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.community.member import Member
from moderation.community.members import author_of, refuse_suspended, writing
from moderation.community.post import Author
from moderation.errors import Forbidden
from tests.support.community import KIM, MEMBER, NOW, SASCHA


def test_the_first_writing_makes_the_member() -> None:
    """Name, staff flag and unit come from the verified token."""
    made = Member(id=SASCHA.id, name="Sascha", created_at=NOW, staff=True, unit="support")

    assert writing(SASCHA, None, NOW) == made


def test_a_known_member_is_not_written_again() -> None:
    """A writing of somebody known costs no write of the member."""
    assert writing(KIM, MEMBER, NOW) is None


def test_a_new_name_is_taken_over_at_the_next_writing() -> None:
    """The record follows the token in the name, and in nothing else."""
    assert writing(replace(KIM, name="Kim R."), MEMBER, NOW) == replace(MEMBER, name="Kim R.")


@pytest.mark.parametrize(
    ("until", "told"),
    [(NOW + timedelta(hours=1), "2026-11-23T11:00:00.000Z"), (None, None)],
)
def test_a_suspended_member_is_refused_and_told_until_when(until: object, told: str | None) -> None:
    """The refusal names the end of the suspension, if it has one."""
    suspended = replace(MEMBER, suspended_at=NOW, suspended_until=until)

    with pytest.raises(Forbidden) as refusal:
        writing(KIM, suspended, NOW)

    assert (refusal.value.code, refusal.value.data) == ("suspended", {"until": told})


def test_a_suspension_that_is_over_refuses_nobody() -> None:
    """At its very end a member may write again, and so may who never was one."""
    over = replace(MEMBER, suspended_at=NOW - timedelta(days=1), suspended_until=NOW)

    assert refuse_suspended(over, NOW) is None
    assert refuse_suspended(None, NOW) is None


def test_an_author_is_shown_as_what_the_token_verified() -> None:
    """Staff stands beside the name, with the unit."""
    assert author_of(SASCHA) == Author(id=SASCHA.id, name="Sascha", staff=True, unit="support")
