"""An export is asked for, built by a worker, and told of; asking and building are acts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.message import Message
from moderation.change import Seen
from moderation.compliance.export_job import DOWNLOADS_KEPT, LINK_LIFETIME, ExportJob
from moderation.compliance.export_request import (
    CompleteExport,
    FailExport,
    IssueLink,
    ReportProgress,
    RequestExport,
)
from moderation.errors import Invalid, NotFound
from moderation.ids import ExportId
from tests.support.apply_change import Office
from tests.support.casework import APP, MO, POST, detected, office, refusal
from tests.support.community import FLAGGED, NOW, ulid

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


def _ready(at: Office) -> ExportJob:
    job = _asked(at)
    return at.run(CompleteExport(export_id=job.id, object_key="a.zip", record="{}"))


def test_each_link_given_out_is_an_act() -> None:
    """Once for each person and lifetime of a link; somebody else's link is another one."""
    at = Office()
    job = _ready(at)
    first = at.run(IssueLink(export_id=job.id, actor=MO))
    again = at.run(IssueLink(export_id=job.id, actor=MO))
    other = at.run(IssueLink(export_id=job.id, actor=APP))
    at.now += LINK_LIFETIME
    at.run(IssueLink(export_id=job.id, actor=MO))

    assert [MO.id] == [each.by for each in first.downloads]
    assert first == again
    assert [MO.id, APP.id] == [each.by for each in other.downloads]
    downloads = [act for act in at.acts if act.action is Action.EXPORT_DOWNLOAD]
    assert [MO.id, APP.id, MO.id] == [act.actor.id for act in downloads]


def test_the_latest_links_are_kept_on_the_job() -> None:
    """At most twenty; the log has all."""
    at = Office()
    job = _ready(at)
    for _ in range(DOWNLOADS_KEPT + 1):
        at.now += LINK_LIFETIME
        job = at.run(IssueLink(export_id=job.id, actor=MO))

    assert DOWNLOADS_KEPT == len(job.downloads)
    assert at.now == job.downloads[-1].at


def test_there_is_no_link_before_there_is_a_bundle() -> None:
    """And so no act."""
    at = Office()
    job = _asked(at)

    answered = at.run(IssueLink(export_id=job.id, actor=MO))
    assert job == answered
    assert [Action.EXPORT_REQUEST] == [act.action for act in at.acts]
    issue = IssueLink(export_id=job.id, actor=MO)
    assert job == issue.recall(job.ref, Seen({job.ref: job}))


def test_a_case_is_exported_whole() -> None:
    """One that is there, and nothing narrower beside it."""
    at = office(POST)
    case = detected(at, FLAGGED)
    asked = RequestExport(start=START, end=NOW, actor=MO, case=case.id, profile="full")

    assert (case.id, "full") == ((job := at.run(asked)).case, job.profile)
    with pytest.raises(Invalid):
        at.run(replace(asked, action="case:open"))
    with pytest.raises(NotFound):
        at.run(replace(asked, case=ulid(77)))
