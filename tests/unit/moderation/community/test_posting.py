"""Threads and replies are written whole, and what the screen finds is written with them."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import Case, Guard
from moderation.cases.message import Message
from moderation.cases.statement import Statement
from moderation.change import Change, More
from moderation.community.member import Member
from moderation.community.post import Author, Post, PostState
from moderation.community.posting import CreatePost, CreateThread, OpenedThread
from moderation.community.thread import Thread
from moderation.detection.verdict import Verdict
from moderation.errors import Forbidden, NotFound
from moderation.ids import PostId
from tests.support.community import (
    ALEX,
    BOARD,
    FLAGGED,
    HELD,
    KIM,
    MEMBER,
    NOTHING,
    NOW,
    OPENING,
    RULES,
    SASCHA,
    THREAD,
    context,
    intake,
    seen,
    ulid,
)


def _reply(verdict: Verdict = NOTHING, **fields: Any) -> CreatePost:
    asked: dict[str, Any] = {
        "actor": KIM,
        "thread_id": THREAD.id,
        "body": "Ich auch.",
        "intake": intake(verdict),
        "rules": RULES,
    }
    return CreatePost(**asked | fields)


def _thread(verdict: Verdict = NOTHING, **fields: Any) -> CreateThread:
    asked: dict[str, Any] = {
        "actor": KIM,
        "board": BOARD.slug,
        "title": "Filter",
        "body": "Wer kennt den Filter?",
        "intake": intake(verdict),
        "rules": RULES,
    }
    return CreateThread(**asked | fields)


def _kinds(change: Change[Any] | More) -> list[type]:
    assert isinstance(change, Change)
    return [type(put) for put in change.puts]


POST = Post(
    id=PostId(ulid(5001)),
    thread_id=THREAD.id,
    board=BOARD.slug,
    author=Author(id=KIM.id, name="Kim"),
    body="Ich auch.",
    html="<p>Ich auch.</p>\n",
    created_at=NOW,
    language="de",
    unit="support",
)


def test_a_reply_reads_author_and_thread_and_writes_one_new_item() -> None:
    """Nothing else is touched, so that replies to a hot thread never meet."""
    command = _reply()

    assert command.reads() == (Member.at(KIM.id), Thread.at(THREAD.id))
    assert command.decide(seen(command, MEMBER, THREAD), context()) == Change(
        answer=POST, puts=(POST,), reference=POST.ref
    )


def test_the_first_reply_of_somebody_makes_the_member_too() -> None:
    """Both are new items of one transaction."""
    command = _reply(actor=ALEX)

    assert _kinds(command.decide(seen(command, THREAD), context())) == [Post, Member]


def test_a_reply_shows_staff_and_the_board_it_stands_on() -> None:
    """The board's visibility and unit come along, and so does what the text is about."""
    members_only = replace(THREAD, visibility="members", unit="battery")
    verdict = replace(NOTHING, about_operator=True)
    command = _reply(verdict, actor=SASCHA, language="en")

    change = command.decide(seen(command, members_only), context())

    assert isinstance(change, Change)
    assert change.answer == replace(
        POST,
        author=Author(id=SASCHA.id, name="Sascha", staff=True, unit="support"),
        language="en",
        visibility="members",
        unit="battery",
        operator=True,
    )


def test_a_reply_is_unchecked_while_a_score_is_owed() -> None:
    """It is published by the rules alone, and remembered until the scorer has read it."""
    command = _reply(intake=intake(owes_score=True))
    change = command.decide(seen(command, MEMBER, THREAD), context())

    assert isinstance(change, Change)
    assert (change.answer.unchecked, change.answer.state) == (True, PostState.PUBLISHED)


def test_a_flagged_reply_is_published_and_opens_a_case() -> None:
    """Case and guard are written with it, and the opening is in the log."""
    command = _reply(FLAGGED)
    change = command.decide(seen(command, MEMBER, THREAD), context())

    assert isinstance(change, Change)
    assert _kinds(change) == [Post, Case, Guard]
    assert [act.action for act in change.acts] == [Action.CASE_OPEN]
    assert change.answer.state is PostState.PUBLISHED


def test_a_held_reply_is_held_in_the_same_write_and_says_why() -> None:
    """Its statement of reasons and the message to its author are there from the first moment."""
    command = _reply(HELD)
    change = command.decide(seen(command, MEMBER, THREAD), context())

    assert isinstance(change, Change)
    assert set(_kinds(change)) == {Post, Case, Guard, Statement, Message}
    assert {act.action for act in change.acts} == {
        Action.CASE_OPEN,
        Action.POST_HOLD,
        Action.STATEMENT_ISSUE,
    }
    assert change.answer == change.puts[0]
    assert (change.answer.state, change.answer.statement_id is None) == (PostState.HELD, False)


def test_replying_to_nothing_is_refused() -> None:
    """There must be a thread."""
    command = _reply()

    with pytest.raises(NotFound):
        command.decide(seen(command, MEMBER), context())


@pytest.mark.parametrize("make", [_reply, _thread])
def test_a_suspended_member_writes_nothing(make: Any) -> None:
    """The store is asked, whatever the token says."""
    command = make()
    suspended = replace(MEMBER, suspended_at=NOW)

    with pytest.raises(Forbidden):
        command.decide(seen(command, suspended, THREAD, BOARD), context())


def test_a_thread_is_its_head_and_its_opening_post() -> None:
    """The title stands on the opening post; the head names it and copies the board."""
    command = _thread()
    change = command.decide(seen(command, MEMBER, BOARD), context())

    post = replace(
        POST,
        id=PostId(ulid(5002)),
        thread_id=ulid(5001),
        title="Filter",
        body="Wer kennt den Filter?",
        html="<p>Wer kennt den Filter?</p>\n",
    )
    thread = replace(THREAD, id=ulid(5001), opening_post=post.id)
    assert change == Change(
        answer=OpenedThread(thread, post), puts=(thread, post), reference=post.ref
    )


def test_a_thread_needs_a_board() -> None:
    """Nothing is opened elsewhere."""
    command = _thread()

    with pytest.raises(NotFound):
        command.decide(seen(command, MEMBER), context())


def test_a_repeated_request_gets_the_post_again() -> None:
    """Once more, as it is now."""
    command = _reply()

    assert command.recall(POST.ref, seen(command)) == More((POST.ref,))
    assert command.recall(POST.ref, seen(command, POST, more=(POST.ref,))) == POST


def test_a_repeated_request_gets_the_thread_again() -> None:
    """The post leads to its thread."""
    command = _thread()
    known = seen(command, OPENING, more=(OPENING.ref,))
    all_known = seen(command, OPENING, THREAD, more=(OPENING.ref, THREAD.ref))

    assert command.recall(OPENING.ref, seen(command)) == More((OPENING.ref,))
    assert command.recall(OPENING.ref, known) == More((THREAD.ref,))
    assert command.recall(OPENING.ref, all_known) == OpenedThread(THREAD, OPENING)
