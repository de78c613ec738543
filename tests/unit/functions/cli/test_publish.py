"""`hausrecht rules publish`: against the API itself, in process."""

import json
from argparse import Namespace
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from functions.cli.__main__ import main
from functions.cli.api import Api, Refused
from functions.cli.publish import TOKEN, publish
from tests.support.forum_api import ForumApi
from tests.support.own_packs import CATCHES, PACK, RULE, write
from tests.support.rule_walk import screening_api

ROWS = [("1", CATCHES, "spam"), ("2", "Guten Tag!", "ok")]


@dataclass(slots=True)
class InProcess:
    """The command line's API, over the application in process."""

    forum: ForumApi
    who: str = "compliance"

    def get(self, path: str) -> Any:
        """The answer to GET."""
        return self._taken(self.forum.get(path, self.who))

    def post(self, path: str, body: Any) -> Any:
        """The answer to POST."""
        return self._taken(self.forum.post(path, body, self.who))

    def _taken(self, answer: Any) -> Any:
        if answer.status >= 400:
            raise Refused(answer.status, answer.body)
        return answer.body


@dataclass(slots=True)
class Waiting:
    """A clock that only sleeping moves; `meanwhile` is done at the first sleep."""

    meanwhile: Any = None
    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """The time in seconds."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(seconds)
        self.at += seconds
        if self.meanwhile is not None and len(self.slept) == 1:
            self.meanwhile()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two labelled texts."""
    path = tmp_path / "rows.jsonl"
    rows = ({"id": name, "text": text, "label": label} for name, text, label in ROWS)
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def options(folder: Path, corpus: Path, wait: int = 10) -> Namespace:
    """What the command line says."""
    return Namespace(own=folder, corpus=[corpus], reason="Neue Masche.", wait=wait)


def decided(forum: ForumApi, *, approve: bool) -> None:
    """What a second person does meanwhile."""
    (edition,) = forum.get("/v1/rulesets", "admin").expect(200)["items"]
    path, body = f"/v1/rulesets/{edition['id']}/approval", {"approve": approve, "reason": "So."}
    forum.post(path, body, "admin").expect(200)


def published(forum: ForumApi, folder: Path, corpus: Path, waiting: Waiting, wait: int = 10) -> int:
    """Publish a folder; answers the exit code."""
    api: Any = InProcess(forum)
    return publish(options(folder, corpus, wait), api, waiting.now, waiting.sleep)


def test_a_folder_is_tried_proposed_and_waited_for(
    tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The counts are shown, then each state; 0 once a second person has published it."""
    forum = screening_api()
    waiting = Waiting(lambda: decided(forum, approve=True))

    assert 0 == published(forum, write(tmp_path / "own"), corpus, waiting)

    (edition,) = forum.get("/v1/rulesets", "admin").expect(200)["items"]
    trial = {row["label"]: row for row in edition["backtest"]["corpus"]["counts"]}
    assert (0, 1) == (trial["spam"]["flagged_before"], trial["spam"]["flagged_after"])
    named = f"{edition['id']} rules@{edition['version']}"
    said = [line for line in capsys.readouterr().out.splitlines() if line[0] != "{"]
    assert said[-3:] == [
        "newly flagged: 1",
        f"{named}: proposed",
        f"{named}: published",
    ]


def test_the_next_one_is_compared_with_what_is_in_force(tmp_path: Path, corpus: Path) -> None:
    """Own packs in force are fetched, so that the comparison is with them."""
    forum = screening_api()
    published(forum, write(tmp_path / "own"), corpus, Waiting(lambda: decided(forum, approve=True)))
    forum.stack.clock.forward(seconds=60)
    folder = write(tmp_path / "next", PACK, f'off = ["{RULE}"]')

    assert 1 == published(forum, folder, corpus, Waiting(), wait=0)

    edition = forum.get("/v1/rulesets", "admin").expect(200)["items"][0]
    trial = {row["label"]: row for row in edition["backtest"]["corpus"]["counts"]}
    assert (1, 0) == (trial["spam"]["flagged_before"], trial["spam"]["flagged_after"])


def test_what_is_rejected_or_still_waits_ends_with_1(tmp_path: Path, corpus: Path) -> None:
    """Waiting ends after the time that was given, and at once where there is a decision."""
    forum = screening_api()
    folder = write(tmp_path / "own")
    waiting = Waiting(lambda: decided(forum, approve=False))
    assert 1 == published(forum, folder, corpus, waiting)
    assert 1 == len(waiting.slept)

    patient = Waiting()
    assert 1 == published(forum, folder, corpus, patient)
    assert [5, 5] == patient.slept


def test_rules_that_fail_their_examples_are_not_sent(
    tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is proposed, and what fails is shown."""
    forum = screening_api()
    folder = write(tmp_path / "own", PACK.replace("Schnürsenkel hier!", "Schuhe!"))

    assert 1 == published(forum, folder, corpus, Waiting())

    assert f"{RULE}@1 does not match: Schuhe!\n" == capsys.readouterr().out
    assert [] == forum.get("/v1/rulesets", "admin").expect(200)["items"]


class _Forum(BaseHTTPRequestHandler):
    """A forum that refuses everything, once as a problem and once as something else."""

    def do_GET(self) -> None:
        is_ours = self.path.startswith("/v1/rules?")
        fault = {"pointer": "/x", "detail": "No."}
        body = json.dumps({"detail": "Not you.", "errors": [fault]}) if is_ours else "<html>"
        self.send_response(403 if is_ours else 502)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        said = json.loads(self.rfile.read(length))
        said |= {"token": self.headers["Authorization"], "key": self.headers["Idempotency-Key"]}
        self.send_response(201)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Any:
    """The address of a forum on this machine."""
    with HTTPServer(("127.0.0.1", 0), _Forum) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_refusal_is_told(
    url: str,
    tmp_path: Path,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a token, by the forum, or because nothing is there: exit 1 and the reason."""
    folder = write(tmp_path / "own")
    arguments = ["rules", "publish", str(folder), "--corpus", str(corpus), "--reason", "x", "--api"]
    monkeypatch.delenv(TOKEN, raising=False)
    assert 1 == main([*arguments, url])
    monkeypatch.setenv(TOKEN, "t")
    assert 1 == main([*arguments, url + "/"])
    assert 1 == main([*arguments, "http://127.0.0.1:9"])

    first, second, third = capsys.readouterr().out.split("\n", 2)
    assert (f"${TOKEN} is not set", "403: Not you.") == (first, second)
    assert third.startswith("/x: No.\nhttp://127.0.0.1:9 does not answer:")


def test_a_request_carries_token_and_key(url: str) -> None:
    """The answer is parsed; what is no problem document has a status all the same."""
    api = Api(url, "t")
    said = api.post("/v1/rulesets", {"reason": "x"})

    assert ("x", "Bearer t", 36) == (said["reason"], said["token"], len(said["key"]))
    with pytest.raises(Refused, match="502: no reason given"):
        api.get("/else")
