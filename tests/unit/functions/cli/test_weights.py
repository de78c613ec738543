"""Files are fetched from a server on this machine: whole or not at all, and the pinned ones."""

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from functions.cli.__main__ import main
from functions.cli.weights import PUBLISHED, FetchError, Pin, fetch, read_pins

CONTENT = bytes(range(256)) * 4_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@dataclass(slots=True)
class Server:
    """Serves the content; may end a body early, know no ranges, or answer with an error."""

    url: str
    status: int | None = None
    ends_after: int | None = None
    knows_ranges: bool = True
    asked: list[str | None] = field(default_factory=list)

    def pin(self) -> Pin:
        """The content, pinned."""
        return Pin("model.ckpt", f"{self.url}/model.ckpt", DIGEST, len(CONTENT))


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            serving.asked.append(asked)
            first = int(asked.split("=")[1].rstrip("-")) if asked and serving.knows_ranges else 0
            if serving.status or first >= len(CONTENT):
                self.send_response(serving.status or 416)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = CONTENT[first:]
            self.send_response(206 if first else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: serving.ends_after])
            self.close_connection = True

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield serving
    http.shutdown()
    http.server_close()
    thread.join()


def test_a_file_is_fetched_once(server: Server, tmp_path: Path) -> None:
    """Under its name, with nothing beside it; the second time nothing is asked for."""
    assert fetch(server.pin(), tmp_path)
    assert not fetch(server.pin(), tmp_path)
    assert (tmp_path / "model.ckpt").read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["model.ckpt"]
    assert server.asked == [None]


def test_an_interrupted_file_goes_on(server: Server, tmp_path: Path) -> None:
    """What has come stays, without the name; the rest alone is asked for."""
    server.ends_after = 300_000
    with pytest.raises(FetchError, match="once more goes on"):
        fetch(server.pin(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["model.ckpt.part"]
    server.ends_after = None
    assert fetch(server.pin(), tmp_path)
    assert server.asked == [None, "bytes=300000-"]
    assert (tmp_path / "model.ckpt").read_bytes() == CONTENT


def test_a_server_without_ranges_begins_anew(server: Server, tmp_path: Path) -> None:
    """What was there is overwritten, and no longer rest stays behind."""
    (tmp_path / "model.ckpt.part").write_bytes(b"x" * 1_000)
    server.knows_ranges = False
    assert fetch(server.pin(), tmp_path)
    assert (tmp_path / "model.ckpt").read_bytes() == CONTENT


def test_a_whole_part_is_only_named(server: Server, tmp_path: Path) -> None:
    """Interrupted between the last byte and the name."""
    (tmp_path / "model.ckpt.part").write_bytes(CONTENT)
    assert fetch(server.pin(), tmp_path)
    assert server.asked == [f"bytes={len(CONTENT)}-"]


def test_another_file_is_refused(server: Server, tmp_path: Path) -> None:
    """Both digests are said, and nothing of it is kept."""
    with pytest.raises(FetchError, match=f"SHA-256 {DIGEST}, not the pinned {'0' * 64}"):
        fetch(replace(server.pin(), sha256="0" * 64), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_exchanged_is_fetched_again(server: Server, tmp_path: Path) -> None:
    """What lies there is looked at, not believed."""
    (tmp_path / "model.ckpt").write_bytes(b"another")
    assert fetch(server.pin(), tmp_path)
    assert (tmp_path / "model.ckpt").read_bytes() == CONTENT


def test_more_than_the_pinned_size_is_not_taken(server: Server, tmp_path: Path) -> None:
    """A server cannot fill the disk."""
    with pytest.raises(FetchError, match="longer than 1000 bytes"):
        fetch(replace(server.pin(), bytes=1_000), tmp_path)


def test_a_refusal_is_said(server: Server, tmp_path: Path) -> None:
    """With its status; and a server that is not there."""
    server.status = 403
    with pytest.raises(FetchError, match="answers 403"):
        fetch(server.pin(), tmp_path)
    with pytest.raises(FetchError, match="interrupted"):
        fetch(replace(server.pin(), url="http://127.0.0.1:9/model.ckpt"), tmp_path)


def pins(path: Path, **fields: object) -> Path:
    """A file of pins with one file in it."""
    pinned = {"url": "https://a.example/b", "sha256": DIGEST} | fields
    path.write_text(json.dumps({"files": {fields.get("name", "b"): pinned}}))
    return path


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sha256": None}, "b has no SHA-256"),
        ({"sha256": "ab"}, "b has no SHA-256"),
        ({"url": "http://a.example/b"}, "no https address"),
        ({"name": "../b"}, "no name of a file"),
        ({"name": ".b"}, "no name of a file"),
    ],
)
def test_pins_that_pin_nothing_are_refused(
    tmp_path: Path, fields: dict[str, object], said: str
) -> None:
    """A digest for every file, an address nobody can listen to, a name within the folder."""
    with pytest.raises(FetchError, match=said):
        read_pins(pins(tmp_path / "pins.json", **fields))


def test_what_is_no_file_of_pins_is_refused(tmp_path: Path) -> None:
    """Not there, or no JSON."""
    with pytest.raises(FetchError, match="holds no pins"):
        read_pins(tmp_path / "pins.json")
    (tmp_path / "pins.json").write_text("[]")
    with pytest.raises(FetchError, match="holds no pins"):
        read_pins(tmp_path / "pins.json")


def test_the_published_files_come_without_a_digest() -> None:
    """Upstream publishes none; whoever fetches them has to say what they must be."""
    with pytest.raises(FetchError, match=r"multilingual_debiased-0b549669\.ckpt has no"):
        read_pins(PUBLISHED)


def test_the_command_fetches_what_is_pinned(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The pins are printed to be filled in; then each file is named as it comes."""
    assert main(["weights", "pins"]) == 0
    assert json.loads(capsys.readouterr().out)["files"]
    path = pins(tmp_path / "pins.json", url=server.pin().url)
    assert main(["weights", "fetch", "--pins", str(path)]) == 2
    for said in ("b: fetched", "b: there"):
        assert main(["weights", "fetch", "--pins", str(path), "--to", str(tmp_path / "to")]) == 0
        assert capsys.readouterr().out.strip() == said
    assert main(["weights", "fetch", "--to", str(tmp_path / "to")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
