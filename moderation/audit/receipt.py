"""Receipts: a signed promise that an entry will be in the log.

Whoever holds one can show a promise that was not kept: the log's own signature on the receipt, and
a later checkpoint of a tree without the entry.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt and the note in which it was signed."""

    receipt: Receipt
    note: str


class Receipts(Protocol):
    """Gives out receipts. Fails open: an act stands without its receipt, which can follow."""

    def of(self, subject: str) -> SignedReceipt | None:
        """Return the receipt for the entry that began a subject; None where it cannot be had."""
        ...


def sign_receipt(entry_id: str, leaf: str, at: datetime, signer: Signer) -> bytes:
    """Return the signed receipt of an entry written `at`: it is in the log a minute later."""
    return signed_receipt(entry_id, leaf, at, signer).note.encode()


def signed_receipt(entry_id: str, leaf: str, at: datetime, signer: Signer) -> SignedReceipt:
    """Sign the receipt of an entry; the signer's name is the log's origin."""
    receipt = Receipt(signer.key.name, entry_id, leaf, at + MERGE_DELAY)
    return SignedReceipt(receipt, sign_note(receipt.text(), signer).encode().decode())
