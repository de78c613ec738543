"""The application as Lambda calls it: headers, the access log, limits, and what nobody foresaw."""

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.api.errors import plain
from functions.api.headers import EVERYWHERE
from moderation.change import Seen
from moderation.errors import Unavailable
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import notice_about, open_board, reply, start


class Broken:
    """A unit of work that fails in a way of its own."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def run(self, *_: object) -> Any:
        """Fail."""
        raise self.error

    def read(self, *_: object) -> Seen:
        """Fail."""
        raise self.error


def broken(error: Exception) -> ForumApi:
    """An API whose store fails."""
    api = ForumApi.fresh()
    return ForumApi.over(api.stack, replace(api.parts, units=Broken(error)))


def log_lines(captured: str) -> list[dict[str, Any]]:
    """The lines of the log, each of which is JSON."""
    return [json.loads(line) for line in captured.splitlines()]


def test_an_error_nobody_foresaw_is_a_500_that_says_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The caller learns that it happened; the log has the type and the place, not the words."""
    api = broken(ZeroDivisionError("Mara said: something private"))
    answer = api.get("/v1/boards/hilfe")

    assert (500, "internal") == (answer.status, answer.problem)
    assert "private" not in answer.text
    printed = capsys.readouterr()
    (line,) = log_lines(printed.out)
    assert ("ZeroDivisionError", 500, "GET /v1/boards/{slug}") == (
        line["error"], line["status"], line["route"]
    )  # fmt: skip
    assert any("test_application.py" in place for place in line["at"])
    assert "private" not in printed.out + printed.err


def test_a_store_that_does_not_answer_is_a_503(capsys: pytest.CaptureFixture[str]) -> None:
    """To be tried again; the log says what lay behind it."""
    error = Unavailable("The store does not answer.")
    error.__cause__ = TimeoutError("10.0.0.7")
    answer = broken(error).get("/v1/boards/hilfe")

    assert (503, "unavailable", "1") == (
        answer.status, answer.problem, answer.headers["retry-after"]
    )  # fmt: skip
    (line,) = log_lines(capsys.readouterr().out)
    assert ("Unavailable", "TimeoutError") == (line["error"], line["cause"])


def test_parts_that_cannot_be_made_are_a_500(capsys: pytest.CaptureFixture[str]) -> None:
    """A function without its settings answers as a problem too."""
    from functions.api.application import application  # noqa: PLC0415

    def fail() -> Any:
        raise RuntimeError("STAGE is not set")

    api = ForumApi.fresh()
    app = application("hausrecht", fail)
    answer = ForumApi(api.stack, api.parts, app, api.endpoints).get("/health")

    assert (500, "internal") == (answer.status, answer.problem)
    assert "STAGE" not in answer.text
    capsys.readouterr()


def test_each_request_leaves_one_line_without_anything_personal(
    api: ForumApi, capsys: pytest.CaptureFixture[str]
) -> None:
    """Route, status, time, caller's id; no token, name, address, secret, query or words."""
    open_board(api)
    post = start(api, "Streng geheim")
    notifier = {"name": "Anna Muster", "email": "anna@kunde.example"}
    receipt = notice_about(api, post["id"], notifier=notifier)
    api.get(f"/v1/notices/{receipt['id']}", Notice_Secret=receipt["secret"])
    api.get("/v1/cases?queue=private-query", "moderator")
    api.get("/v1/cases", "customer")
    api.call("GET", "/v1/me", token="a.b.c")
    printed = capsys.readouterr()

    lines = log_lines(printed.out)
    assert [201, 201, 201, 200, 200, 403, 401] == [line["status"] for line in lines]
    assert {"access"} == {line["log"] for line in lines}
    assert api.actor("moderator").id == lines[4]["actor"]
    assert ["forbidden", "unauthorized"] == [line.get("problem") for line in lines[5:]]
    assert all(isinstance(line["ms"], float) and line["request_id"] for line in lines)
    for personal in (
        "Streng", "Anna", "anna@", receipt["secret"], "192.0.2.1", "private-query", "eyJ", "Mara",
        "Lindner", "a.b.c",
    ):  # fmt: skip
        assert personal not in printed.out + printed.err, personal


