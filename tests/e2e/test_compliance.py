"""The compliance officer's work over HTTP: search, exports of a part and of a case."""

import csv
import io
import json
import urllib.request
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest

from localstack.engine import Engine
from tests.e2e.client import Client
from tests.e2e.conftest import STACK
from tests.e2e.stack import Stack
from tests.e2e.tampering import verify
from tests.e2e.test_main_job import (
    INSULT,
    case_about,
    decide,
    eventually,
    norm_for,
    start_thread,
)

pytestmark = pytest.mark.e2e

PERIOD = {"from": "2026-01-01T00:00:00.000Z", "to": "2099-01-01T00:00:00.000Z"}
NOTIFIER = {"name": "Nora Nachbarin", "email": "nora@kunde.example"}


@pytest.fixture(scope="module")
def removed(stack: Stack) -> dict[str, Any]:
    """A post that was removed on a notice; the case as the moderator sees it."""
    author, moderator = stack.as_("customer"), stack.as_("moderator")
    body = {"slug": f"walk-{uuid.uuid4().hex[:12]}", "title": "Wärmepumpen"}
    board = stack.as_("admin").post("/v1/boards", body).expect(201)
    post = start_thread(author, board, "Streit", INSULT)
    stack.as_(None).post(
        "/v1/notices",
        {
            "items": [{"post_id": post["id"]}],
            "reasons": "Das ist eine Beleidigung.",
            "category": "INSULT",
            "notifier": NOTIFIER,
            "good_faith": True,
        },
    ).expect(201)
    case = case_about(moderator, post["id"])
    ground = {"kind": "illegal", "norm": norm_for(stack, "INSULT"), "explanation": "Beschimpfung."}
    decide(moderator, case, outcome="remove", category="INSULT", facts="Eine Beschimpfung.",
           ground=ground)  # fmt: skip
    return case


def exported(compliance: Client, folder: Path, **asked: Any) -> Path:
    """The bundle of an export, once it is ready."""
    export = compliance.post("/v1/audit/exports", asked).expect(202)

    def ready() -> dict[str, Any] | None:
        found: dict[str, Any] = compliance.get(f"/v1/audit/exports/{export['id']}").expect(200)
        assert "failed" != found["state"], found
        return found if found["state"] == "ready" else None

    path = folder / f"{export['id']}.zip"
    with urllib.request.urlopen(eventually(ready, seconds=150)["url"], timeout=30) as response:  # noqa: S310
        path.write_bytes(response.read())
    return path


def lines(path: Path, name: str) -> list[Any]:
    """The lines of a file of a bundle."""
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read(name).splitlines()]


def listed(compliance: Client, query: str) -> list[dict[str, Any]]:
    """All entries of a search, page by page."""
    found, cursor = [], ""
    while True:
        page = compliance.get(f"/v1/audit/entries?{query}{cursor}").expect(200)
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_entries_are_found_by_actor_action_subject_and_case(
    stack: Stack, removed: dict[str, Any]
) -> None:
    """Each way leads to the decision; a person is not searched for without a second one."""
    compliance = stack.as_("compliance")
    found = listed(compliance, f"case={removed['id']}&limit=3")
    decision = next(entry for entry in found if entry["action"] == "case:decide")
    assert {"notice:receive", "case:claim", "post:remove", "statement:issue"} <= {
        entry["action"] for entry in found
    }
    for query in (
        f"actor={decision['actor']}&from={decision['at']}",
        f"action=case:decide&from={decision['at']}",
        f"subject=case:{removed['id']}",
    ):
        assert decision["id"] in {entry["id"] for entry in listed(compliance, query)}, query
    compliance.get(f"/v1/audit/entries?actor={'0' * 26}").expect(403)


def test_a_part_of_the_log_is_exported_and_verified(
    stack: Stack, removed: dict[str, Any], tmp_path: Path
) -> None:
    """By action, and for an outsider: what is withheld is counted, what is shown is proved."""
    compliance = stack.as_("compliance")
    narrow = exported(compliance, tmp_path, **PERIOD, action="case:decide")
    shown = [line for line in lines(narrow, "entries.jsonl") if "leaf" not in line]
    assert {"case:decide"} == {entry["action"] for entry in shown}
    assert f"case:{removed['id']}" in {entry["subject"] for entry in shown}
    assert 0 == verify(narrow, stack.verify_key)[0]
    with zipfile.ZipFile(narrow) as archive:
        table = list(csv.DictReader(io.StringIO(archive.read("entries.csv").decode())))
    assert [entry["id"] for entry in shown] == [row["id"] for row in table]

    outside = exported(compliance, tmp_path, **PERIOD, profile="outsider")
    kinds = {line["subject"].partition(":")[0] for line in lines(outside, "entries.jsonl")
             if "leaf" not in line}  # fmt: skip
    assert {"case", "post", "statement"} <= kinds
    assert kinds.isdisjoint({"notice", "member", "export"})
    assert 0 == verify(outside, stack.verify_key)[0]


@pytest.mark.parametrize("profile", ["full", "authority"])
def test_a_case_is_exported_with_its_records(
    stack: Stack, removed: dict[str, Any], profile: str, tmp_path: Path
) -> None:
    """The notifier is named in full alone; the records are those the log binds."""
    compliance = stack.as_("compliance")
    bundle = exported(compliance, tmp_path, case=removed["id"], profile=profile)
    documents = lines(bundle, "documents.jsonl")
    bound = {each["subject"].partition(":")[0] for each in documents if each["salt"]}
    notice = next(each for each in documents if each["subject"].startswith("notice:"))

    assert 0 == verify(bundle, stack.verify_key)[0]
    assert {"case", "post", "statement"} <= bound
    assert (profile == "full") == (NOTIFIER["name"] in json.dumps(notice))
    downloads = listed(compliance, "action=export:download")
    assert f"profile:{profile}" in {entry["reason"] for entry in downloads}


