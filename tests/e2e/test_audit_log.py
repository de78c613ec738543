"""The log as a service, on the packaged stack: promises, proofs, a witness, anchors, alarms.

What is verified is verified by a copy of the verifier's one file, in a folder of its own.
"""

import json
import shutil
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localstack.deploy import Stack as Deployment
from localstack.engine import Engine
from moderation.audit import verify
from moderation.audit.receipt import sign_receipt
from moderation.ids import ulid_source
from moderation.stores.signer import KmsSigner
from tests.e2e.conftest import STACK, Witnessing
from tests.e2e.stack import Stack
from tests.e2e.test_main_job import INSULT, case_about, eventually, start_thread

pytestmark = pytest.mark.e2e

PATIENCE_S = 90


class Offline:
    """A folder with the verifier's file and nothing else of the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(str(verify.__file__), folder / "verify.py")

    def keep(self, name: str, text: str | bytes) -> str:
        """Write a file beside it."""
        data = text.encode() if isinstance(text, str) else text
        (self.folder / name).write_bytes(data)
        return name

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run it there, cut off from this project."""
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify.py", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def offline(tmp_path: Path) -> Offline:
    """An outsider's folder."""
    return Offline(tmp_path)


@pytest.fixture(scope="module")
def outputs(running_engine: Engine, stack: Stack) -> dict[str, str]:
    """Names of the stack's parts."""
    assert stack.api
    return Deployment(running_engine.target, STACK).outputs()


@pytest.fixture
def board(stack: Stack) -> dict[str, Any]:
    """A board of this test's own."""
    body = {"slug": f"log-{uuid.uuid4().hex[:12]}", "title": "Protokoll", "unit": "product"}
    created: dict[str, Any] = stack.as_("admin").post("/v1/boards", body).expect(201)
    return created


def noticed(stack: Stack, post_id: str) -> dict[str, Any]:
    """The answer to a notice."""
    body = {"items": [{"post_id": post_id}], "reasons": "Beleidigung.", "good_faith": True}
    receipt: dict[str, Any] = stack.as_(None).post("/v1/notices", body).expect(201)
    return receipt


def proof_at(stack: Stack, url: str) -> str:
    """The proof, once it is there."""
    path = url.removeprefix(stack.api)

    def look() -> str | None:
        answer = stack.as_(None).get(path)
        return str(answer.body) if answer.status == 200 else None

    return eventually(look, PATIENCE_S)


def exported(stack: Stack, to: str = "2099-01-01T00:00:00.000Z") -> bytes:
    """A bundle of everything so far, or up to a time."""
    import urllib.request  # noqa: PLC0415

    compliance = stack.as_("compliance")
    period = {"from": "2026-01-01T00:00:00.000Z", "to": to}
    asked = compliance.post("/v1/audit/exports", period).expect(202)

    def ready() -> dict[str, Any] | None:
        job: dict[str, Any] = compliance.get(f"/v1/audit/exports/{asked['id']}").expect(200)
        assert "failed" != job["state"]
        return job if job["state"] == "ready" else None

    with urllib.request.urlopen(eventually(ready, 180)["url"], timeout=30) as answer:  # noqa: S310
        data: bytes = answer.read()
    return data


def test_a_notifier_holds_a_promise_and_sees_it_kept(
    stack: Stack, board: dict[str, Any], offline: Offline
) -> None:
    """The receipt comes with the answer, the proof within a minute; both hold offline."""
    post = start_thread(stack.as_("customer"), board, "Streit", INSULT)
    notice = noticed(stack, post["id"])
    promised = time.monotonic()
    receipt = notice["receipt"]
    proof = proof_at(stack, receipt["proof"])
    assert time.monotonic() - promised <= 60

    given = [
        offline.keep("proof.tlog-proof", proof),
        *("--receipt", offline.keep("receipt", receipt["note"])),
    ]
    assert (0, True) == _kept(offline.run(*given, "--key", stack.verify_key))
    other = noticed(stack, post["id"])["receipt"]
    wrong = [given[0], "--receipt", offline.keep("other", other["note"])]
    assert 1 == offline.run(*wrong, "--key", stack.verify_key)[0]
    told = stack.as_(None).get(f"/v1/notices/{notice['id']}", Notice_Secret=notice["secret"])
    assert receipt["leaf"] == told.expect(200)["receipt"]["leaf"]
    help_text = stack.as_(None).get("/v1/audit/receipts-help").body
    assert stack.verify_key in help_text


def _kept(outcome: tuple[int, str]) -> tuple[int, bool]:
    return outcome[0], outcome[1].rstrip().endswith("the receipt is kept")


