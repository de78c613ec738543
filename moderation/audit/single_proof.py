"""One entry with its proof, as a file (C2SP tlog-proof).

With the entry itself as the `extra` the file stands alone: nothing else is needed to check it but
the log's key. Without it, it is for whoever holds the entry's receipt, which names the leaf: an
entry names its actor by a pseudonym, which is nobody's business but the auditor's.
"""

import base64
from dataclasses import dataclass

from moderation.audit.entry import leaf_hash
from moderation.audit.log_reader import LogReader, Published
from moderation.audit.merkle import ProofError, inclusion_proof


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That a leaf stands at `index` in the tree of a published checkpoint."""

    leaf: bytes
    index: int
    hashes: tuple[bytes, ...]
    published: Published

    def file(self, body: bytes | None = None) -> bytes:
        """Return the `.tlog-proof`, with the entry's body where it is to stand alone."""
        lines = [
            "c2sp.org/tlog-proof@v1",
            *([] if body is None else [f"extra {base64.b64encode(body).decode()}"]),
            f"index {self.index}",
            *(base64.b64encode(node).decode() for node in self.hashes),
        ]
        return "\n".join(lines).encode() + b"\n\n" + self.published.note


def inclusion(log: LogReader, published: Published, index: int) -> Inclusion:
    """Return the proof for the entry at `index`, out of tiles alone.

    Raises ProofError where the checkpoint does not cover it yet.
    """
    size = published.checkpoint.size
    if not 0 <= index < size:
        raise ProofError("the checkpoint does not cover this entry")
    node = log.nodes(size)
    hashes = inclusion_proof(index, size, node)
    return Inclusion(node(0, index), index, tuple(hashes), published)


def single_proof(log: LogReader, published: Published, index: int) -> bytes:
    """Return the `.tlog-proof` of the entry at `index`, standing alone. Raises ProofError.

    A body that is not that of the leaf raises ProofError too: nothing unproved is handed out.
    """
    proof = inclusion(log, published, index)
    ((body,),) = log.bodies(index, index + 1, published.checkpoint.size)
    if leaf_hash(body) != proof.leaf:
        raise ProofError("the entry is not the one in the tree")
    return proof.file(body)
