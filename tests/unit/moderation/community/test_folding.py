"""The row of a thread follows its posts."""

from dataclasses import replace
from datetime import timedelta

from moderation.change import Change, More
from moderation.community.folding import (
    FoldThread,
    Tally,
    Touch,
    agreed,
    answered,
    fold,
    headed,
    unfolded,
)
from moderation.community.post import Author, Post, PostState, Restriction, RestrictionKind
from moderation.community.thread import Thread, ThreadRow
from moderation.community.waiting import AnswerState, unanswered
from moderation.ids import MemberId, PostId, ThreadId
from tests.support.community import BOARD, NOW, OPENING, THREAD, context, seen, ulid

REPLY = replace(OPENING, id=PostId(ulid(3002)), title=None, created_at=NOW + timedelta(minutes=5))
EMPTY = Tally(thread_id=THREAD.id)
ROW = ThreadRow(
    id=THREAD.id,
    board=THREAD.board,
    title="Filter",
    author=THREAD.author,
    created_at=NOW,
    last_post_at=NOW,
    language="de",
    post_count=1,
)


def _folded(*touched: tuple[Post, bool], window: int = 512) -> tuple[ThreadRow, Tally]:
    row, tally = unfolded(THREAD), EMPTY
    for touch in touched:
        row, tally = fold(row, tally, [touch], window)
    return row, tally


def _first() -> tuple[ThreadRow, Tally, AnswerState]:
    """What is kept of a thread once its opening post has been folded."""
    row, tally = _folded((OPENING, False))
    state = answered(unanswered(THREAD), tally, ())
    row, state = agreed(headed(row, OPENING), state)
    return row, tally, state


def _hidden(post: Post) -> Post:
    return replace(post, state=PostState.REMOVED)


def test_a_listed_post_counts_and_is_the_last_activity() -> None:
    """Two listed posts are two, and the newer one says when the thread was last active."""
    row, _ = _folded((OPENING, False), (REPLY, False))

    assert (2, REPLY.created_at) == (row.post_count, row.last_post_at)


def test_a_held_post_neither_counts_nor_moves_the_thread_up() -> None:
    """Spam that waits for a person lifts nothing."""
    row, tally = _folded((OPENING, False), (replace(REPLY, state=PostState.HELD), False))

    assert (row.post_count, row.last_post_at) == (1, NOW)
    assert _folded((OPENING, False))[1] == tally


def test_removing_the_last_post_takes_its_activity_along() -> None:
    """The thread falls back to where the newest listed post puts it."""
    row, _ = _folded((OPENING, False), (REPLY, False), (_hidden(REPLY), True))

    assert (row.post_count, row.last_post_at) == (1, NOW)


def test_the_same_change_twice_is_worth_nothing() -> None:
    """Delivered again, a change leaves row and tally equal, so that nothing is written."""
    once = _folded((OPENING, False), (REPLY, False))

    assert once == fold(*once, [(OPENING, False), (REPLY, False)])


def test_a_post_disabled_everywhere_is_not_listed_and_one_disabled_in_austria_is() -> None:
    """A restriction counts where it takes the post off the list."""
    everywhere = Restriction(kind=RestrictionKind.DISABLING, since=NOW)
    austria = replace(everywhere, territory=("AT",))
    label = Restriction(kind=RestrictionKind.LABEL, since=NOW)

    assert [
        replace(REPLY, restrictions=(label, restriction)).is_listed
        for restriction in (everywhere, austria)
    ] == [False, True]


def test_behind_the_window_a_post_counts_as_it_was_before_the_change() -> None:
    """A full tally believes the change about a post that it has forgotten."""
    posts = [
        replace(REPLY, id=PostId(ulid(4000 + i)), created_at=NOW + timedelta(minutes=i))
        for i in range(4)
    ]
    row, tally = _folded(*((post, False) for post in posts), window=2)
    row, tally = fold(row, tally, [(_hidden(posts[0]), True)], window=2)

    assert (3, posts[3].created_at) == (row.post_count, row.last_post_at)
    assert (row, tally) == fold(row, tally, [(_hidden(posts[1]), False)], window=2)


def test_a_row_that_was_never_folded_counts_nothing() -> None:
    """It is hidden and empty until its posts are seen."""
    assert replace(ROW, title="", state="hidden", post_count=0) == unfolded(THREAD)


def test_title_author_and_state_follow_the_opening_post() -> None:
    """Its words stand in the list while it is listed, and nothing of it afterwards."""
    renamed = replace(
        OPENING, title="Neuer Filter", author=Author(id=MemberId(ulid(1)), name="Kim R.")
    )

    assert replace(ROW, title="Neuer Filter", author=renamed.author) == headed(ROW, renamed)
    assert replace(ROW, title="", state="hidden") == headed(ROW, _hidden(OPENING))
    assert replace(ROW, title="", state="hidden") == headed(ROW, None)
    assert replace(ROW, title="") == headed(ROW, replace(OPENING, title=None))


def test_the_first_fold_reads_the_opening_post_and_the_board_too() -> None:
    """Whoever of a thread's posts rings first, the row gets its title and its target."""
    command = FoldThread(THREAD.id, (Touch(REPLY.ref, was_listed=False),))

    more = (OPENING.ref, BOARD.ref)
    assert More(more) == command.decide(seen(command, THREAD, REPLY), context())
    known = seen(command, THREAD, REPLY, OPENING, BOARD, more=more)
    decided = command.decide(known, context())
    assert isinstance(decided, Change)
    row, _tally, state = decided.puts
    at = REPLY.created_at
    assert replace(ROW, last_post_at=at, waiting=True) == row
    assert replace(unanswered(THREAD), is_open=True, asked_at=at, waiting_since=at) == state


def test_a_reply_reads_no_opening_post_once_there_is_a_row() -> None:
    """One read and one write keep a row; a repeated change writes nothing."""
    known = _first()
    command = FoldThread(THREAD.id, (Touch(REPLY.ref, was_listed=False),))

    decided = command.decide(seen(command, THREAD, REPLY, *known), context())

    assert isinstance(decided, Change)
    assert [(2, "Filter"), THREAD.id] == [
        (put.post_count, put.title) if isinstance(put, ThreadRow) else put.ref.id
        for put in decided.puts
    ]
    again = command.decide(seen(command, THREAD, REPLY, *decided.puts, known[2]), context())
    assert Change(answer=None) == again


def test_changes_of_no_thread_and_of_other_threads_are_left_alone() -> None:
    """What is not there is not counted, and neither is a post of elsewhere."""
    command = FoldThread(THREAD.id, (Touch(REPLY.ref, was_listed=False),))
    stray = replace(REPLY, thread_id=ThreadId(ulid(2999)))

    assert Change(answer=None) == command.decide(seen(command, REPLY), context())
    known = (THREAD, *_first())
    assert Change(answer=None) == command.decide(seen(command, stray, *known), context())
    assert Change(answer=None) == command.decide(seen(command, *known), context())


def test_the_fold_reads_each_record_once() -> None:
    """Two changes of one post are one read."""
    touches = (Touch(REPLY.ref, was_listed=False), Touch(REPLY.ref, was_listed=True))
    command = FoldThread(THREAD.id, touches)

    assert (
        Thread.at(THREAD.id),
        ThreadRow.at(THREAD.id),
        Tally.at(THREAD.id),
        AnswerState.at(THREAD.id),
        REPLY.ref,
    ) == command.reads()
    assert command.recall(THREAD.ref, seen(command)) is None
