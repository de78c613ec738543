"""The client's patience, its reading of problems and its connections."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from localstack.client import Answer, Client, Refused, Shape, Unreachable
from tests.unit.localstack.fake_api import Forum, mint
from tests.unit.localstack.fake_server import serving

ADMIN = mint("a", "A", ("admin",), None)
BOARD = {"slug": "heat", "title": "Heat"}


class Thing(Shape):
    """An item of a list."""

    id: str


@contextmanager
def raw_server(*answers: bytes) -> Iterator[str]:
    """Gives each connection the next answer and closes it; an empty one closes at once."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                if answer:
                    connection.recv(65536)
                    connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/prod/"
    finally:
        thread.join()
        listener.close()


def problem(status: int, raw: bytes = b"", **headers: str) -> Answer:
    """An answer with a body."""
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'{"type": "urn:hausrecht:problem:content-changed"}', "content-changed"),
        (b'{"type": "https://api.example/problems/not-found/"}', "not-found"),
        (b'{"type": "about:blank"}', "http-409"),
        (b"<html>", "http-409"),
        (b'{"type": 7}', "http-409"),
    ],
)
def test_a_problem_has_a_short_name(raw: bytes, name: str) -> None:
    """The name is the end of the type, or the status where there is no type of use."""
    assert name == problem(409, raw).problem


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b'{"detail": "No such board.", "title": "Not found"}', "No such board."),
        (b'{"title": "Not found"}', "Not found"),
        (b"\xffteapot", "\ufffdteapot"),
    ],
)
def test_a_problem_says_what_it_can(raw: bytes, detail: str) -> None:
    """The detail, else the title, else the start of whatever came."""
    assert detail == problem(404, raw).detail


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7.0), ("0", 0.2), ("-3", 0.2), ("soon", 1.0), ("nan", 1.0)]
)
def test_retry_after_is_read_with_care(told: str, seconds: float) -> None:
    """A number of seconds is taken, never less than a fifth; anything else is one second."""
    assert seconds == problem(429, retry_after=told).retry_after_seconds


def test_what_passes_is_waited_out() -> None:
    """Limits are slept through as long as the API says, then the answer comes."""
    slept: list[float] = []
    forum = Forum(limits=2, retry_after="3")
    with serving(forum) as url, Client(url, sleep=slept.append) as client:
        answer = client.insist("POST", "/v1/boards", token=ADMIN, body=BOARD, key="k")

    assert (201, [3.0, 3.0]) == (answer.status, slept)


def test_patience_ends() -> None:
    """Where the wait would outlast the patience the refusal is raised, unslept."""
    slept: list[float] = []
    with (
        serving(Forum(limits=1, retry_after="30")) as url,
        Client(url, patience_seconds=10, sleep=slept.append) as client,
        pytest.raises(Refused, match="429 too-many-requests"),
    ):
        client.insist("POST", "/v1/boards", token=ADMIN, body=BOARD, key="k")

    assert [] == slept


def test_a_list_is_read_to_its_end() -> None:
    """Every page is asked for, and a page without items does not end the list."""
    forum = Forum(page_size=2)
    customer = mint("c", "C", ("customer",), None)
    with serving(forum) as url, Client(url) as client:
        for number in range(5):
            body = {"title": f"t{number}", "body": "Hallo"}
            path = "/v1/boards/heat/threads"
            client.insist("POST", path, token=customer, body=body, key=f"k{number}")
        found = [thing.id for thing in client.pages("/v1/me/posts?x=1", Thing, token=customer)]

    assert sorted(forum.posts) == sorted(found)


def test_a_connection_closed_meanwhile_is_opened_again() -> None:
    """A dropped connection costs one more try, at the path below the API's own."""
    with raw_server(b"", b"HTTP/1.1 204 No Content\r\n\r\n") as url, Client(url) as client:
        assert 204 == client.send("GET", "/health").status


def test_silence_is_unreachable() -> None:
    """Two lost connections in a row are an error that names the API."""
    with (
        raw_server(b"", b"") as url,
        Client(url) as client,
        pytest.raises(Unreachable, match=r"^http://127.* does not answer"),
    ):
        client.send("GET", "/health")


@pytest.mark.parametrize("address", ["", "localhost:80", "ftp://x.example"])
def test_an_address_must_be_one(address: str) -> None:
    """What is no http address is refused before anything is sent."""
    with pytest.raises(Unreachable, match="not an address"):
        Client(address)


def test_https_is_spoken_where_asked() -> None:
    """An https address is met with TLS: a plain answer is no answer."""
    with (
        raw_server(b"HTTP/1.1 200 OK\r\n\r\n", b"") as url,
        Client(url.replace("http:", "https:")) as client,
        pytest.raises(Unreachable, match="does not answer"),
    ):
        client.send("GET", "/health")
