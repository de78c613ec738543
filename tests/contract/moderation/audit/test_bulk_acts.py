"""A bulk act is one cause with its parts: several subjects, one command, one transaction."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from moderation.cases.case import CaseState
from moderation.cases.closing import CASES_MOST, CloseCases, Looked
from moderation.cases.decision import MemberMeasure
from moderation.cases.message import Message, MessageKind
from moderation.cases.places import Place
from moderation.community.member import Member
from moderation.community.post import Post
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action as Screened
from moderation.errors import Conflict, Forbidden
from tests.support.act_ledger import ActLedger
from tests.support.community import found
from tests.support.forum import ERIKA, MO, Forum, key
from tests.support.interleaver import Interleaver, merges
from tests.support.stack import Stack

TEN = 10


@pytest.fixture
def forum(stack: Stack) -> Forum:
    """A forum with one post."""
    return Forum(stack)


def causes(entries: list[dict[str, Any]]) -> list[tuple[list[list[int]], Counter[str]]]:
    """The parts and the actions of each cause, in the order of the log."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in sorted(entries, key=lambda entry: (entry["at"], entry["part"])):
        found.setdefault(entry["cause"], []).append(entry)
    return [
        ([entry["part"] for entry in acts], Counter(entry["action"] for entry in acts))
        for acts in found.values()
    ]


def parts(number: int) -> list[list[int]]:
    """[1, n] to [n, n]."""
    return [[each, number] for each in range(1, number + 1)]


def test_a_notice_about_ten_posts_is_one_cause_of_eleven_parts(forum: Forum) -> None:
    """Received once, ten cases opened; in one transaction, so that there is never half a notice."""
    stack = forum.stack
    posts = [forum.post, *(forum.run(forum.reply(f"Antwort {n}.")) for n in range(TEN - 1))]
    known, ledger = len(stack.entries()), ActLedger()
    places = tuple(Place(post_id=post.id) for post in posts)
    filed = replace(forum.notice(), places=places, category=Category.CSAM)
    with stack.engine.hooked(ledger):
        forum.run(filed)

    assert [(parts(TEN + 1), Counter({"case:open": TEN, "notice:receive": 1}))] == causes(
        stack.entries()[known:]
    )
    assert ([], 1) == (ledger.faults, len(ledger.causes))
    urgent = [m for m in forum.records(Message) if m.kind is MessageKind.URGENT]
    assert TEN == len(urgent)


def test_a_decision_about_a_post_and_its_author_is_one_cause(forum: Forum) -> None:
    """Case, post, statement and the warning of the author together."""
    forum.run(forum.notice())
    forum.run(forum.claim())
    known = len(forum.stack.entries())
    forum.run(forum.decide(member_measure=MemberMeasure(kind="warn")))

    decided = Counter(["case:decide", "post:remove", "statement:issue", "member:warn"])
    assert [(parts(4), decided)] == causes(forum.stack.entries()[known:])


def test_a_suspension_spreads_by_being_asked_for_and_is_one_act(forum: Forum) -> None:
    """No post of the member is written; whatever he tries afterwards is refused."""
    others = [forum.run(forum.reply(f"Antwort {n}.")) for n in range(3)]
    forum.run(forum.notice())
    forum.run(forum.claim())
    forum.run(forum.decide(member_measure=MemberMeasure(kind="warn")))
    forum.post = others[0]
    forum.run(forum.notice())
    forum.run(forum.claim())
    known = len(forum.stack.entries())
    until = forum.stack.clock.now + timedelta(days=7)
    forum.run(forum.decide(member_measure=MemberMeasure(kind="suspend", until=until)))

    acts = forum.stack.entries()[known:]
    assert 1 == sum(entry["action"] == "member:suspend" for entry in acts)
    assert {f"post:{others[0].id}"} == {
        entry["subject"] for entry in acts if entry["subject"].startswith("post:")
    }
    assert others[1:] == [forum.stack.get(Post.at(post.id)) for post in others[1:]]
    assert forum.stack.get(Member.at(ERIKA.id)).is_suspended(forum.stack.clock.now)
    with pytest.raises(Forbidden):
        forum.run(forum.reply("Noch einer."))


def test_twenty_false_alarms_are_closed_by_one_cause_of_twenty_parts(forum: Forum) -> None:
    """In one transaction with its answered request; a later finding opens a case anew."""
    stack = forum.stack
    spam = found(Category.SPAM, Screened.FLAG)
    posts = [forum.run(forum.reply(f"Kauft {n}!", verdict=spam)) for n in range(CASES_MOST)]
    cases = stack.lists.cases(CaseState.OPEN, None, 100, None).items
    command = CloseCases(
        looked=tuple(Looked(case.id, 1) for case in cases), actor=MO, reason="Fehlalarme."
    )
    known, ledger = len(stack.entries()), ActLedger()
    with stack.engine.hooked(ledger):
        closed = forum.run(command, key(1))

    assert [(parts(CASES_MOST), Counter({"case:close": CASES_MOST}))] == causes(
        stack.entries()[known:]
    )
    assert ([], 1) == (ledger.faults, len(ledger.causes))
    assert closed == forum.run(command, key(1))
    assert () == stack.lists.cases(CaseState.OPEN, None, 100, None).items
    assert CASES_MOST == len(stack.lists.cases(CaseState.CLOSED, None, 100, None).items)
    forum.post = posts[0]
    forum.run(forum.notice())
    assert 1 == len(stack.lists.cases(CaseState.OPEN, None, 100, None).items)


def test_a_closing_against_a_notice_is_all_or_none() -> None:
    """In every order of their storage calls: where the notice is first, all cases stay open."""
    ends = set[int]()
    for schedule in merges(3):
        forum = Forum(Stack.fresh())
        spam = found(Category.SPAM, Screened.FLAG)
        posts = [forum.run(forum.reply(f"Kauft {n}!", verdict=spam)) for n in range(3)]
        cases = forum.stack.lists.cases(CaseState.OPEN, None, 100, None).items
        looked = tuple(Looked(case.id, 1) for case in cases)
        command = CloseCases(looked=looked, actor=MO, reason="Fehlalarme.")
        forum.post = posts[1]
        filed = forum.notice()
        outcomes = Interleaver(forum.stack.engine).run(
            [partial(forum.run, command), partial(forum.run, filed)], schedule
        )

        actions = Counter(entry["action"] for entry in forum.stack.entries())
        assert isinstance(outcomes[0], Conflict) == (actions["case:close"] == 0)
        assert 1 == actions["notice:receive"]
        ends.add(actions["case:close"])
    assert {0, 3} == ends
