"""Watches the clocks, each minute: holds, cases, customers that wait, idle hours, settings.

And has the day's anchor of the log stamped, where there is a time-stamp authority.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from functions import outside
from functions.wiring import house, log, tables
from functions.workers import journal
from moderation.cases.case import Case
from moderation.cases.lapsing import LapseHold
from moderation.cases.reminding import WAITING, Reminder, RemindOfCase, stage_of
from moderation.change import UnitOfWork
from moderation.community.unanswered import TellOfWait
from moderation.compliance.heartbeat import Beat
from moderation.compliance.settings_log import RecordSettings
from moderation.ids import CaseId, time_of
from moderation.ports import Lists, WorkList

PAGE = 100


@dataclass(frozen=True, slots=True)
class Parts:
    """What the worker works with.

    `newest` gives the id of the log's newest entry, `in_force` the settings' digests by name;
    `stamp_anchor` says whether it had to.
    """

    work: UnitOfWork
    lists: Lists
    work_list: WorkList
    now: Callable[[], datetime]
    newest: Callable[[], str | None]
    in_force: Callable[[], Mapping[str, str]]
    stamp_anchor: Callable[[], bool]


def handle(parts: Parts) -> dict[str, int]:
    """Let what has run out lapse, and remind of what is about to; answers how much was done.

    Whatever fails is seen again in a minute.
    """
    now = parts.now()
    due = [LapseHold(case_id=CaseId(ref.id)) for ref in parts.work_list.lapsing(now, PAGE)]
    lapsed = [_carried_out(lapse, parts.work) for lapse in due]
    reminded = [
        _carried_out(RemindOfCase(reminder.case_id, reminder.stage), parts.work)
        for cases in _waiting(parts.lists)
        for reminder in _due(cases, now, parts.work)
    ]
    told = [_told(ref.id, parts.work) for ref in parts.work_list.unanswered(now, PAGE)]
    done = [*lapsed, *reminded]
    beats, settings, stamps = _beats(parts), _settings(parts), _stamps(parts)
    counts = {
        "lapsed": sum(lapsed),
        "reminded": sum(reminded),
        "unanswered": told.count(True),
        "beats": beats.count(True),
        "settings": settings.count(True),
        "stamps": stamps.count(True),
        "failed": [*done, *beats, *settings, *stamps].count(False) + told.count(None),
    }
    journal.note("clocks", **counts)
    return counts


def _carried_out(command: LapseHold | RemindOfCase, work: UnitOfWork) -> bool:
    try:
        work.run(command)
    except Exception as error:  # noqa: BLE001  (the outermost loop: others must go on)
        journal.failed("clocks", f"case:{command.case_id}", error)
        return False
    return True


def _told(thread_id: str, work: UnitOfWork) -> bool | None:
    """Tell a unit of a wait; whether there was something to tell, None where that failed."""
    try:
        return work.run(TellOfWait(thread_id))
    except Exception as error:  # noqa: BLE001  (the outermost loop: others must go on)
        journal.failed("clocks", f"thread:{thread_id}", error)
        return None


def _settings(parts: Parts) -> list[bool]:
    """Record settings that a deployment has changed: [True] if so, [False] if that failed."""
    try:
        changed = parts.work.run(RecordSettings(parts.in_force()))
    except Exception as error:  # noqa: BLE001  (the outermost loop: it is seen again in a minute)
        journal.failed("clocks", "settings:house", error)
        return [False]
    return [True] if changed else []


def _stamps(parts: Parts) -> list[bool]:
    """Have the anchor stamped: [True] if it was, [False] if that failed."""
    try:
        stamped = parts.stamp_anchor()
    except Exception as error:  # noqa: BLE001  (the outermost loop: it is seen again in a minute)
        journal.failed("clocks", "anchor", error)
        return [False]
    return [True] if stamped else []


def _beats(parts: Parts) -> list[bool]:
    """Have the log's heart beat where it is idle: [True] if it beat, [False] if that failed."""
    try:
        newest = parts.newest()
        beat = parts.work.run(Beat(last_at=time_of(newest) if newest else None))
    except Exception as error:  # noqa: BLE001  (the outermost loop: it is seen again in a minute)
        journal.failed("clocks", "log:heartbeat", error)
        return [False]
    return [True] if beat else []


def _waiting(lists: Lists) -> Iterator[tuple[Case, ...]]:
    """Every case that waits for people, a page at a time."""
    for state in sorted(WAITING):
        page = lists.cases(state, None, PAGE, None)
        yield page.items
        while page.next is not None:
            page = lists.cases(state, None, PAGE, page.next)
            yield page.items


def _due(cases: tuple[Case, ...], now: datetime, work: UnitOfWork) -> list[Reminder]:
    """The reminders of a page that nobody has had yet, known from one read."""
    due = [
        Reminder(case_id=case.id, stage=stage, due_at=case.due_at)
        for case in cases
        if (stage := stage_of(case, now)) is not None
    ]
    if not due:
        return []
    told = work.read(*(reminder.ref for reminder in due))
    return [reminder for reminder in due if told.get(reminder.ref) != reminder]


def handler(event: Mapping[str, object], context: object) -> dict[str, int]:  # noqa: ARG001
    """Lambda's entry."""
    return handle(
        Parts(
            tables.unit_of_work(),
            tables.lists(),
            tables.work_list(),
            outside.now,
            tables.audit_table().newest,
            house.settings_in_force,
            log.stamp_anchor,
        )
    )
