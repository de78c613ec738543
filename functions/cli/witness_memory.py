"""What a witness remembers, in a file: of each origin the last tree it cosigned.

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


@dataclass(frozen=True, slots=True)
class FileMemory:
    """`moderation.audit.witness.Memory`. Written anew and moved into place, under a lock."""

    path: Path

    def last(self, origin: str) -> Checkpoint | None:
        """Return the last checkpoint cosigned for an origin."""
        known = self._read().get(origin)
        if known is None:
            return None
        return Checkpoint(origin, int(known["size"]), base64.b64decode(known["root"]))

    def advance(self, old: Checkpoint | None, new: Checkpoint) -> bool:
        """Remember `new` if `old` is still the last."""
        with self._locked():
            if self.last(new.origin) != old:
                return False
            root = base64.b64encode(new.root).decode()
            whole = {**self._read(), new.origin: {"size": str(new.size), "root": root}}
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