def test_a_notice_stands_while_the_key_is_away(
    stack: Stack, running_engine: Engine, outputs: dict[str, str], board: dict[str, Any]
) -> None:
    """KMS refuses to sign: 201 without a receipt, which is had once the key is back."""
    kms = running_engine.target.client("kms")
    post = start_thread(stack.as_("customer"), board, "Streit", INSULT)
    kms.disable_key(KeyId=outputs["LogKeyId"])
    try:
        notice = noticed(stack, post["id"])
    finally:
        kms.enable_key(KeyId=outputs["LogKeyId"])
    path = f"/v1/notices/{notice['id']}"
    told = stack.as_(None).get(path, Notice_Secret=notice["secret"]).expect(200)

    assert notice["receipt"] is None
    assert f"\n{told['receipt']['leaf']}\n" in told["receipt"]["note"]
    assert proof_at(stack, told["receipt"]["proof"])


def test_an_author_holds_a_promise_too(
    stack: Stack, board: dict[str, Any], offline: Offline
) -> None:
    """The statement of a hold is in the log; compliance gets the entry with its proof."""
    author = stack.as_("customer")
    text = "Morgen um acht steche ich dich vor dem Rathaus ab."
    post = start_thread(author, board, "An den Nachbarn", text)
    statement = author.get(f"/v1/statements/{post['statement_id']}").expect(200)
    receipt = statement["receipt"]
    proof = proof_at(stack, receipt["proof"])
    given = [offline.keep("p", proof), "--receipt", offline.keep("r", receipt["note"])]
    path = f"/v1/audit/entries/{statement['entry_id']}/tlog-proof"
    alone = stack.as_("compliance").get(path)
    author.get(path).expect(403)

    assert statement["entry_id"] == receipt["entry_id"]
    assert (0, True) == _kept(offline.run(*given, "--key", stack.verify_key))
    assert 0 == offline.run(offline.keep("alone", alone.body), "--key", stack.verify_key)[0]


def test_a_witness_somewhere_else_cosigns(
    stack: Stack, board: dict[str, Any], witnessing: Witnessing, offline: Offline
) -> None:
    """By the public API alone; a proof then holds under a policy that asks for it."""
    post = start_thread(stack.as_("customer"), board, "Streit", INSULT)
    receipt = noticed(stack, post["id"])["receipt"]
    policy = f"log {stack.verify_key}\nwitness w {witnessing.vkey}\nquorum w\n"
    offline.keep("policy", policy)
    offline.keep("receipt", receipt["note"])

    def look() -> bool:
        offline.keep("proof", proof_at(stack, receipt["proof"]))
        given = ("proof", "--receipt", "receipt", "--policy", "policy")
        return (0, True) == _kept(offline.run(*given))

    assert eventually(look, PATIENCE_S)
    assert [] == witnessing.wrong
    cosigned = stack.as_(None).get("/v1/audit/checkpoint?which=cosigned").body
    assert "witness.example" in cosigned
    body = {"note": stack.as_(None).get("/v1/audit/checkpoint").body}
    stack.as_(None).call("POST", "/v1/audit/cosignatures", body).expect(422)


def test_a_broken_promise_is_shown_as_such(
    stack: Stack, running_engine: Engine, outputs: dict[str, str], offline: Offline
) -> None:
    """Signed with the log's own key, about an entry that the log does not have."""
    target = running_engine.target
    signer = KmsSigner(target.client("kms"), outputs["LogKeyId"], outputs["LogOrigin"])
    earlier = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
    missing = ulid_source(lambda: earlier, lambda count: b"m" * count)()
    broken = sign_receipt(missing, "ab" * 32, earlier, signer)
    bundle = offline.keep("bundle.zip", exported(stack))
    key = ("--key", stack.verify_key)
    code, said = offline.run(bundle, *key, "--receipt", offline.keep("broken", broken))

    assert 0 == offline.run(bundle, *key)[0]
    assert (1, True) == (code, said.startswith("FAILED receipt: broken: entry "))
    assert f"{missing} was promised and is missing" in said


def test_a_period_leads_on_to_what_its_subjects_are_now(
    stack: Stack, board: dict[str, Any], offline: Offline
) -> None:
    """A case is taken after the period; the bundle holds that entry, too, with its proof."""
    moderator = stack.as_("moderator")
    post = start_thread(stack.as_("customer"), board, "Streit", INSULT)
    case = case_about(moderator, post["id"])
    end = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    moderator.post(f"/v1/cases/{case['id']}/claim", {}).expect(200)
    bundle = offline.keep("bundle.zip", exported(stack, end))

    assert 0 == offline.run(bundle, "--key", stack.verify_key)[0]
    with zipfile.ZipFile(offline.folder / bundle) as archive:
        later = archive.read("later.jsonl").decode()
    assert f'"subject":"case:{case["id"]}"' in later


