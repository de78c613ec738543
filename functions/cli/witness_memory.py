"""What a witness remembers, in a file: of each origin the last tree it cosigned,
with the note that the log had signed.

Fails closed: what cannot be written down is not cosigned. Whoever can write to the file can make
the witness cosign another history, so it belongs where the log's operator has no access.
"""

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from moderation.audit.checkpoint import Checkpoint
from moderation.audit.contradiction import Known


@dataclass(frozen=True, slots=True)
class FileMemory:
    """`moderation.audit.witness.Memory`. Written anew and moved into place, under a lock."""

    path: Path

    def last(self, origin: str) -> Known | None:
        """Return the last checkpoint cosigned for an origin; a file of before may lack its note."""
        known = self._read().get(origin)
        if known is None:
            return None
        checkpoint = Checkpoint(origin, int(known["size"]), base64.b64decode(known["root"]))
        return Known(checkpoint, known["note"].encode() if "note" in known else None)

    def advance(self, old: Known | None, new: Known) -> bool:
        """Remember `new` if `old` is still the last."""
        tree = new.checkpoint
        with self._locked():
            if self.last(tree.origin) != old:
                return False
            root = base64.b64encode(tree.root).decode()
            entry = {"size": str(tree.size), "root": root}
            entry |= {"note": new.note.decode()} if new.note else {}
            whole = {**self._read(), tree.origin: entry}
            self._write(json.dumps(whole, indent=1, sort_keys=True) + "\n")
        return True

    def _read(self) -> dict[str, dict[str, str]]:
        if not self.path.exists():
            return {}
        known: dict[str, dict[str, str]] = json.loads(self.path.read_text())
        return known

    def _write(self, text: str) -> None:
        fresh = self.path.with_name(self.path.name + ".new")
        with fresh.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self.path.with_name(self.path.name + ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
