"""A thread's row is put right from its posts."""

from dataclasses import replace
from datetime import timedelta

from moderation.change import Change, More
from moderation.community.answer_target import AnswerTarget
from moderation.community.folding import Tally, agreed, answered, fold, headed, unfolded
from moderation.community.recounting import NoteRecount, Recount, RecountThread, count
from moderation.community.waiting import unanswered
from moderation.ids import PostId
from tests.support.community import BOARD, NOW, OPENING, THREAD, context, seen, ulid

REPLY = replace(OPENING, id=PostId(ulid(3002)), title=None, created_at=NOW + timedelta(minutes=5))
FOLDED, TALLY = fold(
    headed(unfolded(THREAD), OPENING),
    Tally(thread_id=THREAD.id),
    [(OPENING, False), (REPLY, False)],
)
ROW, STATE = agreed(FOLDED, answered(unanswered(THREAD), TALLY, ()))
RIGHT = count(THREAD, [[OPENING], [REPLY]])


def test_a_walk_over_the_list_counts_what_the_fold_counted() -> None:
    """Number, last activity and tally are the same by both ways."""
    assert (ROW.post_count, ROW.last_post_at, TALLY.marks) == (
        RIGHT.post_count,
        RIGHT.last_post_at,
        RIGHT.marks,
    )
    assert replace(RIGHT.answers, is_open=True) == STATE


def test_a_wrong_row_is_put_right() -> None:
    """Count, time, title and state come from the posts; the answer says that it was wrong."""
    wrong = replace(ROW, post_count=-16, last_post_at=NOW, title="", state="hidden")
    command = RecountThread(THREAD.id, wrong, TALLY, RIGHT)

    known = seen(command, THREAD, wrong, TALLY, STATE)
    assert More((OPENING.ref,)) == command.decide(known, context())
    known = seen(command, THREAD, wrong, TALLY, STATE, OPENING, more=(OPENING.ref,))
    assert Change(answer=True, puts=(ROW,)) == command.decide(known, context())


def test_a_missing_row_is_made() -> None:
    """A thread whose changes were all lost gets its row and its tally."""
    command = RecountThread(THREAD.id, None, None, RIGHT)

    known = seen(command, THREAD, OPENING, more=(OPENING.ref,))
    assert More((BOARD.ref,)) == command.decide(known, context())
    known = seen(command, THREAD, OPENING, BOARD, more=(OPENING.ref, BOARD.ref))
    assert Change(answer=True, puts=(ROW, TALLY, STATE)) == command.decide(known, context())


def test_a_right_row_is_not_written() -> None:
    """A night on which all is right costs no write."""
    command = RecountThread(THREAD.id, ROW, TALLY, RIGHT)

    known = seen(command, THREAD, ROW, TALLY, STATE, OPENING, more=(OPENING.ref,))
    assert Change(answer=False) == command.decide(known, context())
    assert not command.recall(THREAD.ref, known)


def test_a_wait_that_was_missed_is_put_right_with_the_target_of_the_day() -> None:
    """And one that is right keeps its end and its alarm."""
    board = replace(BOARD, answer_target=AnswerTarget(minutes=60))
    command = RecountThread(THREAD.id, ROW, TALLY, RIGHT)
    missed = replace(STATE, waiting_since=None)

    known = seen(command, THREAD, ROW, TALLY, missed, OPENING, board, more=(OPENING.ref, board.ref))
    due_at = NOW + timedelta(minutes=60)
    right = replace(STATE, answer_due_at=due_at, alarm_at=due_at)
    assert Change(answer=True, puts=(right,)) == command.decide(known, context())
    told = replace(right, alarm_at=None, alarmed_for=NOW)
    known = seen(command, THREAD, ROW, TALLY, told, OPENING, more=(OPENING.ref,))
    assert Change(answer=False) == command.decide(known, context())


def test_a_row_that_moved_during_the_walk_is_left_alone() -> None:
    """The fold came in between, so the count may be old; the next night counts again."""
    command = RecountThread(THREAD.id, ROW, TALLY, RIGHT)

    known = seen(command, THREAD, replace(ROW, post_count=3), TALLY)
    assert Change(answer=False) == command.decide(known, context())


def test_how_far_a_recount_has_come_is_kept_for_whoever_goes_on() -> None:
    """A walk that began from older news than is kept writes nothing."""
    first = Recount(board=THREAD.board, day="2026-11-23", after="a")
    second = replace(first, after=None, done=True)
    begin, go_on = NoteRecount(None, first), NoteRecount(first, second)

    assert begin.decide(seen(begin), context()) == Change(answer=None, puts=(first,))
    assert go_on.decide(seen(go_on, first), context()) == Change(answer=None, puts=(second,))
    assert go_on.decide(seen(go_on, second), context()) == Change(answer=None)
    assert go_on.recall(first.ref, seen(go_on)) is None
