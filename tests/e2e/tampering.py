"""Ways to alter an exported bundle, each by somebody who also repairs the manifest.

A tampering takes the honest bundle and writes an altered one. The manifest is a convenience that
nobody trusts, so each alteration re-makes its digests: what catches it must be the signed tree.
"""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

Files = dict[str, bytes]
Tampering = Callable[[Path, Path], None]


def verify(bundle: Path, key: str) -> tuple[int, str, str]:
    """Run the verifier as an outsider would: exit code, standard error, standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "moderation.audit.verify", str(bundle), "--key", key],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stderr, done.stdout


def _read(bundle: Path) -> Files:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _write(files: Files, altered: Path) -> None:
    manifest = json.loads(files["manifest.json"])
    digests = manifest["sha256"]
    for name in list(digests):
        if name in files:
            digests[name] = hashlib.sha256(files[name]).hexdigest()
        else:
            del digests[name]
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    files["manifest.json"] = text.encode() + b"\n"
    with zipfile.ZipFile(altered, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def _with(change: Callable[[Files], None], bundle: Path, altered: Path) -> None:
    files = _read(bundle)
    before = dict(files)
    change(files)
    assert before != files, "the alteration altered nothing"
    _write(files, altered)


def _lines(files: Files) -> list[bytes]:
    return files["entries.jsonl"].splitlines(keepends=True)


def _entries(edit: Callable[[list[bytes]], list[bytes]], bundle: Path, altered: Path) -> None:
    def change(files: Files) -> None:
        files["entries.jsonl"] = b"".join(edit(_lines(files)))

    _with(change, bundle, altered)


def drop_a_line(bundle: Path, altered: Path) -> None:
    """One entry is left out."""
    _entries(lambda lines: lines[:2] + lines[3:], bundle, altered)


def drop_the_last_line(bundle: Path, altered: Path) -> None:
    """The newest entry is left out."""
    _entries(lambda lines: lines[:-1], bundle, altered)


def double_a_line(bundle: Path, altered: Path) -> None:
    """One entry stands there twice."""
    _entries(lambda lines: lines[:3] + lines[2:], bundle, altered)


def swap_two_lines(bundle: Path, altered: Path) -> None:
    """Two entries change places."""
    _entries(lambda lines: [lines[1], lines[0], *lines[2:]], bundle, altered)


def change_an_action(bundle: Path, altered: Path) -> None:
    """A claim becomes a release."""
    _entries(
        lambda lines: [line.replace(b'"case:open"', b'"case:close"') for line in lines],
        bundle,
        altered,
    )


def change_an_actor(bundle: Path, altered: Path) -> None:
    """Somebody else did it."""

    def edit(lines: list[bytes]) -> list[bytes]:
        body = json.loads(lines[0])
        body["actor"] = body["actor"][::-1]
        return [_line(body), *lines[1:]]

    _entries(edit, bundle, altered)


def change_a_time(bundle: Path, altered: Path) -> None:
    """It was done a year earlier."""

    def edit(lines: list[bytes]) -> list[bytes]:
        body = json.loads(lines[-1])
        body["at"] = "2020" + body["at"][4:]
        return [*lines[:-1], _line(body)]

    _entries(edit, bundle, altered)


def flip_a_state(bundle: Path, altered: Path) -> None:
    """The commitment to a state afterwards is another one."""

    def edit(lines: list[bytes]) -> list[bytes]:
        body = json.loads(lines[1])
        body["after"] = "0" * 63 + "1"
        return [lines[0], _line(body), *lines[2:]]

    _entries(edit, bundle, altered)


def append_an_entry(bundle: Path, altered: Path) -> None:
    """An entry that was never logged is put at the end."""

    def edit(lines: list[bytes]) -> list[bytes]:
        body = json.loads(lines[-1])
        body["id"] = body["id"][:-1] + ("0" if body["id"][-1] != "0" else "1")
        return [*lines, _line(body)]

    _entries(edit, bundle, altered)


def forge_the_signature(bundle: Path, altered: Path) -> None:
    """One bit of the checkpoint's signature is another one."""

    def change(files: Files) -> None:
        text = files["checkpoint"].decode()
        position = len(text.rstrip("\n")) - 8
        other = "A" if text[position] != "A" else "B"
        files["checkpoint"] = (text[:position] + other + text[position + 1 :]).encode()

    _with(change, bundle, altered)


def shrink_the_tree(bundle: Path, altered: Path) -> None:
    """The checkpoint claims one entry less, and the entry is left out."""

    def change(files: Files) -> None:
        lines = files["checkpoint"].decode().split("\n")
        lines[1] = str(int(lines[1]) - 1)
        files["checkpoint"] = "\n".join(lines).encode()
        files["entries.jsonl"] = b"".join(_lines(files)[:-1])

    _with(change, bundle, altered)


def change_a_head(bundle: Path, altered: Path) -> None:
    """A subject is said to stand one act further than the log shows."""

    def change(files: Files) -> None:
        lines = files["heads.jsonl"].splitlines(keepends=True)
        head = json.loads(lines[0])
        key = "audit_rev" if "audit_rev" in head else "rev"
        head[key] += 1
        files["heads.jsonl"] = b"".join([_line(head), *lines[1:]])

    _with(change, bundle, altered)


def drop_the_heads(bundle: Path, altered: Path) -> None:
    """The file that would show a missing last act is gone."""
    _with(lambda files: files.update({"heads.jsonl": b""}), bundle, altered)


def empty_the_log(bundle: Path, altered: Path) -> None:
    """Nothing is said to have happened."""
    _entries(lambda _: [], bundle, altered)


def _line(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


TAMPERINGS: tuple[Tampering, ...] = (
    drop_a_line,
    drop_the_last_line,
    double_a_line,
    swap_two_lines,
    change_an_action,
    change_an_actor,
    change_a_time,
    flip_a_state,
    append_an_entry,
    forge_the_signature,
    shrink_the_tree,
    change_a_head,
    drop_the_heads,
    empty_the_log,
)
