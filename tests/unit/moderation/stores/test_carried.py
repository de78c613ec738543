"""An open case carries the envelope of the post it guards."""

from dataclasses import replace

import pytest

from moderation.cases.case import CaseState
from moderation.change import Change
from moderation.stores.carried import carried, carrying
from moderation.stores.stored import Stored
from tests.support.commands import Do
from tests.support.faults import FaultAt
from tests.support.forum import Forum
from tests.support.samples import CASE, GUARD, POST
from tests.support.stack import Stack

OPEN = Stored(record=replace(CASE, state=CaseState.OPEN), version=3)
PLAIN_POST = Stored(record=POST, version=2)
TOUCHED_POST = Stored(
    record=POST, version=7, audit_rev=2, audit_head=b"h" * 32, audit_id="01A", salt=b"s" * 32
)


@pytest.mark.parametrize("post", [PLAIN_POST, TOUCHED_POST])
def test_post_and_guard_come_back_as_they_lie_in_the_table(post: Stored) -> None:
    """With version, chain and salt, where there is one."""
    guard = Stored(record=GUARD, version=1)
    assert {POST.ref: post, GUARD.ref: guard} == carried(carrying(OPEN, {POST.ref: post}))


@pytest.mark.parametrize("state", [CaseState.DECIDED, CaseState.CLOSED])
def test_a_case_that_guards_nothing_carries_nothing(state: CaseState) -> None:
    """What it carried before is dropped."""
    ended = replace(OPEN, record=replace(CASE, state=state), carries="1|0|||")
    assert carrying(ended, {POST.ref: PLAIN_POST}).carries is None
    assert {} == carried(replace(ended, carries=None))


def test_what_is_not_known_is_carried_on() -> None:
    """A write that has not seen the post leaves its envelope as it was."""
    loaded = carrying(OPEN, {POST.ref: TOUCHED_POST})
    assert loaded == carrying(loaded, {})
    assert loaded == carrying(loaded, {POST.ref: None})


def test_nothing_else_carries_anything() -> None:
    """A post is as it is."""
    assert TOUCHED_POST == carrying(TOUCHED_POST, {POST.ref: PLAIN_POST})
    assert {} == carried(replace(TOUCHED_POST, carries="1|0|||"))


def test_what_was_read_itself_is_what_counts(stack: Stack) -> None:
    """A post read with its case is known as it was read, in whichever order."""
    forum = Forum(stack)
    forum.run(forum.notice())
    stack.engine.meter.reset()
    case = forum.case
    post = stack.get(forum.post.ref)
    for refs in ((case.ref, post.ref), (post.ref, case.ref)):
        assert post == stack.unit_of_work.read(*refs).need(post.ref)
    assert forum.case == stack.unit_of_work.read(case.ref).need(case.ref)


def test_an_envelope_that_is_old_costs_one_more_read(stack: Stack) -> None:
    """A rename writes the post alone; the decision fails once, reads the post, and holds."""
    forum = Forum(stack)
    forum.run(forum.notice())
    forum.run(forum.claim())
    decision = forum.decide()
    post = stack.get(forum.post.ref)
    renamed = replace(post, author=replace(post.author, name="Erika M."))
    stack.unit_of_work.run(
        Do(lambda _seen, _context: Change(answer=None, puts=(renamed,)), (post.ref,))
    )
    stack.engine.meter.reset()
    forum.run(decision)
    expected = ["BatchGetItem", "TransactWriteItems", "BatchGetItem", "BatchGetItem"]
    assert [*expected, "TransactWriteItems"] == stack.engine.meter.operations
    assert "Erika M." == stack.get(forum.post.ref).author.name


def test_a_claim_that_lost_a_race_leaves_the_envelope_in_place(stack: Stack) -> None:
    """So that the decision after it still takes one read."""
    forum = Forum(stack)
    forum.run(forum.notice())
    claim = forum.claim()
    with stack.engine.hooked(FaultAt("conflict", "before", call=2)):
        forum.run(claim)
    decision = forum.decide()
    stack.engine.meter.reset()
    forum.run(decision)
    assert ["BatchGetItem", "TransactWriteItems"] == stack.engine.meter.operations
