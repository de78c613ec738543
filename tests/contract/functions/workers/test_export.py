"""The export worker: an order becomes a bundle that an outsider can verify."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from functions.workers.events import body_of
from functions.workers.export import LOOKS_AT_MOST, RECEIVES_AT_MOST, Parts, handle
from functions.workers.sequence import BUDGET
from moderation.audit import verify
from moderation.audit.order import Built
from moderation.compliance.erasure import Erasure
from moderation.compliance.erasure_request import RequestErasure
from moderation.compliance.erasure_saga import Eraser
from moderation.compliance.export_job import ExportJob
from moderation.compliance.redaction import order_of
from moderation.stores.holdings import TableHoldings
from moderation.stores.traces import TableTraces
from tests.support.audited_forum import AuditedForum
from tests.support.erasable import MemoryShelf
from tests.support.forum import ERIKA
from tests.support.forum_stream import queue_event, sequences
from tests.support.stack import Stack


def test_an_export_that_killed_its_worker_each_time_has_failed(audited: AuditedForum) -> None:
    """It is not tried for ever, and whoever asked for it is told."""
    job = audited.request()
    bell = body_of("export", job.id)
    answer = handle(queue_event(bell, receives=RECEIVES_AT_MOST + 1), parts_of(audited))
    done = job_of(audited, job)

    assert sequences(answer) == []
    assert (done.state, done.failure) == ("failed", "KilledError")
    assert audited.bundles.bundles == {}


@pytest.fixture
def audited(stack: Stack) -> AuditedForum:
    """A forum with some acts."""
    forum = AuditedForum(stack)
    forum.casework()
    return forum


def parts_of(audited: AuditedForum, *, sequencing: bool = True) -> Parts:
    """The worker, while the log is sequenced beside it or is not."""

    def pause(_: float) -> None:
        audited.stack.clock.forward(seconds=1)
        if sequencing:
            audited.sequencer().run(BUDGET)

    eraser = Eraser(
        work=audited.stack.unit_of_work,
        holdings=TableHoldings(audited.stack.forum),
        lists=audited.stack.lists,
        traces=TableTraces(audited.stack.forum),
        shelf=MemoryShelf(audited),
        now=audited.stack.clock,
    )
    return Parts(audited.stack.unit_of_work, audited.exporter(), eraser, pause)


def job_of(audited: AuditedForum, job: ExportJob) -> ExportJob:
    """The job as it is now."""
    return audited.stack.get(job.ref)


def test_a_bundle_is_built_and_holds(audited: AuditedForum, tmp_path: Path) -> None:
    """Every act up to the request and the request itself, verified with the log's key."""
    job = audited.request()
    acts = len(audited.stack.entries())
    answer = handle(queue_event(body_of("export", job.id)), parts_of(audited))
    done = job_of(audited, job)
    path = tmp_path / "bundle.zip"
    path.write_bytes(audited.bundles.bundles[done.object_key or ""])
    key = verify.parse_key(str(audited.signer.key))

    assert sequences(answer) == []
    assert (done.state, done.progress) == ("ready", 100)
    assert verify.check(path, key, [], 0)[0] == []
    with zipfile.ZipFile(BytesIO(path.read_bytes())) as archive:
        entries = [json.loads(line) for line in archive.read("entries.jsonl").splitlines()]
    assert len(entries) == acts
    assert json.loads(done.record or "")["end"] == acts


def test_repeating_changes_nothing(audited: AuditedForum) -> None:
    """A message is delivered at least once."""
    job = audited.request()
    event = queue_event(body_of("export", job.id))
    handle(event, parts_of(audited))
    entries, bundles = audited.stack.entries(), dict(audited.bundles.bundles)
    handle(event, parts_of(audited))

    assert audited.stack.entries() == entries
    assert audited.bundles.bundles == bundles


