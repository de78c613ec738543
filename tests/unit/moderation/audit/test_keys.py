"""Keys are read only in the one form in which they are written."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from moderation.audit.keys import (
    Algorithm,
    NoteError,
    VerificationKey,
    cosigned_message,
    decode_base64,
    parse_key,
)
from tests.support.audit_fakes import SIGNER

PUBLISHED = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
P256 = ec.derive_private_key(7, ec.SECP256R1())
P384 = ec.derive_private_key(7, ec.SECP384R1())


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key as DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_the_published_key() -> None:
    """C2SP's example reads, and writes itself again."""
    key = parse_key(PUBLISHED)

    assert (key.name, key.algorithm, key.key_id.hex()) == ("example.com/foo", 1, "530d903a")
    assert str(key) == PUBLISHED


def test_a_p256_key() -> None:
    """Its id is that of the SPKI alone, its signatures are ASN.1 over SHA-256."""
    key = VerificationKey("log", Algorithm.ECDSA_P256, spki(P256))
    signature = P256.sign(b"text\n", ec.ECDSA(SHA256()))

    assert parse_key(str(key)) == key
    assert key.holds("text\n", signature)
    assert not key.holds("other\n", signature)
    assert not key.holds("text\n", b"no DER")


def test_a_cosignature_binds_its_time() -> None:
    """A witness signs the time with the text."""
    key = VerificationKey("witness", Algorithm.COSIGNATURE, SIGNER.key.material)
    signature = SIGNER.sign(cosigned_message("text\n", 7))

    assert key.holds("text\n", (7).to_bytes(8) + signature)
    assert not key.holds("text\n", (8).to_bytes(8) + signature)
    assert parse_key(str(key)) == key


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        PUBLISHED.replace("530d903a", "530d903b"),
        PUBLISHED.replace("530d903a", "530D903A"),
        PUBLISHED.replace("example", "exa mple"),
        PUBLISHED + "=",
        PUBLISHED[:-4],
        "a+00000000+" + "AA==",
        "a+00000000+" + "B+==",
        str(VerificationKey("a", Algorithm.ED25519, b"short")),
        str(VerificationKey("a", Algorithm.ECDSA_P256, b"no key")),
        str(VerificationKey("a", Algorithm.ECDSA_P256, spki(P384))),
        str(VerificationKey("a\nb", Algorithm.ED25519, bytes(32))),
    ],
)
def test_anything_else_is_no_key(vkey: str) -> None:
    """Another id, another spelling, another curve."""
    with pytest.raises(NoteError):
        parse_key(vkey)


@pytest.mark.parametrize("text", ["YQ", "YQ==\n", "YR==", "Y Q==", "ä"])
def test_base64_has_one_spelling(text: str) -> None:
    """Padding, white space and stray bits are refused."""
    with pytest.raises(NoteError):
        decode_base64(text)
