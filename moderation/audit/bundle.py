"""The export bundle as a file: a zip whose bytes depend on its contents alone.

Members are stored, not compressed, since compressors differ; times and modes are fixed. The
manifest names the digest of each file for people, and the seal is the log's signature over them.
"""

import base64
import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, cast

from moderation.audit.canonical import Json, canonical
from moderation.audit.merkle import NodeReader, subtrees
from moderation.audit.ports import Sink

FORMAT = "hausrecht-export/v1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16
_UNIX = 3


class Member:
    """One file of the bundle while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._digest.update(data)
        self._file.write(data)

    @property
    def sha256(self) -> str:
        """The digest, in hex, of what was written."""
        return self._digest.hexdigest()


class BundleWriter:
    """Writes the members of a bundle one after another, then manifest and seal.

    `large` makes room for members of 4 GiB and more; it must follow from the contents.
    """

    def __init__(self, sink: Sink, *, large: bool) -> None:
        self._zip = zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_STORED)
        self._large = large
        self._digests: dict[str, str] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Member]:
        """Open the next file; it ends with the block."""
        info = zipfile.ZipInfo(name, _EPOCH)
        info.external_attr, info.create_system = _MODE, _UNIX
        with self._zip.open(info, "w", force_zip64=self._large) as file:
            member = Member(file)
            yield member
        self._digests[name] = member.sha256

    def put(self, name: str, data: bytes) -> None:
        """Write one file."""
        with self.member(name) as member:
            member.write(data)

    def finish(self, manifest: Mapping[str, Json], seal: Callable[[str], bytes]) -> str:
        """Write the manifest, and the note that `seal` makes of a text; return that text."""
        whole: dict[str, Json] = {**manifest, "format": FORMAT, "sha256": dict(self._digests)}
        self.put("manifest.json", canonical(whole) + b"\n")
        lines = [f"{digest}  {name}\n" for name, digest in self._sealed()]
        text = f"{manifest['origin']}\n{FORMAT}\n{''.join(lines)}"
        self.put("seal", seal(text))
        self._zip.close()
        return text

    def _sealed(self) -> Iterator[tuple[str, str]]:
        """Yield name and digest of all files but the anchors, which are signed themselves.

        They would make the text longer than a signer takes. The text's second line keeps it apart
        from a checkpoint, where it is a number.
        """
        for name, digest in self._digests.items():
            if not name.startswith("anchors/"):
                yield name, digest


def range_proof(begin: int, end: int, size: int, node: NodeReader) -> bytes:
    """Return `proofs/range`: the subtrees left and right of [begin, end) in a tree of `size`.

    First line the three numbers, then one hash a line in base64, an empty line between the sides.
    """
    sides = [
        "".join(f"{base64.b64encode(node(*at)).decode()}\n" for at in subtrees(*side))
        for side in ((0, begin), (end, size))
    ]
    return f"{begin} {end} {size}\n{sides[0]}\n{sides[1]}".encode()


def consistency_line(anchor: str, proof: Sequence[bytes]) -> bytes:
    """Return an anchor's line in `proofs/consistency`: its name, then the hashes in base64."""
    hashes = (base64.b64encode(node).decode() for node in proof)
    return f"{' '.join([anchor, *hashes])}\n".encode()
