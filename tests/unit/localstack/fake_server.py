"""The fake forum behind HTTP, with problem details and idempotency as the contract has them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.unit.localstack.fake_api import Forum, Problem


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    forum: Forum

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def _serve(self, method: str) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        forum = self.forum
        with forum.lock:
            try:
                status, body = self._answer(forum, method, json.loads(raw) if raw else None)
                headers = {"Content-Type": "application/json"}
            except Problem as problem:
                status = problem.status
                body = {
                    "type": f"urn:hausrecht:problem:{problem.name}",
                    "title": problem.name,
                    "status": status,
                    "detail": f"fake {problem.name}",
                }
                headers = {"Content-Type": "application/problem+json"}
                if problem.retry_after is not None:
                    headers["Retry-After"] = problem.retry_after
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, forum: Forum, method: str, body: Any) -> tuple[int, Any]:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or None
        if method == "GET":
            return forum.answer(method, self.path, token, body)
        key = self.headers.get("Idempotency-Key")
        if key is None:
            raise Problem(400, "idempotency-key-missing")
        said = (method, self.path, token, json.dumps(body, sort_keys=True))
        if forum.remembers_keys and key in forum.answers:
            before, first = forum.answers[key]
            if before != said:
                raise Problem(422, "idempotency-key-reused")
            return first  # type: ignore[no-any-return]
        if forum.limits and forum.limits_on in self.path:
            forum.limits -= 1
            raise Problem(429, "too-many-requests", forum.retry_after)
        status, answered = forum.answer(method, self.path, token, body)
        forum.writes.append(f"{method} {self.path}")
        forum.answers[key] = (said, (status, answered))
        return status, answered

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def serving(forum: Forum) -> Iterator[str]:
    """The forum behind HTTP on a free port; gives its URL."""
    handler = type("Handler", (_Handler,), {"forum": forum})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
