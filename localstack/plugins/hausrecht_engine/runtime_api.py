"""The Lambda runtime API for one function process, as AWS documents it (2018-06-01).

The process asks for the next invocation, which is held back until there is one,
and posts a response or an error. One server serves one process after another.
"""

import json
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue

_ROOT = "/2018-06-01/runtime/"
_POLL_S = 0.5


@dataclass
class Invocation:
    """One event on its way through a process, and the future of its outcome."""

    request_id: str
    arn: str
    trace_id: str
    payload: str
    deadline_ms: int
    outcome: "Future[tuple[bytes, bool]]" = field(default_factory=Future)

    def settle(self, payload: bytes, is_error: bool) -> None:
        """Set the outcome unless there is one: a late answer after a time-out is dropped."""
        if not self.outcome.done():
            self.outcome.set_result((payload, is_error))


class RuntimeApi:
    """Serves on a loopback port of its own until it is closed."""

    def __init__(self) -> None:
        self._waiting: Queue[Invocation] = Queue()
        self._current: Invocation | None = None
        self._closed = threading.Event()
        self._processes = 0
        self.ready: Future[bool] = Future()
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # One write an answer: header and body apart would wait for a delayed ACK.
            wbufsize = -1

            def do_GET(self) -> None:
                api.next_invocation(self)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                api.posted(self.path.removeprefix(_ROOT), self.rfile.read(length))
                answer(self, 202, b"{}", {})

            def log_message(self, *_: object) -> None:
                """Keep LocalStack's log free of each request."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def submit(self, invocation: Invocation) -> None:
        """Hand an invocation to whichever process asks next."""
        self._waiting.put(invocation)

    def expect_process(self) -> None:
        """Forget the former process; `ready` is about the next one.

        A process that was killed while it waited leaves its question open. Whoever answered
        it would lose the invocation, so questions of former processes are not answered.
        """
        self._processes += 1
        self.ready = Future()

    def close(self) -> None:
        """Stop serving."""
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()

    def next_invocation(self, request: BaseHTTPRequestHandler) -> None:
        """Hold the process's question until there is work for it."""
        if not self.ready.done():
            self.ready.set_result(True)
        asker = self._processes
        while not self._closed.is_set() and asker == self._processes:
            try:
                invocation = self._waiting.get(timeout=_POLL_S)
            except Empty:
                continue
            if asker != self._processes:
                self._waiting.put(invocation)
                break
            if invocation.outcome.done():
                continue
            self._current = invocation
            headers = {
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
                "Lambda-Runtime-Trace-Id": invocation.trace_id,
            }
            answer(request, 200, invocation.payload.encode(), headers)
            return
        request.close_connection = True

    def posted(self, path: str, body: bytes) -> None:
        """Take a response, an error, or the news that the module cannot be imported."""
        if path == "init/error":
            if not self.ready.done():
                self.ready.set_exception(InitError(body))
            return
        _, request_id, kind = path.split("/")
        current = self._current
        if current is not None and current.request_id == request_id:
            current.settle(body, is_error=kind == "error")


class InitError(Exception):
    """The function's module could not be imported; `payload` is the runtime's own error."""

    def __init__(self, payload: bytes) -> None:
        super().__init__(payload.decode(errors="replace"))
        self.payload = payload


def answer(
    request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str]
) -> None:
    """Send a whole answer."""
    request.send_response(status)
    for name, value in ({"Content-Type": "application/json"} | headers).items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def error(kind: str, message: str) -> bytes:
    """An error as the runtime words it."""
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def deadline_ms(timeout_s: float) -> int:
    """When an invocation that starts now has to be done, in epoch milliseconds."""
    return int((time.time() + timeout_s) * 1000)
