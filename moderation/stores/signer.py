"""The log's signing key: in KMS where deployed, in memory for tests and on one machine."""

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from moderation.audit.keys import Algorithm, VerificationKey
from moderation.stores.answered import answered

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.literals import SigningAlgorithmSpecType

_ALGORITHMS: "dict[str, tuple[Algorithm, SigningAlgorithmSpecType]]" = {
    "ECC_NIST_EDWARDS25519": (Algorithm.ED25519, "ED25519_SHA_512"),
    "ECC_NIST_P256": (Algorithm.ECDSA_P256, "ECDSA_SHA_256"),
}


class KmsSigner:
    """Signs with an asymmetric KMS key, Ed25519 or P-256, which never leaves KMS.

    Fails closed: KMS not answering (Unavailable) means no new checkpoint. Whoever may call kms:Sign
    on the key can sign another history; anchors, witnesses and bundles held by others show that.
    """

    def __init__(self, client: "KMSClient", key_id: str, name: str) -> None:
        self._client = client
        self._key_id = key_id
        self._name = name
        self._key: VerificationKey | None = None
        self._spec: SigningAlgorithmSpecType | None = None

    @property
    def key(self) -> VerificationKey:
        """The public key, asked of KMS once. Raises ValueError for a key of another kind."""
        return self._described()[0]

    def sign(self, message: bytes) -> bytes:
        """Return KMS's signature over the message (at most 4,096 bytes), as it gives it."""
        algorithm = self._described()[1]
        with answered():
            answer = self._client.sign(
                KeyId=self._key_id,
                Message=message,
                MessageType="RAW",
                SigningAlgorithm=algorithm,
            )
        return answer["Signature"]

    def _described(self) -> "tuple[VerificationKey, SigningAlgorithmSpecType]":
        if self._key is None or self._spec is None:
            with answered():
                answer = self._client.get_public_key(KeyId=self._key_id)
            if answer["KeySpec"] not in _ALGORITHMS:
                raise ValueError(f"the log cannot sign with a key of kind {answer['KeySpec']}")
            algorithm, self._spec = _ALGORITHMS[answer["KeySpec"]]
            self._key = VerificationKey(
                self._name, algorithm, _material(answer["PublicKey"], algorithm)
            )
        return self._key, self._spec


class LocalSigner:
    """Signs with an Ed25519 key held in memory, made of a 32-byte seed.

    For tests and for one machine: whoever reads the process's memory has the key.
    """

    def __init__(self, seed: bytes, name: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._key = VerificationKey(name, Algorithm.ED25519, raw)

    @property
    def key(self) -> VerificationKey:
        """The public key."""
        return self._key

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature."""
        return self._private.sign(message)


def _material(spki: bytes, algorithm: Algorithm) -> bytes:
    if algorithm is Algorithm.ECDSA_P256:
        return spki
    return load_der_public_key(spki).public_bytes(Encoding.Raw, PublicFormat.Raw)
