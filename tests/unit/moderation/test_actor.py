"""Who acts."""

from moderation.actor import Actor, Role
from moderation.ids import MemberId


def test_everybody_but_a_plain_customer_is_staff() -> None:
    """A token with any company role makes its bearer's posts the company's own."""
    customer = Actor(MemberId("M"), "Kim", frozenset({Role.CUSTOMER}))
    moderator = Actor(MemberId("M"), "Kim", frozenset({Role.CUSTOMER, Role.MODERATOR}))

    assert (False, True) == (customer.is_staff, moderator.is_staff)
    assert moderator.has(Role.APPROVER, Role.MODERATOR)
    assert not customer.has(Role.APPROVER, Role.MODERATOR)
