"""An export is asked for, built by a worker, and told of; asking and building are acts."""

from datetime import datetime, timedelta

import pytest

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.message import Message
from moderation.compliance.export_job import ExportJob
from moderation.compliance.export_request import (
    CompleteExport,
    FailExport,
    ReportProgress,
    RequestExport,
)
from moderation.errors import Invalid, NotFound
from moderation.ids import ExportId
from tests.support.apply_change import Office
from tests.support.casework import MO, refusal
from tests.support.community import NOW, ulid

START = NOW - timedelta(days=30)


def _asked(at: Office, start: datetime = START, end: datetime = NOW) -> ExportJob:
    return at.run(RequestExport(start=start, end=end, actor=MO))


def test_asking_makes_a_job() -> None:
    """The request is in the log; nobody is told anything yet."""
    at = Office()
    job = _asked(at)
    assert (START, NOW, MO.id, NOW, "building", 0) == (
        job.start,
        job.end,
        job.requested_by,
        job.requested_at,
        job.state,
        job.progress,
    )
    assert [(Action.EXPORT_REQUEST, job.ref)] == [(a.action, a.subject) for a in at.acts]
    assert [] == at.all(Message)


@pytest.mark.parametrize(
    ("start", "end", "pointer"),
    [
        (NOW, NOW, "/to"),
        (NOW, START, "/to"),
        (NOW, NOW + timedelta(days=1), "/from"),
    ],
)
def test_a_period_that_is_none_is_refused(start: datetime, end: datetime, pointer: str) -> None:
    """Empty, backwards, or not begun."""
    with pytest.raises(Invalid) as refused:
        _asked(Office(), start, end)
    assert ("invalid", [pointer]) == refusal(refused)


def test_an_end_in_the_future_is_taken() -> None:
    """The bundle then holds everything up to the request."""
    assert NOW + timedelta(days=1) == _asked(Office(), end=NOW + timedelta(days=1)).end


def test_progress_is_told_without_an_act_and_never_backwards() -> None:
    """How far the builder has come is nothing to be proved; a hundred is the end alone."""
    at = Office()
    job = _asked(at)
    told = [
        at.run(ReportProgress(export_id=job.id, progress=percent)).progress
        for percent in (40, 20, 40, 100)
    ]
    assert ([40, 40, 40, 99], 1) == (told, len(at.acts))


def test_a_built_bundle_is_ready_once() -> None:
    """What it was built from is pinned; a second report changes nothing."""
    at = Office()
    job = _asked(at)
    for key in ("first", "second"):
        ready = at.run(CompleteExport(export_id=job.id, object_key=key, record="{}"))
        assert ("ready", 100, "first", "{}") == (
            ready.state,
            ready.progress,
            ready.object_key,
            ready.record,
        )
    assert "ready" == at.run(FailExport(export_id=job.id, failure="late")).state
    assert "ready" == at.run(ReportProgress(export_id=job.id, progress=50)).state
    assert [(Action.EXPORT_BUILD, SYSTEM, Via.JOB)] == [
        (act.action, act.actor, act.via) for act in at.acts[1:]
    ]
    assert [MO.id] == [message.to for message in at.all(Message)]


def test_a_failed_export_says_why() -> None:
    """And tells who asked for it; what comes later does not make it ready."""
    at = Office()
    job = _asked(at)
    failed = at.run(FailExport(export_id=job.id, failure="no checkpoint"))
    assert ("failed", "no checkpoint") == (failed.state, failed.failure)
    late = at.run(CompleteExport(export_id=job.id, object_key="k", record="{}"))
    assert "failed" == late.state
    assert Action.EXPORT_FAIL == at.acts[-1].action


def test_an_unknown_export_is_not_found() -> None:
    """There is nothing to report on."""
    with pytest.raises(NotFound):
        Office().run(ReportProgress(export_id=ExportId(ulid(1)), progress=1))
