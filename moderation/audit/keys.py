"""Public keys under a name, as C2SP signed-note v1.0.0 writes them (vkey)."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
KEY_ID_BYTES = 4
TIME_BYTES = 8


class NoteError(ValueError):
    """Text that is no signed note, a key that is none, or a signature that doesn't hold."""


class Algorithm(IntEnum):
    """The signature types of the specification that this log uses."""

    ED25519 = 0x01
    ECDSA_P256 = 0x02
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key under a name: 32 raw bytes of Ed25519, or the SPKI DER of a P-256 key."""

    name: str
    algorithm: Algorithm
    material: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature line names the key."""
        if self.algorithm is Algorithm.ECDSA_P256:
            return hashlib.sha256(self.material).digest()[:KEY_ID_BYTES]
        named = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.material
        return hashlib.sha256(named).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the vkey: name, key id in hex and base64(type ‖ key), joined by `+`."""
        material = base64.b64encode(bytes([self.algorithm]) + self.material).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def holds(self, text: str, signature: bytes) -> bool:
        """Say whether a signature (for a witness: 8 bytes of time, then 64) is this key's."""
        message = text.encode()
        try:
            match self.algorithm:
                case Algorithm.ED25519:
                    key = ed25519.Ed25519PublicKey.from_public_bytes(self.material)
                    key.verify(signature, message)
                case Algorithm.COSIGNATURE:
                    time = int.from_bytes(signature[:TIME_BYTES])
                    key = ed25519.Ed25519PublicKey.from_public_bytes(self.material)
                    key.verify(signature[TIME_BYTES:], cosigned_message(text, time))
                case _:
                    _p256(self.material).verify(signature, message, ec.ECDSA(SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True


def cosigned_message(text: str, time: int) -> bytes:
    """Return what a witness signs at POSIX `time` (C2SP tlog-cosignature, cosignature/v1)."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def parse_key(vkey: str) -> VerificationKey:
    """Read a vkey; raises NoteError where name, id and key do not belong together."""
    name, plus, rest = vkey.partition("+")
    key_id, plus_too, encoded = rest.partition("+")
    raw = decode_base64(encoded)
    if not (plus and plus_too and KEY_NAME.fullmatch(name) and raw):
        raise NoteError("not a verification key")
    if raw[0] not in set(Algorithm):
        raise NoteError(f"unknown signature type {raw[0]:#04x}")
    key = VerificationKey(name, Algorithm(raw[0]), raw[1:])
    if key.key_id.hex() != key_id:
        raise NoteError("the key id is not that of this key")
    if key.algorithm is Algorithm.ECDSA_P256:
        _p256(key.material)
    elif len(key.material) != 32:
        raise NoteError("an Ed25519 key has 32 bytes")
    return key


def decode_base64(text: str) -> bytes:
    """Read standard base64; raises NoteError where it is not the one canonical spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise NoteError("base64 that is not canonical")
    return raw


def _p256(spki: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(spki)
    except ValueError as error:
        raise NoteError("not a public key") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise NoteError("not a P-256 key")
    return key
