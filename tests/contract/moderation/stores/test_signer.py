"""Signers: one suite for the local key and for both kinds of KMS key."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from moderation.audit import verify
from moderation.audit.keys import parse_key
from moderation.audit.note import open_note, sign_note
from moderation.audit.ports import Signer
from moderation.stores.signer import KmsSigner, LocalSigner
from tests.support.memory_aws import MemoryKms

NAME = "forum.example.com/audit"
EDWARDS = ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32)
P256 = ec.derive_private_key(77, ec.SECP256R1())


def local() -> Signer:
    """A key in memory."""
    return LocalSigner(b"k" * 32, NAME)


def kms_ed25519() -> Signer:
    """KMS, the default."""
    return KmsSigner(MemoryKms(EDWARDS, "ECC_NIST_EDWARDS25519").client(), "key", NAME)


def kms_p256() -> Signer:
    """KMS, the fallback."""
    return KmsSigner(MemoryKms(P256, "ECC_NIST_P256").client(), "key", NAME)


@pytest.fixture(params=[local, kms_ed25519, kms_p256], ids=lambda make: make.__name__)
def signer(request: pytest.FixtureRequest) -> Signer:
    """Each implementation in turn."""
    make: Callable[[], Signer] = request.param
    return make()


def test_what_it_signs_its_key_opens(signer: Signer) -> None:
    """In the project and in the verifier that stands alone."""
    note = sign_note("text\n", signer).encode()

    assert open_note(note, [signer.key]) == "text\n"
    assert (
        verify.open_note(note, verify.Keys(verify.parse_key(str(signer.key))), "note")[0]
        == "text\n"
    )


def test_its_key_can_be_written_and_read(signer: Signer) -> None:
    """As the vkey that verifiers are given."""
    assert parse_key(str(signer.key)) == signer.key
    assert signer.key.name == NAME


def test_kms_signs_like_a_local_key_of_the_same_seed() -> None:
    """Ed25519 has one signature for a message."""
    assert kms_ed25519().sign(b"m") == local().sign(b"m")
    assert kms_ed25519().key == local().key


def test_the_public_key_is_asked_for_once() -> None:
    """Not for every checkpoint."""
    kms = MemoryKms(P256, "ECC_NIST_P256")
    signer = KmsSigner(kms.client(), "key", NAME)
    sign_note("text\n", signer)
    sign_note("text\n", signer)

    assert kms.operations == ["GetPublicKey", "Sign", "Sign"]


def test_a_key_of_another_kind_is_refused() -> None:
    """The log cannot sign with RSA."""
    with pytest.raises(ValueError, match="RSA_2048"):
        _ = KmsSigner(MemoryKms(P256, "RSA_2048").client(), "key", NAME).key
