"""Every worker, from the template itself: what changes a subject leaves its entry.

Each worker is let do all the work that it has; what it did to audited subjects and what it wrote
into the log are compared on the wire. Workers that keep lists and ring bells leave nothing.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.workers import clocks, deliver, dispatch, export, fold, score, sequence, sweep, watch
from functions.workers.events import body_of
from moderation.cases.case import Case
from moderation.community.answer_target import AnswerTarget
from moderation.community.boards import SetAnswerTarget
from moderation.community.unscored import unscored
from moderation.compliance.erasure_request import RequestErasure
from moderation.compliance.erasure_saga import Eraser
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action
from moderation.ids import ulid_source
from moderation.stores.holdings import TableHoldings
from moderation.stores.traces import TableTraces
from tests.support.act_ledger import ActLedger
from tests.support.audited_forum import OFFICER, AuditedForum
from tests.support.community import ADMIN, RULES, found
from tests.support.erasable import MemoryShelf
from tests.support.forum import BOARD, ERIKA
from tests.support.forum_stream import FakeQueue, ForumStream, queue_event
from tests.support.post_office import FakeAlarm, FakeMailer, FakeUnitAlarm
from tests.support.stack import ORIGIN, Stack

TEMPLATE = Path(__file__).parents[4] / "infra" / "resources" / "functions.json"
HANDLER = "functions.workers."
HOUR = timedelta(hours=1)


def workers() -> set[str]:
    """The workers that the template deploys."""
    resources = json.loads(TEMPLATE.read_text())["Resources"].values()
    handlers = (str(each.get("Properties", {}).get("Handler", "")) for each in resources)
    return {
        handler.removeprefix(HANDLER).removesuffix(".handler")
        for handler in handlers
        if handler.startswith(HANDLER)
    }


type Run = Callable[[], object]


def run_fold(forum: AuditedForum, stream: ForumStream) -> Run:
    """Every change there was."""
    return lambda: fold.handle(stream.event(), fold.Parts(forum.stack.unit_of_work))


def run_dispatch(_: AuditedForum, stream: ForumStream) -> Run:
    """Every bell there is to ring."""
    parts = dispatch.Parts(FakeQueue(), FakeQueue(), FakeQueue())
    return lambda: dispatch.handle(stream.event(), parts)


def run_sequence(forum: AuditedForum, _: ForumStream) -> Run:
    """Every entry that waits."""
    parts = sequence.Parts(forum.sequencer(), FakeAlarm(), ORIGIN, forum.stack.clock)
    return lambda: sequence.handle(parts)


def run_score(forum: AuditedForum, _: ForumStream) -> Run:
    """A post that no detector could read: a human is to."""
    stack = forum.stack
    parts = score.Parts(
        stack.unit_of_work,
        lambda post: unscored(post.language),
        RULES,
        FakeQueue().put_off,
        ORIGIN,
        stack.clock,
    )
    fresh = forum.forum.run(forum.forum.reply("Noch einer."))
    event = queue_event(body_of("post", forum.forum.post.id), body_of("post", fresh.id))
    return lambda: score.handle(event, parts)


def run_deliver(forum: AuditedForum, _: ForumStream) -> Run:
    """Everything in the outbox."""
    stack = forum.stack
    bells = [body_of("message", ref.id) for ref in stack.work_list.outbox(100)]
    assert bells
    parts = deliver.Parts(
        stack.unit_of_work,
        stack.lists,
        FakeAlarm(),
        FakeMailer(),
        RULES,
        stack.clock,
        FakeUnitAlarm(),
    )
    return lambda: deliver.handle(queue_event(*bells), parts)


def run_export(forum: AuditedForum, _: ForumStream) -> Run:
    """An export and an erasure."""
    stack, job = forum.stack, forum.request()
    asked = RequestErasure(target="member", target_id=ERIKA.id, actor=OFFICER)
    stack.unit_of_work.run(asked)

    def pause(_: float) -> None:
        stack.clock.forward(seconds=1)
        forum.sequencer().run(timedelta(minutes=1))

    eraser = Eraser(
        work=stack.unit_of_work,
        holdings=TableHoldings(stack.forum),
        lists=stack.lists,
        traces=TableTraces(stack.forum),
        shelf=MemoryShelf(forum),
        now=stack.clock,
    )
    parts = export.Parts(stack.unit_of_work, forum.exporter(), eraser, pause)
    bells = (body_of("export", job.id), body_of("erasure", ERIKA.id))
    return lambda: export.handle(queue_event(*bells), parts)


def run_clocks(forum: AuditedForum, stream: ForumStream) -> Run:
    """A hold that has run out, a case that is due, a wait, new settings and an idle hour."""
    stack = forum.stack
    target = SetAnswerTarget(actor=ADMIN, slug=BOARD, target=AnswerTarget(minutes=1), expected=1)
    stack.unit_of_work.run(target)
    forum.forum.run(forum.forum.reply(verdict=found(Category.SPAM, Action.HOLD)))
    run_fold(forum, stream)()
    held = [case for case in forum.forum.records(Case) if case.hold is not None]
    ends = [case.hold.lapses_at for case in held if case.hold is not None]
    stack.clock.now = max(ends) + HOUR
    past = ulid_source(lambda: max(ends) - HOUR, bytes)()
    parts = clocks.Parts(
        stack.unit_of_work,
        stack.lists,
        stack.work_list,
        stack.clock,
        lambda: past,
        lambda: {"STAGE": "0" * 32},
        bool,
    )
    return lambda: clocks.handle(parts)


def run_sweep(forum: AuditedForum, _: ForumStream) -> Run:
    """All that was left over, and the night's recounts."""
    stack = forum.stack
    stack.clock.forward(days=1)
    parts = sweep.Parts(
        stack.unit_of_work,
        stack.lists,
        stack.work_list,
        FakeQueue(),
        FakeQueue(),
        FakeQueue(),
        stack.clock,
        lambda: True,
    )
    return lambda: sweep.handle(parts)


