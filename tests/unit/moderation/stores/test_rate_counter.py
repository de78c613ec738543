"""A counter that cannot count lets nobody write."""

import pytest
from pynamodb.exceptions import UpdateError

from moderation.community.recent import Mark
from moderation.errors import Unavailable
from tests.support.faults import FaultAt
from tests.support.samples import AT
from tests.support.stack import Stack


def test_one_count_is_one_update(stack: Stack) -> None:
    """One request, one write unit, and the item goes when its hour is over."""
    stack.rate_counter.take("01M", "writes", 3, 60, AT, Mark("abcdef", "k1"))
    assert (["UpdateItem"], 1) == (stack.engine.meter.operations, stack.engine.meter.wcu)
    (item,) = stack.engine.tables["forum"].items()
    start = int(AT.timestamp()) // 3600 * 3600
    assert ({"S": "RATE"}, {"N": str(start + 3600)}) == (item["kind"], item["expires_at"])


def test_fifty_texts_of_an_hour_fit_one_write_unit(stack: Stack) -> None:
    """The marks are short, so that counting stays as cheap as it was."""
    for number in range(50):
        at = AT.replace(minute=number)
        stack.rate_counter.take("01M", "writes", 99, 60, at, Mark(f"a{number:05}", "k1"))
    assert 50 == stack.engine.meter.wcu


@pytest.mark.parametrize("trouble", ["lost", "error", "throttle", "conflict"])
def test_a_count_that_is_not_answered_is_unavailable(stack: Stack, trouble: str) -> None:
    """Fails closed."""
    fault = FaultAt(trouble, "before", call=1)  # type: ignore[arg-type]
    with stack.engine.hooked(fault), pytest.raises(Unavailable):
        stack.rate_counter.take("01M", "writes", 3, 60, AT)


def test_a_bug_is_raised_as_it_is(stack: Stack) -> None:
    """A table that is not there is no busy table."""
    del stack.engine.tables["forum"]
    with pytest.raises(UpdateError):
        stack.rate_counter.take("01M", "writes", 3, 60, AT)
