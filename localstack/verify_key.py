"""The audit log's verification key, made from what KMS publishes (C2SP signed-note)."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from localstack.target import Target


def verify_key(target: Target, key_id: str, origin: str) -> str:
    """The line `name+key id+key` a verifier is given, for a key in KMS.

    Ed25519 is note type 0x01; P-256, the fallback, is 0x02 over its SPKI.
    """
    spki: bytes = target.client("kms").get_public_key(KeyId=key_id)["PublicKey"]
    public = serialization.load_der_public_key(spki)
    if isinstance(public, ed25519.Ed25519PublicKey):
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        key = b"\x01" + raw
        digest = hashlib.sha256(origin.encode() + b"\n" + key).digest()
    else:
        key = b"\x02" + spki
        digest = hashlib.sha256(spki).digest()
    return f"{origin}+{digest[:4].hex()}+{base64.b64encode(key).decode()}"
