"""`hausrecht weights pins|fetch`: the checkpoint's files from where they are published, pinned.

`pins` prints the files with their addresses; whoever runs the forum puts the SHA-256 of each beside
it, from a source of their own. `fetch` downloads what is missing, goes on where it was interrupted,
and gives a file its name only once its bytes are the pinned ones.
"""

import hashlib
import json
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from functions.cli.command import Command

PUBLISHED = Path(__file__).with_name("weights.json")
TIMEOUT_S = 60
CHUNK_BYTES = 1 << 20
PARTIAL, COMPLETE = 206, 416
"""The rest is coming; there is no rest."""


class FetchError(Exception):
    """A file cannot be had, or is another one; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Where a file is published, the SHA-256 it must have, and its size in bytes where known."""

    name: str
    url: str
    sha256: str
    bytes: int | None = None


def read_pins(path: Path) -> list[Pin]:
    """Read a file of pins. Raises FetchError for a file without a digest, or anywhere else."""
    try:
        files: Mapping[str, Mapping[str, object]] = json.loads(path.read_text())["files"]
        return [_pin(name, fields) for name, fields in files.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FetchError(f"{path} holds no pins: {error!r}") from error


def _pin(name: str, fields: Mapping[str, object]) -> Pin:
    if Path(name).name != name or name.startswith("."):
        raise FetchError(f"{name!r} is no name of a file")
    url, digest, size = fields["url"], fields.get("sha256"), fields.get("bytes")
    where = urlsplit(str(url))
    if where.scheme != "https" and where.hostname not in {"127.0.0.1", "localhost"}:
        raise FetchError(f"{name}: {url} is no https address")
    if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise FetchError(f"{name} has no SHA-256; put it into the pins (hausrecht weights pins)")
    return Pin(name, str(url), digest, size if isinstance(size, int) else None)


def fetch(pin: Pin, folder: Path) -> bool:
    """Have a file in the folder; false where it was there already. Raises FetchError."""
    target, partial = folder / pin.name, folder / f"{pin.name}.part"
    if target.exists() and _sha256(target) == pin.sha256:
        return False
    _download(pin, partial)
    digest = _sha256(partial)
    if digest != pin.sha256:
        partial.unlink()
        raise FetchError(f"{pin.name} has SHA-256 {digest}, not the pinned {pin.sha256}")
    partial.replace(target)
    return True


def _download(pin: Pin, partial: Path) -> None:
    had = partial.stat().st_size if partial.exists() else 0
    request = urllib.request.Request(pin.url)  # noqa: S310  (https, or this machine: `_pin`)
    if had:
        request.add_header("Range", f"bytes={had}-")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            goes_on = answer.status == PARTIAL
            _append(pin, partial, answer, had if goes_on else 0)
    except urllib.error.HTTPError as error:
        with error:
            if error.code != COMPLETE:
                raise FetchError(f"{pin.name}: {pin.url} answers {error.code}") from error
    except OSError as error:
        raise FetchError(f"{pin.name} was interrupted ({error}); once more goes on") from error


def _append(pin: Pin, partial: Path, answer: "urllib.request._UrlopenRet", had: int) -> None:
    """Write what comes after what is there; never more than the pinned size."""
    expected = int(answer.headers.get("Content-Length") or 0)
    came = 0
    with partial.open("r+b" if had else "wb") as file:
        file.seek(had)
        while chunk := answer.read(CHUNK_BYTES):
            came += len(chunk)
            if pin.bytes is not None and had + came > pin.bytes:
                raise FetchError(f"{pin.name} is longer than {pin.bytes} bytes")
            file.write(chunk)
        file.truncate()
    if came < expected:
        raise OSError(f"{came} of {expected} bytes came")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("pins", "fetch"))
    parser.add_argument("--pins", type=Path, default=PUBLISHED, metavar="FILE")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where the files go")


def _run(options: Namespace) -> int:
    """Exit 0 once every file is there, 1 with a line where one cannot be had."""
    if options.what == "pins":
        print(options.pins.read_text().rstrip())
        return 0
    if options.to is None:
        print("weights fetch needs --to FOLDER", file=sys.stderr)
        return 2
    try:
        pins = read_pins(options.pins)
        options.to.mkdir(parents=True, exist_ok=True)
        for pin in pins:
            print(f"{pin.name}: {'fetched' if fetch(pin, options.to) else 'there'}", flush=True)
    except (FetchError, OSError) as error:
        print(str(error), file=sys.stderr)
        return 1
    return 0


COMMAND = Command("weights", "Fetch the model's files, pinned by digest.", _arguments, _run)
