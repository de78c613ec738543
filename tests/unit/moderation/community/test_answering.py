"""Marking the answer of a thread, and taking the mark back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.change import Change, More
from moderation.community.answer_target import AnswerTarget
from moderation.community.answering import Answered, MarkAnswer, TakeBackAnswer
from moderation.community.folding import Tally, agreed, answered, fold, headed, unfolded
from moderation.community.post import Post, PostState
from moderation.community.thread import AnswerMark, ThreadRow
from moderation.community.waiting import AnswerState, unanswered, with_target
from moderation.errors import Conflict, Forbidden, Invalid, NotFound
from moderation.ids import ThreadId
from moderation.records import Record
from tests.support.community import (
    ALEX,
    ANSWER,
    BOARD,
    KIM,
    NOW,
    OPENING,
    SASCHA,
    THREAD,
    context,
    seen,
    ulid,
)

TARGETED = replace(BOARD, answer_target=AnswerTarget(minutes=60))
PEER = replace(ANSWER, author=replace(OPENING.author, id=ALEX.id, name="Alex"))
THANKS = replace(OPENING, id=ulid(3102), title=None, created_at=NOW + timedelta(hours=1))


type Kept = tuple[ThreadRow, Tally, AnswerState]


def _kept(*posts: Post) -> Kept:
    touched = [(post, False) for post in posts]
    row, tally = fold(unfolded(THREAD), Tally(thread_id=THREAD.id), touched)
    blank = unanswered(THREAD)
    state = with_target(blank, answered(blank, tally, ()), TARGETED.answer_target)
    row, state = agreed(headed(row, OPENING), state)
    return row, tally, state


ROW, TALLY, STATE = _kept(OPENING, PEER)
COMMAND = MarkAnswer(actor=KIM, thread_id=THREAD.id, post_id=PEER.id)


def _marked(*records: Record, command: MarkAnswer = COMMAND) -> Change[Answered]:
    return command.decide(seen(command, *records), context())


@pytest.mark.parametrize("actor", [KIM, SASCHA])
def test_the_asker_or_staff_says_what_answers_a_thread(actor: object) -> None:
    """Another customer's post too; the thread waits no more, and the mark says whose it is."""
    command = replace(COMMAND, actor=actor)
    mark = AnswerMark(post_id=PEER.id, by=command.actor.id, at=NOW, staff=actor is SASCHA)
    row = replace(ROW, waiting=False)
    state = replace(
        STATE,
        answer=PEER.id,
        answered_at=PEER.created_at,
        waiting_since=None,
        answer_due_at=None,
        alarm_at=None,
    )

    assert Change(
        answer=Answered(row, state),
        puts=(replace(THREAD, answer=mark), row, state),
        reference=THREAD.ref,
    ) == _marked(THREAD, ROW, TALLY, STATE, PEER, command=command)
    again = _marked(THREAD, row, TALLY, state, PEER, command=command)
    assert Change(answer=Answered(row, state), reference=THREAD.ref) == again


def test_nobody_else_says_so() -> None:
    """Neither marks nor takes back."""
    with pytest.raises(Forbidden):
        _marked(THREAD, ROW, PEER, command=replace(COMMAND, actor=ALEX))
    command = TakeBackAnswer(actor=ALEX, thread_id=THREAD.id)
    with pytest.raises(Forbidden):
        command.decide(seen(command, THREAD, ROW), context())


@pytest.mark.parametrize(
    "post",
    [
        replace(PEER, state=PostState.HELD),
        replace(PEER, thread_id=ThreadId(ulid(2999))),
        replace(PEER, id=ulid(3999)),
    ],
)
def test_what_readers_do_not_find_in_the_thread_answers_nothing(post: Post) -> None:
    """Hidden, of elsewhere, or not there at all."""
    with pytest.raises(NotFound):
        _marked(THREAD, ROW, post)


def test_a_question_does_not_answer_itself() -> None:
    """The opening post is refused."""
    with pytest.raises(Invalid):
        _marked(THREAD, ROW, OPENING, command=replace(COMMAND, post_id=OPENING.id))


def test_a_thread_that_has_no_row_yet_is_to_be_marked_a_moment_later() -> None:
    """Else the fold, which has read the thread before, would write a row without the mark."""
    with pytest.raises(Conflict):
        _marked(THREAD, PEER)


def test_a_repeated_request_is_answered_from_what_is_kept() -> None:
    """As it is by then."""
    elsewhere = seen(replace(COMMAND, thread_id="x"))
    assert More((ROW.ref, STATE.ref)) == COMMAND.recall(THREAD.ref, elsewhere)
    known = seen(COMMAND, ROW, STATE)
    assert Answered(ROW, STATE) == COMMAND.recall(THREAD.ref, known)
    taken = TakeBackAnswer(actor=KIM, thread_id=THREAD.id)
    assert taken.recall(THREAD.ref, seen(taken)) is None


def test_a_mark_taken_back_makes_the_thread_wait_as_it_did() -> None:
    """Since the same post, with the target that the board has now."""
    marked = _marked(THREAD, ROW, TALLY, STATE, PEER)
    command = TakeBackAnswer(actor=KIM, thread_id=THREAD.id)
    known = (*marked.puts, TALLY)

    assert More((BOARD.ref,)) == command.decide(seen(command, *known), context())
    back = command.decide(seen(command, *known, TARGETED, more=(BOARD.ref,)), context())
    assert Change(answer=None, puts=(THREAD, ROW, STATE), reference=THREAD.ref) == back
    plain = command.decide(seen(command, THREAD, ROW, TALLY), context())
    assert Change(answer=None, reference=THREAD.ref) == plain


def test_a_mark_taken_back_from_what_staff_has_answered_leaves_it_answered() -> None:
    """No board is read where nobody waits, and a row that stays as it is is not written."""
    row, tally, state = _kept(OPENING, ANSWER)
    marked = _marked(THREAD, row, tally, state, ANSWER, command=replace(COMMAND, post_id=ANSWER.id))
    assert 2 == len(marked.puts)
    command = TakeBackAnswer(actor=SASCHA, thread_id=THREAD.id)

    back = command.decide(seen(command, *marked.puts, row, tally), context())
    assert Change(answer=None, puts=(THREAD, state), reference=THREAD.ref) == back
