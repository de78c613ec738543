"""A thread's row is put right from its posts."""

from dataclasses import replace
from datetime import timedelta

from moderation.change import Change, More
from moderation.community.folding import Tally, fold, headed, unfolded
from moderation.community.recounting import NoteRecount, Recount, RecountThread, count
from moderation.ids import PostId
from tests.support.community import NOW, OPENING, THREAD, context, seen, ulid

REPLY = replace(OPENING, id=PostId(ulid(3002)), title=None, created_at=NOW + timedelta(minutes=5))
ROW, TALLY = fold(
    headed(unfolded(THREAD), OPENING),
    Tally(thread_id=THREAD.id),
    [(OPENING, False), (REPLY, False)],
)
RIGHT = count(THREAD, [[OPENING], [REPLY]])


def test_a_walk_over_the_list_counts_what_the_fold_counted() -> None:
    """Number, last activity and tally are the same by both ways."""
    assert (ROW.post_count, ROW.last_post_at, TALLY.marks) == (
        RIGHT.post_count,
        RIGHT.last_post_at,
        RIGHT.marks,
    )


def test_a_wrong_row_is_put_right() -> None:
    """Count, time, title and state come from the posts; the answer says that it was wrong."""
    wrong = replace(ROW, post_count=-16, last_post_at=NOW, title="", state="hidden")
    command = RecountThread(THREAD.id, wrong, TALLY, RIGHT)

    known = seen(command, THREAD, wrong, TALLY)
    assert More((OPENING.ref,)) == command.decide(known, context())
    known = seen(command, THREAD, wrong, TALLY, OPENING, more=(OPENING.ref,))
    assert Change(answer=True, puts=(ROW,)) == command.decide(known, context())


def test_a_missing_row_is_made() -> None:
    """A thread whose changes were all lost gets its row and its tally."""
    command = RecountThread(THREAD.id, None, None, RIGHT)

    known = seen(command, THREAD, OPENING, more=(OPENING.ref,))
    assert Change(answer=True, puts=(ROW, TALLY)) == command.decide(known, context())


def test_a_right_row_is_not_written() -> None:
    """A night on which all is right costs no write."""
    command = RecountThread(THREAD.id, ROW, TALLY, RIGHT)

    known = seen(command, THREAD, ROW, TALLY, OPENING, more=(OPENING.ref,))
    assert Change(answer=False) == command.decide(known, context())
    assert not command.recall(THREAD.ref, known)


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