@pytest.mark.parametrize(
    ("path", "who"),
    [("/health", None), ("/v1/boards", None), ("/v1/me", None), ("/v1/me", "staff")],
)
def test_every_answer_carries_the_protective_headers(
    api: ForumApi, path: str, who: str | None
) -> None:
    """Refusals too; nothing is cached, sniffed, framed or loaded."""
    headers = api.get(path, who).headers

    assert set() == {name for name in EVERYWHERE if name.lower() not in headers}
    assert "no-store" == headers["cache-control"]
    assert "default-src 'none'; frame-ancestors 'none'" == headers["content-security-policy"]
    assert headers["x-request-id"]


def test_writes_are_counted_and_end(api: ForumApi) -> None:
    """What is left stands in every counted answer, refusals among them; 429 says when to come."""
    api = ForumApi.fresh(writes_per_minute=3)
    body = {"slug": "hilfe", "title": "Hilfe"}
    answers = [api.post("/v1/boards", body, "admin") for _ in range(4)]

    assert [201, 409, 409, 429] == [answer.status for answer in answers]
    assert ['"writes";r=2;t=60', '"writes";r=1;t=60', '"writes";r=0;t=60', '"writes";r=0;t=60'] == [
        answer.headers["ratelimit"] for answer in answers
    ]
    assert {'"writes";q=3;w=60'} == {answer.headers["ratelimit-policy"] for answer in answers}
    assert "60" == answers[3].headers["retry-after"]
    assert "ratelimit" not in api.get("/v1/boards", "admin").headers
    assert 404 == api.post("/v1/boards/x/threads", {"title": "T", "body": "B"}, "staff").status
    api.stack.clock.forward(seconds=60)
    assert 409 == api.post("/v1/boards", body, "admin").status


def test_what_cannot_be_read_is_not_counted(api: ForumApi) -> None:
    """A malformed request costs its sender nothing and the store no write."""
    api = ForumApi.fresh(writes_per_minute=1)
    for _ in range(3):
        assert 422 == api.post("/v1/boards", {}, "admin").status

    assert 201 == api.post("/v1/boards", {"slug": "aa", "title": "A"}, "admin").status


def test_health_asks_nothing(api: ForumApi) -> None:
    """No dependency can make it fail or wait."""
    api.stack.engine.meter.reset()
    answer = api.get("/health")

    assert {
        "status": "ok",
        "stage": "test",
        "rules": "rules@test",
        "scorer": "rules only: no model weights",
    } == answer.expect(200)
    assert [] == api.stack.engine.meter.calls


def operations(api: ForumApi) -> list[str]:
    """The store's requests since the last look."""
    done = api.stack.engine.meter.operations
    api.stack.engine.meter.reset()
    return done


def test_each_call_makes_the_fewest_requests_there_can_be(api: ForumApi) -> None:
    """One read, one count and one transaction to write; one Query a list; one read a thing."""
    open_board(api)
    first = start(api)
    operations(api)
    reply(api, first["thread_id"], "Antwort " * 60, "customer")
    assert ["UpdateItem", "BatchGetItem", "TransactWriteItems"] == operations(api)
    for path, who, expected in (
        (f"/v1/threads/{first['thread_id']}/posts?limit=50", None, ["Query"]),
        (f"/v1/threads/{first['thread_id']}/posts?limit=50", "customer", ["Query"]),
        (f"/v1/posts/{first['id']}", None, ["BatchGetItem"]),
        ("/v1/boards", None, ["Query"]),
        ("/v1/me/posts", "customer", ["Query"]),
        ("/v1/cases", "moderator", ["Query"]),
        ("/v1/grounds", None, []),
    ):
        api.get(path, who).expect(200)
        assert expected == operations(api), path


def test_what_the_framework_refuses_has_the_same_form(api: ForumApi) -> None:
    """A method that API Gateway should never let through is a problem too."""
    event = api.event("GET", "/v1/boards", None, {})
    event["requestContext"]["httpMethod"] = "PUT"
    answer = api.send(event)

    assert (404, "not-found") == (answer.status, answer.problem)
    assert "application/problem+json" == answer.headers["content-type"]


@pytest.mark.parametrize(
    ("status", "code"), [(404, 404), (405, 404), (415, 415), (400, 400), (500, 500), (502, 500)]
)
def test_a_bare_status_becomes_a_problem(status: int, code: int) -> None:
    """Whatever the framework says by itself."""
    assert code == plain(status).status
