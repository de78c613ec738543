"""Who waits, since when, and by when somebody was to have answered."""

from dataclasses import replace
from datetime import datetime, timedelta

from moderation.community.answer_target import AnswerTarget
from moderation.community.office_hours import OfficeHours, Shift
from moderation.community.post import PostState
from moderation.community.waiting import (
    AnswerState,
    Turn,
    begins_to_wait,
    unanswered,
    with_answer,
    with_target,
    with_turns,
)
from tests.support.community import ANSWER, NOW, OPENING, THREAD

STATE = unanswered(THREAD)
TARGET = AnswerTarget(minutes=60)
AROUND_THE_CLOCK = OfficeHours(
    shifts=tuple(Shift(weekday=day, opens_minute=0, closes_minute=1440) for day in range(7)),
    holidays="none",
)


def at(minute: int) -> datetime:
    """An instant of the morning."""
    return NOW + timedelta(minutes=minute)


def said(
    text: str, state: AnswerState = STATE, *, whole: bool = True, gone: int = -1
) -> AnswerState:
    """A thread in which, minute by minute, a customer (c) or staff (s) wrote, or nobody (.)."""
    turns = [Turn(at(n), who == "s") for n, who in enumerate(text) if who != "."]
    return with_turns(state, turns, whole=whole, gone=frozenset({at(gone)}))


def known(state: AnswerState) -> tuple[int | None, int | None]:
    """First answer and wait, in minutes."""
    times = (state.answered_at, state.waiting_since)
    first, since = (None if t is None else int((t - NOW).total_seconds() // 60) for t in times)
    return first, since


def test_a_thread_waits_from_the_oldest_post_that_staff_has_not_followed() -> None:
    """An answer ends it, another question begins it, staff among themselves begin nothing."""
    histories = ["", "c", "ccc", "cs", "ccsc", "csccscc", "s", "sc", "scs", "scsss", "ss"]

    assert [
        (None, None),
        (None, 0),
        (None, 0),
        (1, None),
        (2, 3),
        (1, 5),
        (None, None),
        (None, 1),
        (2, None),
        (2, None),
        (None, None),
    ] == [known(said(text)) for text in histories]


def test_what_is_not_in_the_window_any_more_is_known_from_the_state() -> None:
    """An older first answer and an older wait stay, until their posts are gone."""
    state = replace(STATE, answered_at=at(1), waiting_since=at(2))

    assert (1, 2) == known(said("...ccc", state, whole=False))
    assert (None, 3) == known(said("...ccc", state))
    assert (1, 5) == known(said("...csc", state, whole=False))
    assert (1, 3) == known(said("...ccc", state, whole=False, gone=2))
    assert (4, None) == known(said("...cs.", state, whole=False, gone=1))
    assert (None, None) == known(said("......", STATE, whole=False))


def test_a_marked_answer_ends_the_wait_while_it_is_listed() -> None:
    """Whoever wrote it; it counts as the first answer where it is."""
    peer = replace(OPENING, id=ANSWER.id, created_at=at(5))
    waiting = said("c" * 10)
    marked = with_answer(waiting, peer)

    assert (peer.id, (5, None)) == (marked.answer, known(marked))
    assert (1, None) == known(with_answer(said("csccccc"), peer))
    hidden = replace(peer, state=PostState.REMOVED)
    for gone in (None, hidden):
        open_again = with_answer(replace(waiting, answer=peer.id), gone)
        assert (None, (None, 0)) == (open_again.answer, known(open_again))


def test_a_wait_that_begins_gets_its_end_from_the_target() -> None:
    """Within office hours; a board without a target promises nothing."""
    timed = with_target(STATE, said("c"), TARGET)

    assert (at(60), at(60)) == (timed.answer_due_at, timed.alarm_at)
    assert said("c") == with_target(STATE, said("c"), None)
    assert begins_to_wait(STATE, said("c"))
    assert not begins_to_wait(timed, said("cc"))
    assert not begins_to_wait(timed, said("cs"))


def test_the_end_stays_while_the_wait_goes_on_and_goes_with_it() -> None:
    """Further posts change nothing, and another target not either; an answer takes it away."""
    timed = with_target(STATE, said("c"), TARGET)

    assert timed == with_target(timed, said("cc", timed), AnswerTarget(minutes=5))
    answered = with_target(timed, said("cs", timed), TARGET)
    assert (None, None) == (answered.answer_due_at, answered.alarm_at)
    again = with_target(answered, said("csc", answered), TARGET)
    assert at(62) == again.alarm_at


def test_an_end_at_closing_time_is_told_when_the_unit_is_back() -> None:
    """Seven hours from ten in Berlin's November, and it is eleven there."""
    timed = with_target(STATE, said("c"), AnswerTarget(minutes=6 * 60))

    assert (at(360), at(23 * 60 - 60)) == (timed.answer_due_at, timed.alarm_at)


def alarmed(state: AnswerState) -> AnswerState:
    """The state after its unit was told."""
    return replace(state, alarm_at=None, alarmed_for=state.waiting_since)


def test_a_wait_is_told_once_though_the_post_it_waits_since_is_another() -> None:
    """An older post arrives late, or the oldest goes: nobody has answered either way."""
    later = alarmed(with_target(STATE, said(".c"), TARGET))
    earlier = with_target(later, said("cc", later), TARGET)

    assert earlier.is_alarmed
    assert (None, at(60)) == (earlier.alarm_at, earlier.answer_due_at)
    assert with_target(earlier, said(".c", earlier), TARGET).is_alarmed


def test_an_answer_that_is_taken_away_is_not_told_of_again() -> None:
    """It waits since when it did before, and of that the unit knows; of a new question not."""
    first = alarmed(with_target(STATE, said("c"), TARGET))
    answered = with_target(first, said("cs", first), TARGET)
    assert not answered.is_alarmed
    back = with_target(answered, said("c", answered), TARGET)
    assert (None, True) == (back.alarm_at, back.is_alarmed)
    asked = with_target(answered, said("csc", answered), TARGET)
    assert (at(62), False) == (asked.alarm_at, asked.is_alarmed)
    at_once = with_target(first, said("csc", first), TARGET)
    assert (at(62), False) == (at_once.alarm_at, at_once.is_alarmed)


def test_a_wait_without_a_target_forgets_the_end_of_an_earlier_one() -> None:
    """The target was taken away meanwhile."""
    timed = with_target(STATE, said(".c"), TARGET)

    moved = with_target(timed, said("cc", timed), None)
    assert (None, None) == (moved.answer_due_at, moved.alarm_at)


def test_some_units_are_always_there() -> None:
    """An alarm at night, where the board says so."""
    night = replace(said("c"), waiting_since=NOW + timedelta(hours=14))

    timed = with_target(STATE, night, AnswerTarget(minutes=1, hours=AROUND_THE_CLOCK))
    assert NOW + timedelta(hours=14, minutes=1) == timed.alarm_at
