"""The command that erases again after a restore stops where a hold would be forgotten."""

import copy
from dataclasses import replace

import pytest

from functions.cli.__main__ import main
from functions.cli.restore import carried_out
from functions.workers.sequence import BUDGET
from moderation.audit.log_reader import LogReader
from moderation.compliance.holding_back import PlaceHold
from moderation.compliance.replaying import listen
from moderation.stores.restored import RestoredForum
from tests.support.audit_watch import AuditWatch
from tests.support.erasable import OFFICER, PERSON, Erasable
from tests.support.stack import ORIGIN, Stack


@pytest.mark.parametrize("without_holds", [False, True])
def test_it_stops_where_a_hold_is_missing(
    stack: Stack,
    capsys: pytest.CaptureFixture[str],
    without_holds: bool,
) -> None:
    """Unless it is told to go on."""
    erasable = Erasable(stack)
    clock, tables, audited = stack.clock, stack.engine.tables, erasable.audited
    snapshot = copy.deepcopy(tables["forum"])
    later = clock.now.replace(year=2027)
    held = erasable.forum.run(
        PlaceHold(
            subject=erasable.plain.ref.subject,
            matter="x",
            basis="order",
            review_at=later,
            actor=OFFICER,
        )
    )
    erasable.ask()
    erasable.erase()
    audited.sequencer().run(BUDGET)
    tables["forum"] = snapshot
    stack.engine.hooks[:] = [h for h in stack.engine.hooks if not isinstance(h, AuditWatch)]
    log = LogReader(audited.objects, ORIGIN, [audited.signer.key])
    code = carried_out(
        listen(log, audited.table, erasable.pause),
        RestoredForum(forum=stack.forum, random_bytes=stack.random),
        erasable.eraser(),
        clock,
        erasable.pause,
        without_holds=without_holds,
    )
    said = capsys.readouterr()

    assert f"missing hold: {held.id}" in said.err
    assert (code, "1 erasures" in said.out) == ((0, True) if without_holds else (1, False))
    assert (erasable.found() == []) == without_holds


@pytest.mark.parametrize("ends", [False, True])
def test_it_tells_what_was_not_erased(
    stack: Stack, capsys: pytest.CaptureFixture[str], ends: bool
) -> None:
    """What must be kept is named; what did not come to an end is to be run again."""
    erasable = Erasable(stack)
    plain = erasable.plain.ref.subject
    if ends:
        review = stack.clock.now.replace(year=2027)
        erasable.forum.run(
            PlaceHold(subject=plain, matter="x", basis="order", review_at=review, actor=OFFICER)
        )
    asked = erasable.ask()
    log = LogReader(erasable.audited.objects, ORIGIN, [erasable.audited.signer.key])
    eraser = erasable.eraser()
    code = carried_out(
        listen(log, erasable.audited.table, erasable.pause),
        RestoredForum(forum=stack.forum, random_bytes=stack.random),
        eraser if ends else replace(eraser, now=lambda: asked.requested_at),
        stack.clock,
        erasable.pause,
        without_holds=False,
    )
    said = capsys.readouterr()

    kept, unfinished = f"kept for now: {plain} of {PERSON.id} (hold)", f"not finished: {PERSON.id}"
    assert (code, kept in said.out, unfinished in said.err) == (int(not ends), ends, not ends)


def test_it_needs_a_table() -> None:
    """The restored one has a name of its own."""
    with pytest.raises(SystemExit):
        main(["restore", "--stack", "forum"])
