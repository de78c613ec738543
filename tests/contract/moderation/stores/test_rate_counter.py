"""The rate counter on any DynamoDB: exactly as many as allowed, in each window anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from moderation.community.recent import Mark, Recent
from moderation.errors import NotFound, TooManyRequests
from moderation.ports import Allowance
from tests.support.samples import AT
from tests.support.stack import Stack


def test_a_limit_is_used_up_and_comes_back(anywhere: Stack) -> None:
    """What is left is told each time, and then when to come again."""
    counter = anywhere.rate_counter
    for remaining in (2, 1, 0):
        recent = Recent(writes=3 - remaining)
        expected = Allowance(3, remaining, window_s=60, resets_in_s=60, recent=recent)
        assert expected == counter.take("01M", "writes", 3, 60, AT)
    with pytest.raises(TooManyRequests) as refused:
        counter.take("01M", "writes", 3, 60, AT + timedelta(seconds=50))
    assert {"retry_after_s": 10, "limit": 3, "window_s": 60} == refused.value.data
    later = counter.take("01M", "writes", 3, 60, AT + timedelta(seconds=60))
    assert (2, 4) == (later.remaining, later.recent.writes)


def test_a_text_is_known_again_and_a_repeated_request_is_not(anywhere: Stack) -> None:
    """Marks of one text are counted by request; another text and a write without one are others."""

    def same_text(text: str | None, request: str = "") -> int:
        mark = Mark(text, request) if text else None
        return anywhere.rate_counter.take("01M", "writes", 99, 60, AT, mark).recent.same_text

    assert [1, 1, 2, 1, 0] == [
        same_text("abcdef", "k1"),
        same_text("abcdef", "k1"),
        same_text("abcdef", "k2"),
        same_text("ghijkl", "k3"),
        same_text(None),
    ]


def test_an_hour_is_forgotten_with_the_next(anywhere: Stack) -> None:
    """A new hour of the clock begins at one."""
    anywhere.rate_counter.take("01M", "writes", 99, 60, AT, Mark("abcdef", "k1"))
    later = AT + timedelta(hours=1)
    taken = anywhere.rate_counter.take("01M", "writes", 99, 60, later, Mark("abcdef", "k2"))
    assert Recent(writes=1, same_text=1) == taken.recent


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
