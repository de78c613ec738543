"""After a restore the log says what is missing, and nobody who was erased comes back."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
from pynamodb.exceptions import PutError

from functions.workers.sequence import BUDGET
from moderation.audit.log_reader import LogReader
from moderation.audit.ports import SubjectHead
from moderation.cases.notice import Notice
from moderation.compliance.erasure import Erasure
from moderation.compliance.erasure_request import RequestErasure
from moderation.compliance.erasure_saga import Eraser
from moderation.compliance.replaying import (
    LOOKS_AT_MOST,
    WALKS_AT_MOST,
    RestoredTable,
    Told,
    listen,
    replay,
)
from moderation.errors import Unavailable
from moderation.stores.restored import RestoredForum
from tests.contract.moderation.compliance.test_erasure import bundle_holds, hold, release
from tests.support.audit_watch import AuditWatch
from tests.support.erasable import OFFICER, PERSON, Erasable
from tests.support.faults import FaultAt
from tests.support.samples import ERASURE
from tests.support.stack import ORIGIN, Stack


@pytest.fixture
def erasable() -> Erasable:
    """Somebody who left traces everywhere, in a table that can be set back."""
    return Erasable(Stack.fresh())


def heard(erasable: Erasable) -> Told:
    """What log and list tell, waiting for nothing."""
    audited = erasable.audited
    log = LogReader(audited.objects, ORIGIN, [audited.signer.key])
    return listen(log, audited.table, erasable.pause)


def restored(erasable: Erasable) -> RestoredTable:
    """The table as it is now; nobody is served meanwhile."""
    hooks = erasable.stack.engine.hooks
    hooks[:] = [hook for hook in hooks if not isinstance(hook, AuditWatch)]
    return RestoredForum(forum=erasable.stack.forum, random_bytes=erasable.stack.random)


def replayed(
    erasable: Erasable, told: Told, table: RestoredTable, eraser: Eraser | None = None
) -> tuple[Erasure, ...]:
    """Erase again."""
    worker = eraser or erasable.eraser()
    return replay(told, table, worker, erasable.stack.clock, erasable.pause)


@pytest.mark.parametrize("sequenced", [False, True], ids=["waiting", "sequenced"])
@pytest.mark.parametrize("late", [False, True], ids=["asked before", "asked after"])
def test_a_restore_replays_the_erasures(
    erasable: Erasable, tmp_path: Path, late: bool, sequenced: bool
) -> None:
    """The older table is brought up to the log, and whoever asked is erased again."""
    tables, audited = erasable.stack.engine.tables, erasable.audited
    audited.sequencer().run(BUDGET)
    if not late:
        erasable.ask()
    snapshot = copy.deepcopy(tables["forum"])
    if late:
        erasable.ask()
    erasable.erase()
    theirs = next(iter(erasable.forum.records(Notice))).id
    erasable.forum.run(RequestErasure(target="notice", target_id=theirs, actor=OFFICER))
    if sequenced:
        audited.sequencer().run(BUDGET)
    erasable.stack.engine.restore("forum", snapshot)
    assert erasable.found()

    told, table = heard(erasable), restored(erasable)
    assert told.erasures == {PERSON.id: "member", theirs: "notice"}
    for _ in range(2):
        states = [erasure.state for erasure in replayed(erasable, told, table)]
        assert (states, erasable.found()) == (["done", "done"], [])
    assert bundle_holds(erasable, tmp_path)


def test_what_must_be_kept_is_told(erasable: Erasable) -> None:
    """A hold that the table knows keeps what it covers, as it did before."""
    held = hold(erasable, erasable.plain.ref.subject)
    snapshot = copy.deepcopy(erasable.stack.engine.tables["forum"])
    erasable.ask()
    erasable.erase()
    erasable.stack.engine.restore("forum", snapshot)

    (erasure,) = replayed(erasable, heard(erasable), restored(erasable))

    assert erasure.state == "waiting"
    assert [(kept.subject, kept.holds) for kept in erasure.kept] == [
        (erasable.plain.ref.subject, (held.id,))
    ]


def test_an_erasure_that_does_not_end_is_told(erasable: Erasable) -> None:
    """It is left as it is after so many walks, to be gone on with."""
    asked = erasable.ask()
    told, table = heard(erasable), restored(erasable)
    began = erasable.stack.clock()
    stopped = replace(erasable.eraser(), now=lambda: asked.requested_at)

    (erasure,) = replayed(erasable, told, table, stopped)

    assert erasure.state == "running"
    assert (erasable.stack.clock() - began).total_seconds() == WALKS_AT_MOST


def test_a_restore_must_not_forget_a_hold(erasable: Erasable) -> None:
    """Those that are in force by the log and not known to the table are named."""
    tables, audited = erasable.stack.engine.tables, erasable.audited
    known = hold(erasable, erasable.plain.ref.subject)
    snapshot = copy.deepcopy(tables["forum"])
    lost = hold(erasable, erasable.plain.ref.subject)
    release(erasable, hold(erasable, erasable.plain.ref.subject))
    audited.sequencer().run(BUDGET)
    waits = hold(erasable, erasable.plain.ref.subject)
    erasable.stack.engine.restore("forum", snapshot)
    told = heard(erasable)

    assert told.holds == {known.id, lost.id, waits.id}
    assert restored(erasable).missing_holds(told.holds) == sorted([lost.id, waits.id])


def test_a_hold_that_is_placed_again_keeps_what_it_covers(erasable: Erasable) -> None:
    """It is placed in the restored table before anything is lifted, under an id of its own."""
    plain = erasable.plain.ref.subject
    snapshot = copy.deepcopy(erasable.stack.engine.tables["forum"])
    lost = hold(erasable, plain)
    erasable.ask()
    erasable.erase()
    erasable.stack.engine.restore("forum", snapshot)
    table = restored(erasable)

    again = hold(erasable, plain)
    told = heard(erasable)
    (erasure,) = replayed(erasable, told, table)

    assert table.missing_holds(told.holds) == [lost.id]
    assert [(kept.subject, kept.holds) for kept in erasure.kept] == [(plain, (again.id,))]


def test_what_is_between_the_list_and_the_tree_is_waited_for(erasable: Erasable) -> None:
    """Entries that were taken off the list and not published would be heard by nobody."""
    audited = erasable.audited
    audited.sequencer().run(BUDGET)
    published = dict(audited.objects.objects)
    erasable.ask()
    audited.sequencer().run(BUDGET)
    whole = dict(audited.objects.objects)
    audited.objects.objects["checkpoint"] = published["checkpoint"]
    began = erasable.stack.clock()
    with pytest.raises(Unavailable):
        heard(erasable)
    assert (erasable.stack.clock() - began).total_seconds() == LOOKS_AT_MOST

    audited.objects.objects["checkpoint"] = whole["checkpoint"]
    assert heard(erasable).erasures == {PERSON.id: "member"}


def test_an_entry_is_heard_once(erasable: Erasable) -> None:
    """A hold that waited when the list was read, and was released in the tree, is no hold."""
    released = hold(erasable, erasable.plain.ref.subject)
    waiting = erasable.audited.table.waiting(1000)
    release(erasable, released)
    told = heard(erasable)
    for each in waiting:
        told.hear(each.body)

    assert told.holds == set()


def test_what_is_no_entry_tells_nothing() -> None:
    """Bytes, and requests in words of another version."""
    told = Told()
    told.hear(b"?")

    assert told == Told()


def test_an_error_of_the_store_is_not_taken_for_presence(erasable: Erasable) -> None:
    """Putting what is missing fails where the table does."""
    table = restored(erasable)
    erasable.stack.engine.hooks.append(FaultAt("error", "before", 1))
    head = SubjectHead("erasure:x", 1, "ab" * 32, "0" * 26)
    with pytest.raises(PutError):
        table.put_missing(ERASURE, head)
