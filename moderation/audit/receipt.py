"""Receipts: a signed promise that an entry will be in the log.

Whoever holds one can show a promise that was not kept: the log's own signature on the receipt, and
a later checkpoint of a tree without the entry.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.audit.entry import time_text
from moderation.audit.note import sign_note
from moderation.audit.ports import Signer

FORMAT = "hausrecht-receipt/v1"
MERGE_DELAY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the entry `entry_id` with this leaf hash (hex) is in the log of `origin` by a time."""

    origin: str
    entry_id: str
    leaf: str
    by: datetime

    def text(self) -> str:
        """Return what is signed. The second line keeps it apart from checkpoints and seals."""
        return f"{self.origin}\n{FORMAT}\n{self.entry_id}\n{self.leaf}\n{time_text(self.by)}\n"


def sign_receipt(entry_id: str, leaf: str, at: datetime, signer: Signer) -> bytes:
    """Return the signed receipt of an entry written `at`: it is in the log a minute later.

    The signer's name is the log's origin.
    """
    receipt = Receipt(signer.key.name, entry_id, leaf, at + MERGE_DELAY)
    return sign_note(receipt.text(), signer).encode()
