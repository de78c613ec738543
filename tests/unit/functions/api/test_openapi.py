"""The OpenAPI document is valid, exact, and changes only on purpose."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from functions.api.catalogue import endpoints
from functions.api.errors import PROBLEMS
from functions.api.openapi import document
from schemas.problem import TYPE_PREFIX
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import case_about, decide, notice_about, open_board, removed, start

GOLDEN = Path(__file__).parent / "openapi.golden.json"
SERVER = "https://forum.example"


@cache
def described() -> dict[str, Any]:
    """The document."""
    return document(SERVER)


@cache
def validator(reference: str) -> OAS31Validator:
    """What holds bodies against one of the document's schemas."""
    return OAS31Validator({"$ref": reference, "components": described()["components"]})


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The document."""
    return described()


def test_the_document_is_valid(spec: dict[str, Any]) -> None:
    """It is OpenAPI 3.1 by its own schema."""
    validate(spec)
    assert "3.1.0" == spec["openapi"]


def test_the_document_is_the_golden_one(spec: dict[str, Any]) -> None:
    """A change of the interface is seen in a diff; `UPDATE_GOLDEN=1` accepts it."""
    text = json.dumps(spec, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text)

    assert GOLDEN.read_text() == text


def test_every_endpoint_is_described(spec: dict[str, Any]) -> None:
    """Each once, with a summary and an id of its own."""
    described = {
        (method.upper(), path) for path, methods in spec["paths"].items() for method in methods
    }
    operations = [o for methods in spec["paths"].values() for o in methods.values()]

    assert {(e.method, e.path) for e in endpoints()} == described
    assert len(operations) == len({o["operationId"] for o in operations})
    assert all(o["summary"].endswith(".") for o in operations)


def test_it_is_what_is_served(api: ForumApi) -> None:
    """`/openapi.json` is this document, and may be kept for a while."""
    answer = api.get("/openapi.json")

    assert document(SERVER) == answer.expect(200)
    assert "public, max-age=300" == answer.headers["cache-control"]


def operation(spec: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    """What the document says of a call."""
    for template, methods in spec["paths"].items():
        pattern = re.sub(r"\{[a-z]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path.partition("?")[0]) and method.lower() in methods:
            found: dict[str, Any] = methods[method.lower()]
            return found
    raise AssertionError(f"{method} {path} is not described")


def endpoint_without_schema(path: str) -> bool:
    """The document does not describe itself."""
    return path == "/openapi.json"


class Checked(ForumApi):
    """An API whose every answer is held against the document."""

    __slots__ = ()

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Send one request and check what comes back."""
        answer = ForumApi.call(self, method, path, body, **options)
        said = operation(described(), method, path)["responses"]
        assert str(answer.status) in said, f"{method} {path}: {answer.status} is not described"
        content = said[str(answer.status)].get("content", {})
        if answer.body is None or endpoint_without_schema(path):
            return answer
        schema = content[answer.headers["content-type"]]["schema"]
        faults = [fault.message for fault in validator(schema["$ref"]).iter_errors(answer.body)]
        assert [] == faults, f"{method} {path}"
        if answer.status >= 400:
            assert f"`{answer.body['type']}`" in said[str(answer.status)]["description"]
        return answer


@pytest.fixture
def checked(api: ForumApi) -> Checked:
    """The same forum, checked."""
    return Checked(api.stack, api.parts, api.app, api.endpoints)


