"""One entry with its proof, as a file that stands alone (C2SP tlog-proof).

The entry itself is the `extra`, so that nothing else is needed to check it but the log's key.
"""

import base64

from moderation.audit.log_reader import LogReader, Published
from moderation.audit.merkle import ProofError, inclusion_proof


def single_proof(log: LogReader, published: Published, index: int) -> bytes:
    """Return the `.tlog-proof` of the entry at `index` under a published checkpoint.

    Raises ProofError where the checkpoint does not cover it yet.
    """
    size = published.checkpoint.size
    if not 0 <= index < size:
        raise ProofError("the checkpoint does not cover this entry")
    (body,) = next(log.bodies(index, index + 1, size))
    hashes = inclusion_proof(index, size, log.nodes(size))
    lines = [
        "c2sp.org/tlog-proof@v1",
        f"extra {base64.b64encode(body).decode()}",
        f"index {index}",
        *(base64.b64encode(node).decode() for node in hashes),
    ]
    return "\n".join(lines).encode() + b"\n\n" + published.note