def run_watch(_: AuditedForum, stream: ForumStream) -> Run:
    """Every change there was."""
    return lambda: watch.handle(stream.event(), watch.Parts(FakeAlarm()))


WALK: dict[str, tuple[Callable[[AuditedForum, ForumStream], Run], set[str]]] = {
    "clocks": (run_clocks, {"case:update", "log:heartbeat", "post:lapse", "settings:change"}),
    "deliver": (run_deliver, set()),
    "dispatch": (run_dispatch, set()),
    "export": (run_export, {"export:build", "erasure:complete", "payload:erase"}),
    "fold": (run_fold, set()),
    "score": (run_score, {"case:open"}),
    "sequence": (run_sequence, set()),
    "sweep": (run_sweep, set()),
    "watch": (run_watch, set()),
}
"""How each worker is given all of its work, and the acts that it leaves."""


def test_every_worker_of_the_template_is_walked() -> None:
    """One that is added to the template and not to the walk fails here."""
    assert WALK.keys() == workers()


@pytest.mark.parametrize("name", sorted(WALK))
def test_a_worker_leaves_one_entry_for_each_subject_it_changes(name: str, stack: Stack) -> None:
    """And none besides, however much it writes."""
    stream = ForumStream(stack.engine.tables["forum"])
    stack.engine.hooks.append(stream)
    forum = AuditedForum(stack)
    forum.casework()
    setup, acts = WALK[name]
    run = setup(forum, stream)
    before = _journal(stack)
    ledger = ActLedger()
    with stack.engine.hooked(ledger):
        answer: Any = run()

    assert [] == ledger.faults
    assert acts == set(ledger.actions)
    failures = answer.get("batchItemFailures", answer.get("failed", [])) if answer else []
    assert not failures
    assert len(ledger.actions) == _journal(stack) - before


def _journal(stack: Stack) -> int:
    return len(stack.entries())
