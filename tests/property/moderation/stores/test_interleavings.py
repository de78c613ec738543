"""Two commands at once: what comes out is what one of them after the other would have made.

Edit, delete, notice, score, claim, the end of a lease, decide and keep, each against each, in every
order of their first three storage calls. That the outcome equals a serial one says all at once: no
update is lost, there is one case, and nobody decides on content he has not seen.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import combinations_with_replacement, permutations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.cases.case import Case, CaseState, Guard
from moderation.cases.decision import DecisionState, Outcome
from moderation.community.post import Post, PostState
from moderation.errors import Conflict, DomainError
from tests.support.forum import HELD, Forum, moderator
from tests.support.interleaver import Interleaver, merges
from tests.support.stack import EPOCH, Stack
from tests.support.state import ids_in, plain, state_of, timeless

OTHER = moderator(1)
LEASE_OVER = EPOCH + timedelta(minutes=11)


def later(forum: Forum) -> Callable[[], object]:
    """The lease ends, and another moderator claims."""
    claim = forum.claim(OTHER)

    def run() -> object:
        forum.stack.clock.now = LEASE_OVER
        return forum.run(claim)

    return run


def running(make: Callable[[Forum], Any]) -> Callable[[Forum], Callable[[], object]]:
    """Make the command now, as its sender saw the forum, and run it when it is its turn."""

    def ready(forum: Forum) -> Callable[[], object]:
        command = make(forum)
        return lambda: forum.run(command)

    return ready


ACTIONS: dict[str, Callable[[Forum], Callable[[], object]]] = {
    "edit": running(Forum.edit),
    "delete": running(Forum.delete),
    "notice": running(Forum.notice),
    "score": running(Forum.score),
    "claim": running(lambda forum: forum.claim(OTHER)),
    "lease": later,
    "decide": running(Forum.decide),
    "keep": running(lambda forum: forum.decide(Outcome.KEEP)),
}
NEED_A_CLAIM = {"lease", "decide", "keep"}
NEED_A_CASE = {"claim", *NEED_A_CLAIM}
PAIRS = list(combinations_with_replacement(ACTIONS, 2))


def set_up(names: Sequence[str]) -> tuple[Forum, list[Callable[[], object]], frozenset[str]]:
    """A forum in which all of these can happen, and each of them ready to run."""
    forum = Forum(Stack.fresh())
    if not NEED_A_CASE.isdisjoint(names):
        forum.run(forum.notice())
    if not NEED_A_CLAIM.isdisjoint(names):
        forum.run(forum.claim())
    return forum, [ACTIONS[name](forum) for name in names], ids_in(forum.stack.engine)


type Ending = tuple[tuple[str, ...], frozenset[tuple[str, int]]]
"""What each was told, and what lies in the tables."""


def ending(forum: Forum, told: Iterable[object], known: frozenset[str]) -> Ending:
    """How it ended."""
    state = Counter(map(timeless, state_of(forum.stack.engine, known).elements()))
    answers = tuple(timeless(plain(repr(each), known)) for each in told)
    return answers, frozenset(state.items())


@cache
def serial_endings(names: tuple[str, ...]) -> list[Ending]:
    """How it may end when one comes after the other, each with the clock it looked at.

    Where a lease ends meanwhile, who looked before may be carried out after who looked later.
    """
    looks = (EPOCH, LEASE_OVER) if "lease" in names else (EPOCH,)
    return [
        serially(names, order, clocks)
        for order in permutations(range(len(names)))
        for clocks in product(looks, repeat=len(names))
    ]


def serially(names: Sequence[str], order: Sequence[int], clocks: Sequence[datetime]) -> Ending:
    """How it ends in this order, when each sees this time."""
    forum, tasks, known = set_up(names)
    told: list[object] = [None] * len(tasks)
    for number in order:
        forum.stack.clock.now = clocks[number]
        try:
            told[number] = tasks[number]()
        except DomainError as refusal:
            told[number] = refusal
    return ending(forum, told, known)


def interleaved(names: Sequence[str], schedule: Sequence[int]) -> tuple[Forum, Ending]:
    """How it ends when they run at once, in this order of their storage calls."""
    forum, tasks, known = set_up(names)
    told = Interleaver(forum.stack.engine).run(tasks, schedule)
    return forum, ending(forum, told, known)


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_two_at_once_end_as_one_after_the_other(pair: tuple[str, str]) -> None:
    """Each of the 20 orders has the outcome of one of the two serial ones."""
    expected = serial_endings(pair)
    for schedule in merges(3):
        forum, ended = interleaved(pair, schedule)
        assert ended in expected, schedule
        check_sound(forum)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(st.sampled_from(list(ACTIONS)), min_size=3, max_size=3),
    schedule=st.lists(st.integers(0, 2), min_size=12, max_size=12),
)
def test_three_at_once_end_as_one_after_the_other(names: list[str], schedule: list[int]) -> None:
    """Whatever the three and whatever their order."""
    expected = serial_endings(tuple(names))
    forum, ended = interleaved(names, schedule)
    assert ended in expected
    check_sound(forum)


def test_a_guard_put_again_is_not_the_guard_that_was_read() -> None:
    """An edit that saw one case cannot write it once another has taken its place."""
    names = ["notice", "keep", "edit"]
    forum, ended = interleaved(names, [0, 0, 1, 2, 1, *[0] * 7])
    assert ended in serial_endings(tuple(names))
    check_sound(forum)


def test_a_decision_that_reads_twice_may_find_that_another_was_faster() -> None:
    """After a lost race it reads case and guard one by one, and a decision comes between."""
    names = ["decide", "keep", "delete"]
    forum, ended = interleaved(names, [1, 2, 0, 2, 2, 1, 0, 2, 1, 2, 0, 1, 1, 0])
    assert ended in serial_endings(tuple(names))
    check_sound(forum)


def check_sound(forum: Forum) -> None:
    """One case at most is undecided, its guard stands, and it shows the post as it is."""
    undecided = [
        case
        for case in forum.records(Case)
        if case.state in (CaseState.OPEN, CaseState.AWAITING_APPROVAL)
    ]
    guards = forum.records(Guard)
    assert [case.id for case in undecided] == [guard.case_id for guard in guards]
    post = forum.stack.get(forum.post.ref)
    for case in undecided:
        assert post == case.post
    for case in forum.records(Case):
        if case.decision is not None:
            assert case.decision.revision == case.post.revision
            assert case.state is CaseState.DECIDED


def test_fifty_claim_and_decide_at_once(stack: Stack) -> None:
    """One claims, one decides, 49 are told who has it, and nothing is half done."""
    forum = Forum(stack)
    forum.run(forum.notice())
    people = [moderator(number) for number in range(50)]
    claims = [forum.claim(person) for person in people]
    crowd = Interleaver(stack.engine)
    told = crowd.run([partial(forum.run, claim) for claim in claims], range(50))
    assert [type(each) for each in told].count(Case) == 1
    refusals = [each for each in told if isinstance(each, Conflict)]
    assert len(refusals) == 49
    winner = next(each.claim.by for each in told if isinstance(each, Case) and each.claim)
    assert {(refusal.code, refusal.data["by"]) for refusal in refusals} == {("claimed", winner)}

    decisions = [forum.decide(actor=person) for person in people]
    told = crowd.run([partial(forum.run, decision) for decision in decisions], range(50))
    assert len([each for each in told if isinstance(each, Conflict)]) == 49
    (case,) = forum.records(Case)
    assert (CaseState.DECIDED, PostState.REMOVED) == (case.state, stack.get(forum.post.ref).state)
    assert case.decision is not None
    assert (DecisionState.EFFECTIVE, winner) == (case.decision.state, case.decision.decided_by)
    actions = [entry["action"] for entry in stack.entries()]
    assert (1, 1, 1) == tuple(
        actions.count(action) for action in ("case:claim", "case:decide", "statement:issue")
    )


def test_acts_on_different_subjects_share_no_item(stack: Stack) -> None:
    """Forty posts are held at once: none meets another, in the log as little as in the forum."""
    forum = Forum(stack)
    stack.engine.meter.reset()
    replies = [partial(forum.run, forum.reply(f"Text {n}.", HELD)) for n in range(40)]
    told = Interleaver(stack.engine).run(replies, range(40))
    assert all(isinstance(each, Post) for each in told)
    calls = stack.engine.meter.calls
    assert [None] * 80 == [call.error for call in calls]
    touched = [write.partition(" ")[2] for call in calls for write in call.writes]
    assert len(touched) == len(set(touched)) == 40 * 11