def test_every_answer_of_the_main_job_is_as_described(checked: Checked) -> None:
    """Lists, things, receipts: body and media type fit the schema of their status."""
    post, made = removed(checked)
    held = start(checked, "MARK-THREAT")
    case = case_about(checked, held["id"])
    checked.get(f"/v1/cases/{case['id']}", "moderator")
    receipt = notice_about(checked, start(checked)["id"], notifier=None)
    checked.get(f"/v1/notices/{receipt['id']}", Notice_Secret=receipt["secret"])
    statement = f"/v1/statements/{made['statement_id']}"
    checked.get(statement, "customer")
    appeal = checked.post(f"{statement}/appeal", {"reasons": "x"}, "customer").expect(201)
    verdict = {"outcome": "reversed", "reasons": "x"}
    checked.post(f"/v1/appeals/{appeal['id']}/decision", verdict, "moderator2").expect(201)
    for path, who in (
        ("/health", None),
        ("/v1/boards", None),
        ("/v1/boards/hilfe", None),
        ("/v1/boards/hilfe/threads", None),
        (f"/v1/threads/{post['thread_id']}", None),
        (f"/v1/threads/{post['thread_id']}/posts", None),
        (f"/v1/posts/{post['id']}", "customer"),
        (f"/v1/posts/{post['id']}/revisions", "customer"),
        ("/v1/me", "moderator"),
        ("/v1/me/posts", "customer"),
        ("/v1/me/statements", "customer"),
        ("/v1/me/notifications", "customer"),
        ("/v1/grounds", None),
        ("/v1/cases?state=decided", "moderator"),
        ("/v1/appeals?state=decided", "moderator"),
        (f"/v1/appeals/{appeal['id']}", "moderator"),
        ("/v1/audit/entries", "compliance"),
    ):
        checked.get(path, who).expect(200)
    period = {"from": "2026-01-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}
    job = checked.post("/v1/audit/exports", period, "compliance").expect(202)
    checked.get(f"/v1/audit/exports/{job['id']}", "compliance").expect(200)


def test_every_refusal_is_as_described(checked: Checked) -> None:
    """Whoever calls whatever, with nothing or nonsense: the status and the problem are listed."""
    for endpoint in endpoints():
        path = endpoint.path.replace("{id}", "01M83T4CM0RJYAWWPY7WSA2MFG").replace("{slug}", "a")
        for who in (None, "nobody", "customer", "moderator", "approver", "compliance", "admin"):
            for body in ({}, "{") if endpoint.has_body else (None,):
                checked.call(endpoint.method, path, body, who=who)
            if endpoint.has_body:
                checked.call(endpoint.method, path, {}, who=who, key=None)
            else:
                checked.call(endpoint.method, path + "?limit=0&x=1", who=who)


def test_conflicts_are_as_described(checked: Checked) -> None:
    """The 409s and 422s of the staff side's work."""
    open_board(checked)
    open_again = {"slug": "hilfe", "title": "Hilfe"}
    assert 409 == checked.post("/v1/boards", open_again, "admin").status
    post = start(checked, "MARK-INSULT")
    path = f"/v1/cases/{case_about(checked, post['id'])['id']}"
    assert 409 == checked.post(f"{path}/release", {}, "moderator").status
    assert (
        409 == checked.post(f"{path}/approval", {"approve": True, "reason": "x"}, "approver").status
    )
    decide(checked, post["id"])
    assert 409 == checked.post(f"{path}/claim", {}, "moderator").status
    edit, headers = {"body": "neu"}, {"If-Match": '"1"'}
    refused = checked.call(
        "PATCH", f"/v1/posts/{post['id']}", edit, who="customer", headers=headers
    )
    assert 409 == refused.status


def test_every_problem_type_is_used(spec: dict[str, Any]) -> None:
    """No code is documented that no call can answer with."""
    described = "".join(
        answer["description"]
        for methods in spec["paths"].values()
        for said in methods.values()
        for answer in said["responses"].values()
    )
    unused = {code for code in PROBLEMS if f"{TYPE_PREFIX}{code}`" not in described}

    assert {"conflict"} == unused


def test_the_page_shows_every_call_and_fetches_nothing(api: ForumApi) -> None:
    """Readable without a script, and nothing in it comes from elsewhere."""
    answer = api.get("/docs")
    html = answer.text

    assert (200, "text/html; charset=utf-8") == (answer.status, answer.headers["content-type"])
    for endpoint in endpoints():
        assert f">{endpoint.method} {endpoint.path}</h3>" in html
    for loads in ("<script", "<link", "<img", "src=", "@import", "url(", "http://"):
        assert loads not in html
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