def test_a_persons_acts_take_two_officers(stack: Stack, removed: dict[str, Any]) -> None:
    """A reason, a second officer, and every look an entry; then a pseudonym is opened."""
    first, second = stack.as_("compliance"), stack.as_("compliance2")
    moderator = stack.as_("moderator").get("/v1/me").expect(200)["id"]
    path = "/v1/audit/disclosures"
    asked = first.post(path, {"member_id": moderator, "reason": "Beschwerde 4711"}).expect(201)
    own = f"{path}/{asked['id']}"
    first.post(f"{own}/approval", {"approve": True}).expect(409)
    second.post(f"{own}/approval", {"approve": True}).expect(200)
    names = first.get(own).expect(200)["result"]["pseudonyms"]
    acts = listed(first, f"actor={names[-1]['pseudonym']}&action=case:decide")
    assert f"case:{removed['id']}" in {entry["subject"] for entry in acts}

    body = {"pseudonym": names[-1]["pseudonym"], "reason": "Gegenprobe"}
    opened = second.post(path, body).expect(201)
    first.post(f"{path}/{opened['id']}/approval", {"approve": True}).expect(200)
    assert moderator == second.get(f"{path}/{opened['id']}").expect(200)["result"]["member_id"]
    looks = listed(first, f"action=disclosure:read&subject=disclosure:{asked['id']}")
    assert 1 == len(looks)


MARK = "Quellwasserwort"


def test_a_member_is_erased_and_the_log_still_holds(
    stack: Stack, running_engine: Engine, tmp_path: Path
) -> None:
    """Nothing personal in any item of the tables or any object of the buckets."""
    issuer = stack.as_("customer2")
    me = issuer.get("/v1/me").expect(200)
    body = {"slug": f"walk-{uuid.uuid4().hex[:12]}", "title": "Wärmepumpen"}
    board = stack.as_("admin").post("/v1/boards", body).expect(201)
    post = start_thread(issuer, board, f"Frage {MARK}", f"{INSULT} {MARK}")
    held = start_thread(issuer, board, "Beweis", f"Das {MARK} bleibt.")
    issuer.patch(f"/v1/posts/{held['id']}", {"body": f"Das {MARK} blieb."}, If_Match='"1"').expect(
        200
    )
    case = case_about(stack.as_("moderator"), post["id"])
    ground = {"kind": "illegal", "norm": norm_for(stack, "INSULT"), "explanation": MARK}
    decide(stack.as_("moderator"), case, outcome="remove", category="INSULT", facts=MARK,
           ground=ground)  # fmt: skip
    compliance = stack.as_("compliance")
    bundle = exported(compliance, tmp_path, case=case["id"], profile="full")
    assert MARK.encode() in bundle.read_bytes()
    hold = compliance.post("/v1/holds", {"subject": f"post:{held['id']}", "matter": "Az. 7",
        "basis": "claims", "review_at": "2099-01-01T00:00:00.000Z"}).expect(201)  # fmt: skip
    assert traces(running_engine, MARK)

    issuer.delete("/v1/me").expect(204)

    def erasure(state: str) -> dict[str, Any] | None:
        found: dict[str, Any] = compliance.get(f"/v1/erasures/{me['id']}").expect(200)
        return found if found["state"] == state else None

    waiting = eventually(lambda: erasure("waiting"), seconds=90)
    assert [(f"post:{held['id']}", "hold", "GDPR Art. 17(3)(e)")] == [
        (kept["subject"], kept["why"], kept["ground"]) for kept in waiting["kept"]
    ]
    left = eventually(lambda: traces(running_engine, MARK))
    assert all(f"POST#{held['id']}" in place for place in left), left
    stack.as_(None).get(f"/v1/posts/{held['id']}").expect(404)
    compliance.call("DELETE", f"/v1/holds/{hold['id']}").expect(204)
    eventually(lambda: erasure("done"), seconds=90)

    assert [] == traces(running_engine, MARK)
    log = exported(compliance, tmp_path, **PERIOD)
    assert 0 == verify(log, stack.verify_key)[0]
    erased = {line["subject"].partition(":")[0] for line in lines(log, "entries.jsonl")
              if line["action"] == "payload:erase"}  # fmt: skip
    assert {"case", "member", "post", "statement"} <= erased


def traces(engine: Engine, mark: str) -> list[str]:
    """Where a mark is still to be read, of all items and all objects of the stack."""
    target, found = engine.target, []
    described = target.client("cloudformation").describe_stack_resources(StackName=STACK)
    for each in described["StackResources"]:
        name = each["PhysicalResourceId"]
        if each["ResourceType"] == "AWS::DynamoDB::Table":
            pages = target.client("dynamodb").get_paginator("scan").paginate(TableName=name)
            found += [
                f"{item['pk']['S']} | {item['sk']['S']}"
                for page in pages
                for item in page["Items"]
                if mark in repr(item)
            ]
        if each["ResourceType"] == "AWS::S3::Bucket":
            s3 = target.client("s3")
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
                found += [
                    f"{name}/{listed['Key']}"
                    for listed in page.get("Contents", [])
                    if mark.encode() in s3.get_object(Bucket=name, Key=listed["Key"])["Body"].read()
                ]
    return found
