"""Posting to an address: what is taken of the answer, and what is no answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from moderation.errors import Unavailable
from moderation.stores.web import checked_url, post


@contextmanager
def site(status: int, answer: bytes) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """An address that answers so, and what was posted to it."""
    posted: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append((self.headers["Content-Type"], data))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", posted
        server.shutdown()


def test_so_much_of_an_answer_is_returned() -> None:
    """And no more is read."""
    with site(200, b"abcdef") as (url, posted):
        assert post(url, b"x", "text/plain", 4) == b"abcd"
        assert post(url, b"y", "text/plain") == b""

    assert posted == [("text/plain", b"x"), ("text/plain", b"y")]


@pytest.mark.parametrize("status", [302, 404, 503])
def test_anything_but_success_is_no_answer(status: int) -> None:
    """A redirection is not followed."""
    with site(status, b"") as (url, posted), pytest.raises(Unavailable):
        post(url, b"x", "text/plain")

    assert len(posted) == 1


def test_only_addresses_of_the_web_are_taken() -> None:
    """By their scheme."""
    assert checked_url("https://tsa.example/") == "https://tsa.example/"
    with pytest.raises(ValueError, match="none of the web"):
        checked_url("ftp://tsa.example/")
