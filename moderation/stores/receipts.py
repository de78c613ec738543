"""Receipts out of the entries as they lie in the table, signed on the spot.

Fails open: what was written stands, whether or not its receipt can be had at the moment. Whoever
can write to the table can have something promised that is not in the log; that binds the operator
all the same.
"""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from moderation.audit.entry import decode, leaf_hash
from moderation.audit.ports import EntryTable, Signer
from moderation.audit.receipt import SignedReceipt, signed_receipt
from moderation.errors import Unavailable

FIRST = 1


@dataclass(frozen=True, slots=True)
class TableReceipts:
    """`moderation.audit.receipt.Receipts`: one strongly consistent read, one signature."""

    entries: EntryTable
    signer: Signer

    def of(self, subject: str) -> SignedReceipt | None:
        """Return the receipt for a subject's first entry; the same text each time."""
        try:
            bodies = self.entries.chain(subject, FIRST, FIRST)
            if not bodies:
                return None
            entry = decode(bodies[0])
            return signed_receipt(entry.id, leaf_hash(bodies[0]).hex(), entry.at, self.signer)
        except (Unavailable, BotoCoreError, ClientError):
            # A key that was disabled, or a right that is missing, must not undo a notice either.
            return None
