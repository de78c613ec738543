"""However the changes of a thread's posts arrive, its row is what a recount says."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from moderation.community.folding import (
    FoldThread,
    Tally,
    Touch,
    answered,
    fold,
    unfolded,
)
from moderation.community.post import Post, PostState
from moderation.community.recounting import count
from moderation.community.thread import ThreadRow
from moderation.community.waiting import AnswerState, unanswered
from moderation.ids import PostId
from tests.support.community import ANSWER, BOARD, NOW, OPENING, THREAD, DictWork, ulid

POSTS = 6


def _post(number: int, state: PostState) -> Post:
    """Every third post is by staff."""
    return replace(
        ANSWER if number % 3 == 2 else OPENING,
        id=PostId(ulid(3001 + number)),
        title="Filter" if number == 0 else None,
        created_at=NOW + timedelta(minutes=number),
        state=state,
    )


history = st.lists(
    st.tuples(st.integers(0, POSTS - 1), st.sampled_from(PostState)), min_size=1, max_size=25
)


@given(history, st.data())
def test_any_order_and_any_repetition_give_the_row_of_a_recount(
    changes: list[tuple[int, PostState]], data: st.DataObject
) -> None:
    """Changes are rung at any time after they happened, twice, in any order, in any batches."""
    work = DictWork()
    work.put(THREAD, BOARD)
    bells: list[Touch] = []
    for number, state in changes:
        before = work.records.get(Post.at(ulid(3001 + number)))
        after = _post(number, state)
        work.put(after)
        bells.append(Touch(after.ref, isinstance(before, Post) and before.is_listed))
        if data.draw(st.booleans(), label="rings at once"):
            some = data.draw(st.lists(st.sampled_from(bells), min_size=1, max_size=4))
            work.run(FoldThread(THREAD.id, tuple(some)))
    for bell in data.draw(st.permutations(bells + bells)):
        work.run(FoldThread(THREAD.id, (bell,)))

    listed = [
        record
        for _, record in sorted(work.records.items(), key=lambda item: item[0].id)
        if isinstance(record, Post) and record.is_listed
    ]
    right = count(THREAD, [listed])
    row = work.records.get(ThreadRow.at(THREAD.id))
    assert isinstance(row, ThreadRow)
    opening = work.records.get(OPENING.ref)
    title = "Filter" if isinstance(opening, Post) and opening.is_listed else ""
    assert (right.post_count, right.last_post_at, title) == (
        row.post_count,
        row.last_post_at,
        row.title,
    )
    state = work.records.get(AnswerState.at(THREAD.id), unanswered(THREAD))
    assert isinstance(state, AnswerState)
    assert right.answers == replace(state, is_open=False)
    assert (state.waiting_since is not None, state.is_open) == (row.waiting, row.state == "open")


@given(history, st.integers(1, 4))
def test_a_repeated_change_writes_nothing(
    changes: list[tuple[int, PostState]], repeats: int
) -> None:
    """Once a change has been folded, ringing again neither moves the row nor the tally."""
    work = DictWork()
    work.put(THREAD, BOARD)
    for number, state in changes:
        after = _post(number, state)
        work.put(after)
        work.run(FoldThread(THREAD.id, (Touch(after.ref, was_listed=False),)))
        kept = dict(work.records)
        for _ in range(repeats):
            work.run(FoldThread(THREAD.id, (Touch(after.ref, was_listed=False),)))

        assert kept == work.records


@given(st.lists(st.sampled_from("cs"), min_size=1, max_size=12), st.integers(1, 4))
def test_a_window_too_small_for_the_thread_still_knows_who_waits(
    who: list[str], window: int
) -> None:
    """Posts that come in their order leave first answer and wait right, however few are kept."""
    posts = [
        replace(_post(2 if each == "s" else 0, PostState.PUBLISHED), id=PostId(ulid(3001 + n)),
                created_at=NOW + timedelta(minutes=n))
        for n, each in enumerate(who)
    ]  # fmt: skip
    kept, whole = Tally(thread_id=THREAD.id), Tally(thread_id=THREAD.id)
    row, by_few, by_all = unfolded(THREAD), unanswered(THREAD), unanswered(THREAD)
    for post in posts:
        _, kept = fold(row, kept, [(post, False)], window)
        _, whole = fold(row, whole, [(post, False)])
        by_few = answered(by_few, kept, [(post, False)], window)
        by_all = answered(by_all, whole, [(post, False)])

    assert by_all == by_few


def test_a_tally_names_its_own_address() -> None:
    """It lies beside the row."""
    tally = Tally(thread_id=THREAD.id)

    assert Tally.at(THREAD.id) == tally.ref
