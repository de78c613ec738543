"""The nightly recount finds what the stream lost."""

from datetime import timedelta

import pytest

from functions.workers.fold import Parts, handle
from moderation.cases.case import CaseState
from moderation.rulesets.recounting import CaseRecount, NoteCaseRecount, recount_cases
from moderation.rulesets.tally import RuleTally
from tests.support.forum_api import ForumApi
from tests.support.forum_stream import ForumStream
from tests.support.forum_walk import decide, keep, open_board, start
from tests.support.own_packs import CATCHES, RULE
from tests.support.rule_walk import publish, screening_api
from tests.support.stack import Stack

EXPECTED = RuleTally(rule=RULE, version=1, hits=3, kept=1)


@pytest.fixture
def api(stack: Stack) -> ForumApi:
    """Three cases by one rule, one of them kept; the stream has told of the first alone."""
    api = screening_api(stack)
    open_board(api)
    publish(api)
    stream = ForumStream(api.stack.engine.tables["forum"])
    api.stack.engine.hooks.append(stream)
    start(api, CATCHES)
    handle(stream.event(), Parts(api.stack.unit_of_work))
    start(api, CATCHES)
    decide(api, start(api, CATCHES)["id"], **keep())
    return api


def recount(stack: Stack, runs: int = 1_000) -> int:
    """One night's run that may go on for so many pages."""
    left = iter(range(runs))
    night = stack.clock.now.replace(hour=3)
    return recount_cases(
        stack.unit_of_work, stack.lists, night, lambda: next(left, None) is not None
    )


def tally(stack: Stack) -> RuleTally:
    """The counts of the rule."""
    return stack.get(RuleTally.at(RULE, 1))


def test_what_was_missed_is_counted_once(api: ForumApi) -> None:
    """Two cases were missed; a second run does nothing, and the next day finds nothing."""
    assert 1 == tally(api.stack).hits

    assert 2 == recount(api.stack)
    assert EXPECTED == tally(api.stack)
    assert 0 == recount(api.stack)
    api.stack.clock.forward(days=1)
    assert 0 == recount(api.stack)
    assert EXPECTED == tally(api.stack)


def test_a_run_goes_on_where_the_last_one_ended(api: ForumApi) -> None:
    """A page at a time it comes to the same, and is done after every state."""
    found = [recount(api.stack, 1) for _ in range(len(CaseState) + 2)]

    assert (2, [0, 0]) == (sum(found), found[-2:])
    assert EXPECTED == tally(api.stack)
    assert api.stack.get(CaseRecount.at()).done


def test_nothing_is_recounted_before_the_night(api: ForumApi) -> None:
    """The day's recount begins at two."""
    stack = api.stack
    at = stack.clock.now.replace(hour=1)

    assert 0 == recount_cases(stack.unit_of_work, stack.lists, at, lambda: True)
    assert stack.find(CaseRecount.at()) is None


def test_whoever_comes_second_with_old_news_is_ignored(stack: Stack) -> None:
    """Two runs at once do not set each other back."""
    day = (stack.clock.now + timedelta(days=1)).date().isoformat()
    first, second = CaseRecount(day=day, state=2), CaseRecount(day=day, state=1)
    stack.unit_of_work.run(NoteCaseRecount(None, first))
    stack.unit_of_work.run(NoteCaseRecount(None, second))

    assert first == stack.get(CaseRecount.at())
