"""Time stamps (RFC 3161): how one is asked for, what is taken, and the stamp of a day's anchor.

A stamp says that bytes were there at a time, by the clock of an authority that is neither the
operator nor a witness; one of a qualified authority is presumed right in court (eIDAS Art. 41(2)).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from moderation.audit.anchor import STAMP, anchor_path
from moderation.audit.ports import ObjectStore, StampError, Timestamper
from moderation.audit.verify import read_stamp

NONCE_BYTES = 8
_VERSION_1 = bytes.fromhex("020101")
_SHA256_IMPRINT = bytes.fromhex("3031300d060960864801650304020105000420")
_NONCE = bytes([0x02, NONCE_BYTES])
_WITH_CERTIFICATE = bytes.fromhex("0101ff")


def query(data: bytes, nonce: bytes) -> bytes:
    """Return a TimeStampReq in DER for the SHA-256 of bytes, the certificate asked for with it.

    `nonce` has `NONCE_BYTES`; the first two bits are not used, so that it is always as long.
    """
    number = bytes([nonce[0] & 0x3F | 0x40]) + nonce[1:]
    imprint = _SHA256_IMPRINT + hashlib.sha256(data).digest()
    body = _VERSION_1 + imprint + _NONCE + number + _WITH_CERTIFICATE
    return bytes([0x30, len(body)]) + body


def taken(answer: bytes, data: bytes, asked: bytes) -> bytes:
    """Return an authority's answer if it is what was asked for, to the bytes and to this query.

    It is read as the verifier will read it, so that what is kept is no surprise later. Whose
    certificate signed it is for whoever verifies to judge. Raises StampError.
    """
    try:
        stamp = read_stamp(answer)
    except ValueError as error:
        raise StampError(f"The time-stamp authority gave none: {error}.") from error
    number = asked[-len(_WITH_CERTIFICATE) - NONCE_BYTES : -len(_WITH_CERTIFICATE)]
    if not stamp.is_of(data) or stamp.nonce != int.from_bytes(number):
        raise StampError("The time-stamp authority answered to something else.")
    return answer


@dataclass(frozen=True, slots=True)
class AnchorStamps:
    """Has each day's anchor stamped, and anew where a cosigned one has been put over it."""

    anchors: ObjectStore
    timestamper: Timestamper
    now: Callable[[], datetime]

    def run(self) -> bool:
        """Stamp today's anchor unless that is done; say whether it was now. Raises StampError."""
        path = anchor_path(self.now().date())
        anchor = self.anchors.get_tagged(path)
        if anchor is None:
            return False
        held = self.anchors.get_tagged(path + STAMP)
        if held is not None and read_stamp(held[0]).is_of(anchor[0]):
            return False
        stamp = self.timestamper.stamp(anchor[0])
        return self.anchors.replace(path + STAMP, stamp, held[1] if held else None)