def test_an_export_nobody_asked_for_is_nothing(audited: AuditedForum) -> None:
    """The message is done with."""
    event = queue_event(body_of("export", "01KJM6MRBQ0PQB1NT7P0ABATVB"))

    assert sequences(handle(event, parts_of(audited))) == []


def test_a_log_that_does_not_catch_up_has_the_message_come_again(audited: AuditedForum) -> None:
    """And at the fourth time the export is recorded as failed."""
    job = audited.request()
    parts = parts_of(audited, sequencing=False)
    bell = body_of("export", job.id)

    assert sequences(handle(queue_event(bell), parts)) == ["m1"]
    assert job_of(audited, job).state == "building"
    assert sequences(handle(queue_event(bell, receives=RECEIVES_AT_MOST), parts)) == []
    failed = job_of(audited, job)
    assert (failed.state, failed.failure) == ("failed", "StillWaitingError")
    assert LOOKS_AT_MOST > 60


def test_a_broken_log_fails_at_once(audited: AuditedForum) -> None:
    """Trying again would not mend it, and nothing is handed out."""
    job = audited.request()
    audited.sequencer().run(BUDGET)
    paths = [path for path in audited.objects.objects if path.startswith("tile/entries/")]
    for path in paths:
        altered = audited.objects.objects[path].replace(b'"via":"api"', b'"via":"apj"')
        audited.objects.objects[path] = altered
    answer = handle(queue_event(body_of("export", job.id)), parts_of(audited))

    assert sequences(answer) == []
    assert job_of(audited, job).state == "failed"
    assert audited.bundles.bundles == {}


KINDS: dict[str, dict[str, Any]] = {
    "period": {},
    "actor": {"actors": ("0" * 32,)},
    "action": {"action": "case:decide"},
    "subject": {"subject": "post"},
    "case": {"case": "case"},
}


@pytest.mark.parametrize("profile", ["full", "authority", "outsider"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_rebuilt_to_the_same_bytes(
    audited: AuditedForum, kind: str, profile: str, tmp_path: Path
) -> None:
    """In every profile, whatever has happened meanwhile, and it holds."""
    asked = dict(KINDS[kind])
    if kind == "subject":
        asked["subject"] = audited.forum.post.ref.subject
    if kind == "case":
        asked["case"] = audited.case_id
    job = audited.request(profile=profile, **asked)
    parts = parts_of(audited)
    handle(queue_event(body_of("export", job.id)), parts)
    done = job_of(audited, job)
    first = audited.bundles.bundles.pop(done.object_key or "")
    path = tmp_path / "bundle.zip"
    path.write_bytes(first)

    assert done.state == "ready", done.failure
    assert verify.check(path, verify.parse_key(str(audited.signer.key)), [], 0)[0] == []
    audited.forum.run(audited.forum.appeal())
    audited.forum.run(audited.forum.delete())
    audited.sequencer().run(BUDGET)
    assert isinstance(audited.exporter().build(order_of(done)), Built)
    assert audited.bundles.bundles[done.object_key or ""] == first


def test_a_case_without_records_is_no_export(audited: AuditedForum) -> None:
    """A subject nobody acted on fails at once."""
    job = audited.request(subject="post:01KJM6MRBQ0PQB1NT7P0ABATVB")
    handle(queue_event(body_of("export", job.id)), parts_of(audited))

    assert job_of(audited, job).failure == "NothingThereError"


def test_an_erasure_is_walked_to_its_end(audited: AuditedForum) -> None:
    """Until the lists have settled and a walk finds nothing; a message that comes again is none."""
    audited.forum.run(RequestErasure(target="member", target_id=ERIKA.id, actor=ERIKA))
    event = queue_event(body_of("erasure", ERIKA.id))
    for _ in range(2):
        assert sequences(handle(event, parts_of(audited))) == []

    assert audited.stack.get(Erasure.at(ERIKA.id)).state == "done"
    assert audited.stack.get(audited.forum.post.ref).body == ""
