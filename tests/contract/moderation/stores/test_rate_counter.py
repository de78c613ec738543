"""The rate counter on any DynamoDB: exactly as many as allowed, in each window anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from moderation.errors import NotFound, TooManyRequests
from moderation.ports import Allowance
from tests.support.samples import AT
from tests.support.stack import Stack


def test_a_limit_is_used_up_and_comes_back(anywhere: Stack) -> None:
    """What is left is told each time, and then when to come again."""
    counter = anywhere.rate_counter
    for remaining in (2, 1, 0):
        expected = Allowance(limit=3, remaining=remaining, window_s=60, resets_in_s=60)
        assert expected == counter.take("01M", "writes", 3, 60, AT)
    with pytest.raises(TooManyRequests) as refused:
        counter.take("01M", "writes", 3, 60, AT + timedelta(seconds=50))
    assert {"retry_after_s": 10, "limit": 3, "window_s": 60} == refused.value.data
    assert 2 == counter.take("01M", "writes", 3, 60, AT + timedelta(seconds=60)).remaining


def test_callers_and_actions_are_counted_apart(anywhere: Stack) -> None:
    """One person's limit is nobody else's, and a notice is no post."""
    for caller, action in (("01M", "writes"), ("01N", "writes"), ("01M", "notices")):
        assert 0 == anywhere.rate_counter.take(caller, action, 1, 60, AT).remaining


def test_a_limit_holds_among_many(anywhere: Stack) -> None:
    """Twenty at once, ten allowed."""

    def take(_: int) -> bool:
        try:
            anywhere.rate_counter.take("01M", "writes", 10, 60, AT)
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert 10 == sum(pool.map(take, range(20)))


def test_a_caller_is_a_plain_word(anywhere: Stack) -> None:
    """Anything else could reach into another's count."""
    with pytest.raises(NotFound):
        anywhere.rate_counter.take("a#b", "writes", 1, 60, AT)
