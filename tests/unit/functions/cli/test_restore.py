"""The command that erases again after a restore stops where a hold would be forgotten."""

import copy

import pytest

from functions.cli.__main__ import main
from functions.cli.restore import carried_out
from functions.workers.sequence import BUDGET
from moderation.audit.log_reader import LogReader
from moderation.compliance.holding_back import PlaceHold
from moderation.compliance.replaying import listen
from moderation.stores.restored import RestoredForum
from tests.support.audit_watch import AuditWatch
from tests.support.erasable import OFFICER, Erasable
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
    published = log.published()
    assert published is not None
    size = published.checkpoint.size
    code = carried_out(
        listen(body for run in log.bodies(0, size, size) for body in run),
        RestoredForum(forum=stack.forum, random_bytes=stack.random),
        erasable.eraser(),
        clock,
        lambda: clock.forward(seconds=1) and None,
        without_holds=without_holds,
    )
    said = capsys.readouterr()

    assert f"missing hold: {held.id}" in said.err
    assert (code, "1 erasures" in said.out) == ((0, True) if without_holds else (1, False))
    assert (erasable.found() == []) == without_holds


def test_it_needs_a_table() -> None:
    """The restored one has a name of its own."""
    with pytest.raises(SystemExit):
        main(["restore", "--stack", "forum"])