def test_the_day_is_anchored_under_lock(
    running_engine: Engine, outputs: dict[str, str], stack: Stack
) -> None:
    """Today's checkpoint lies in the anchors bucket, and may not be deleted for a day."""
    s3 = running_engine.target.client("s3")
    where = {"Bucket": outputs["AnchorsBucket"], "Key": datetime.now(UTC).date().isoformat()}

    def look() -> Any:
        try:
            return s3.get_object(**where)
        except s3.exceptions.NoSuchKey:
            return None

    found = eventually(look, PATIENCE_S)
    keys = verify.Keys(verify.parse_key(stack.verify_key))
    verify.open_checkpoint(found["Body"].read(), keys, "anchor")
    lock = s3.get_object_retention(VersionId=found["VersionId"], **where)["Retention"]
    assert "GOVERNANCE" == lock["Mode"]
    assert lock["RetainUntilDate"] > datetime.now(UTC) + timedelta(hours=23)
    with pytest.raises(ClientError, match=r"AccessDenied|Access Denied"):
        s3.delete_object(VersionId=found["VersionId"], **where)


def test_a_log_begins_with_a_heartbeat(stack: Stack) -> None:
    """Nothing had been written for an hour when the clock rang first."""
    path = "/v1/audit/entries?action=log:heartbeat"

    def places() -> dict[int, str]:
        entries = stack.as_("compliance").get(path).expect(200)["items"]
        return {each["index"]: each["subject"] for each in entries if each["index"] is not None}

    assert "log:pulse" == eventually(places, PATIENCE_S)[0]


@pytest.fixture
def alarms(running_engine: Engine, outputs: dict[str, str]) -> Iterator[Callable[[], list[str]]]:
    """A queue that listens to the alarm topic; gives the subjects and texts so far."""
    sqs, sns = running_engine.target.client("sqs"), running_engine.target.client("sns")
    url = sqs.create_queue(QueueName=f"listener-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    topic = outputs["AlarmTopicArn"]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn["QueueArn"],
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    subscribed = sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"], ReturnSubscriptionArn=True
    )
    heard: list[str] = []

    def listen() -> list[str]:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            said = json.loads(message["Body"])
            heard.append(f"{said.get('Subject')}: {said['Message']}")
        return heard

    yield listen
    sns.unsubscribe(SubscriptionArn=subscribed["SubscriptionArn"])
    sqs.delete_queue(QueueUrl=url)


def test_a_marker_of_no_entry_wakes_a_human(
    running_engine: Engine, outputs: dict[str, str], alarms: Callable[[], list[str]]
) -> None:
    """The sequencer names what it cannot take, whatever the marker lacks."""
    dynamodb, table = running_engine.target.client("dynamodb"), outputs["AuditTable"]
    key = {"pk": {"S": "PENDING#0"}, "sk": {"S": "0" * 26}}
    named = f"Entries that cannot be sequenced: {key['sk']['S']}"
    dynamodb.put_item(TableName=table, Item={**key, "body": {"S": "no entry"}})
    try:
        eventually(lambda: any(named in said for said in alarms()), PATIENCE_S)
    finally:
        dynamodb.delete_item(TableName=table, Key=key)


def test_tampering_with_the_table_wakes_a_human(
    running_engine: Engine, outputs: dict[str, str], alarms: Callable[[], list[str]]
) -> None:
    """An entry that is replaced, and one that is deleted, by somebody who may do everything."""
    dynamodb = running_engine.target.client("dynamodb")
    table, pk = outputs["AuditTable"], f"S#post#{uuid.uuid4().hex}"
    key = {"pk": {"S": pk}, "sk": {"S": "0000000001"}}
    dynamodb.put_item(TableName=table, Item={**key, "body": {"S": "as it was"}})
    dynamodb.put_item(TableName=table, Item={**key, "body": {"S": "as somebody wants it"}})

    replaced = f"Audit table altered: an item of {pk} was replaced"
    eventually(lambda: replaced in alarms(), PATIENCE_S)
    dynamodb.delete_item(TableName=table, Key=key)
    deleted = f"Audit table altered: an item of {pk} was deleted"
    eventually(lambda: deleted in alarms(), PATIENCE_S)
