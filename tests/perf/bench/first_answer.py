"""What a container spends until its first request is answered, beside the libraries alone."""

import io
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure
from tests.perf.bench.start import AWS, CLIENT, LIBRARIES, cpu_ms, run
from tests.perf.moderation.detection.figures import prose
from tests.support.forum_api import AUDIENCE, ISSUER, ForumApi, key_set
from tests.support.forum_walk import open_board, start
from tests.support.memory_dynamo import MemoryDynamo
from tests.support.stack import ROOT_SECRET

BODY = prose(1000)
SHARE = 512 / 1769
"""The part of a processor that a function of 512 MB has once it has started."""

ANSWERED = """
import time
begun = time.process_time()
from infra.app import app
started = time.process_time()
answer = app({event!r}, None)
ended = time.process_time()
assert answer["statusCode"] == {status}, answer
print((started - begun) * 1000, (ended - started) * 1000)
"""


@dataclass(frozen=True, slots=True)
class First:
    """The CPU time of a container's start, and of its first request."""

    start_ms: float
    request_ms: float

    @classmethod
    def of(cls, words: Iterable[str]) -> "First":
        """As `ANSWERED` prints it."""
        return cls(*map(float, words))

    @property
    def whole_ms(self) -> float:
        """Both."""
        return self.start_ms + self.request_ms

    @property
    def waited_ms(self) -> float:
        """How long both take where the start has a processor and the request its share."""
        return self.start_ms + self.request_ms / SHARE


@dataclass(frozen=True, slots=True)
class Container:
    """Fresh interpreters, each with a forum of one post before it."""

    api: ForumApi
    post: Mapping[str, Any]
    environment: Mapping[str, str]

    def read(self, program: str = ANSWERED) -> list[str]:
        """Read the post; gives the words of the last line that the program prints."""
        return self._asked(program, 200, "GET", f"/v1/posts/{self.post['id']}")

    def write(self, program: str = ANSWERED) -> list[str]:
        """Reply to it; gives the same."""
        path = f"/v1/threads/{self.post['thread_id']}/posts"
        return self._asked(program, 201, "POST", path, json.dumps({"body": BODY}))

    def _asked(
        self, program: str, status: int, method: str, path: str, body: str | None = None
    ) -> list[str]:
        now = datetime.now(UTC)
        token = self.api.token("customer", iat=now, exp=now + timedelta(hours=1))
        sent = {"Authorization": f"Bearer {token}"}
        if body is not None:
            sent |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        event = self.api.event(method, path, body, sent)
        printed = run(program.format(event=event, status=status), self.environment)
        return printed.splitlines()[-1].split()


class _Aws(BaseHTTPRequestHandler):
    """DynamoDB and Secrets Manager, as far as a first request asks them."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    engine: MemoryDynamo

    def do_POST(self) -> None:
        """Answer one call."""
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["X-Amz-Target"] == "secretsmanager.GetSecretValue":
            status, content = 200, json.dumps({"SecretString": ROOT_SECRET.decode()}).encode()
        else:
            asked = SimpleNamespace(headers=self.headers, body=raw, url=self.path)
            answer = self.engine._answer(asked)
            status, content = answer.status_code, answer.content
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def container() -> Iterator[Container]:
    """A forum of one post behind AWS's wire, on a port of this machine."""
    api = ForumApi.fresh()
    with redirect_stdout(io.StringIO()):
        open_board(api)
        post = start(api, BODY)
    handler = type("Aws", (_Aws,), {"engine": api.stack.engine})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    environment = {
        **AWS,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_address[1]}",
        "FORUM_TABLE": "forum",
        "AUDIT_TABLE": "audit",
        "OIDC_ISSUER": ISSUER,
        "OIDC_AUDIENCE": AUDIENCE,
        "JWKS_URL": "data:application/json," + quote(key_set()),
    }
    try:
        yield Container(api, post, environment)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def figures(effort: Effort) -> Iterator[Figure]:
    """The first read and the first write; each round takes all, one after another."""
    with container() as fresh:
        rounds = [
            (cpu_ms(f"{LIBRARIES}\n{CLIENT}"), First.of(fresh.read()), First.of(fresh.write()))
            for _ in range(effort.interpreters)
        ]
    opened = median(each[0] for each in rounds)
    for name, what, firsts in (
        ("read", "GET of a post with a token", [each[1] for each in rounds]),
        ("write", "POST of a post", [each[2] for each in rounds]),
    ):
        yield Figure(
            id=f"start.first_{name}",
            name=f"a container's start and its first {what}",
            value=median(each.whole_ms for each in firsts),
            unit="ms",
            anchor=opened,
            target=None,
        )
        yield Figure(
            id=f"start.first_{name}_512",
            name="the same as long as it takes at 512 MB",
            value=median(each.waited_ms for each in firsts),
            unit="ms",
            anchor=median(each.start_ms for each in firsts),
            target=None,
        )
