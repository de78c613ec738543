"""The work list on any DynamoDB: what must happen and has not, oldest first."""

from dataclasses import replace
from datetime import timedelta

from moderation.audit.actions import Action
from moderation.cases.case import Case, CaseState, Hold
from moderation.change import Act, Change, Context, Seen
from moderation.community.post import PostState
from moderation.ids import CaseId, ExportId, PostId, StatementId, ThreadId
from moderation.stores.kinds import Storable
from tests.support.commands import MODERATOR, Do, put
from tests.support.samples import ANSWER_STATE, AT, CASE, EXPORT, MESSAGE, POST, ulid
from tests.support.stack import Stack

PLAIN = replace(POST, state=PostState.PUBLISHED, restrictions=(), statement_id=None)


def test_unchecked_posts_and_waiting_messages_come_oldest_first(anywhere: Stack) -> None:
    """As many as are asked for; what is checked is not among them."""
    posts = [replace(PLAIN, id=PostId(ulid(number))) for number in range(5)]
    messages = [replace(MESSAGE, id=ulid(number)) for number in range(5)]
    checked = replace(PLAIN, id=PostId(ulid(9)), unchecked=False)
    records: list[Storable] = [*posts, *messages]
    anywhere.unit_of_work.run(put(checked, *reversed(records)))
    assert tuple(post.ref for post in posts) == anywhere.work_list.unchecked(100)
    assert tuple(post.ref for post in posts[:2]) == anywhere.work_list.unchecked(2)
    assert tuple(message.ref for message in messages) == anywhere.work_list.outbox(100)


def test_work_that_is_done_is_off_the_list(anywhere: Stack) -> None:
    """A message that was deleted, a post that was scored."""
    anywhere.unit_of_work.run(put(PLAIN, MESSAGE))

    def done(seen: Seen, _context: Context) -> Change[None]:
        post = replace(seen.need(PLAIN.ref), unchecked=False)
        return Change(answer=None, puts=(post,), deletes=(MESSAGE.ref,))

    anywhere.unit_of_work.run(Do(done, (PLAIN.ref, MESSAGE.ref)))
    assert () == anywhere.work_list.unchecked(100)
    assert () == anywhere.work_list.outbox(100)


def test_exports_wait_until_they_are_built(anywhere: Stack) -> None:
    """What is ready, or has failed, is off the list."""
    jobs = [
        replace(EXPORT, id=ExportId(ulid(1)), state="building"),
        replace(EXPORT, id=ExportId(ulid(2)), state="ready"),
        replace(EXPORT, id=ExportId(ulid(3)), state="failed"),
        replace(EXPORT, id=ExportId(ulid(4)), state="building"),
    ]
    acts = tuple(Act(job.ref, Action.EXPORT_REQUEST, MODERATOR) for job in jobs)
    anywhere.unit_of_work.run(put(*reversed(jobs), acts=acts))
    assert (jobs[0].ref, jobs[3].ref) == anywhere.work_list.exports(100)


def test_holds_lapse_at_their_hour(anywhere: Stack) -> None:
    """A hold that lapses at that very millisecond is due, a later one is not."""
    cases = [
        replace(
            CASE,
            id=CaseId(ulid(number)),
            state=CaseState.OPEN,
            hold=Hold(
                statement_id=StatementId(ulid(1)),
                lapses_at=AT + timedelta(milliseconds=number),
                lapses_to="published",
            ),
        )
        for number in range(4)
    ]
    acts = tuple(Act(case.ref, Action.CASE_OPEN, MODERATOR) for case in cases)
    anywhere.unit_of_work.run(put(*reversed(cases), acts=acts))
    due = anywhere.work_list.lapsing(AT + timedelta(milliseconds=2), 100)
    assert tuple(Case.at(ulid(number)) for number in range(3)) == due
    assert due[:1] == anywhere.work_list.lapsing(AT, 100)
    assert () == anywhere.work_list.lapsing(AT - timedelta(milliseconds=1), 100)


def test_waits_are_to_be_told_at_their_moment(anywhere: Stack) -> None:
    """What is due at that very millisecond is among them; what was told or is hidden is not."""
    states = [
        replace(ANSWER_STATE, thread_id=ThreadId(ulid(number)), is_open=is_open, alarm_at=alarm_at)
        for number, (is_open, alarm_at) in enumerate(
            [
                (True, AT),
                (True, AT - timedelta(hours=1)),
                (True, AT + timedelta(milliseconds=1)),
                (False, AT),
                (True, None),
            ]
        )
    ]
    anywhere.unit_of_work.run(put(*states))
    assert (states[1].ref, states[0].ref) == anywhere.work_list.unanswered(AT, 100)
    assert (states[1].ref,) == anywhere.work_list.unanswered(AT, 1)
