"""Signers: one suite for the local key and for both kinds of KMS key, wherever KMS is."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from moderation.audit import verify
from moderation.audit.keys import parse_key
from moderation.audit.note import open_note, sign_note
from moderation.audit.ports import Signer
from moderation.stores.signer import KmsSigner, LocalSigner
from tests.support.memory_aws import MemoryKms
from tests.support.places import Place

NAME = "forum.example.com/audit"
SEED = b"k" * 32
EDWARDS = ed25519.Ed25519PrivateKey.from_private_bytes(SEED)


@pytest.fixture
def signer(request: pytest.FixtureRequest) -> Signer:
    """A key in memory, or one of a kind that KMS has."""
    if request.param == "local":
        return LocalSigner(SEED, NAME)
    client, key_id = request.getfixturevalue("place").key(request.param)
    return KmsSigner(client, key_id, NAME)


every_signer = pytest.mark.parametrize(
    "signer",
    [
        "local",
        "ECC_NIST_P256",
        pytest.param("ECC_NIST_EDWARDS25519", marks=pytest.mark.cannot("localstack", "ed25519")),
    ],
    indirect=True,
)


@every_signer
@pytest.mark.usefixtures("place")
def test_what_it_signs_its_key_opens(signer: Signer) -> None:
    """In the project and in the verifier that stands alone."""
    note = sign_note("text\n", signer).encode()

    assert open_note(note, [signer.key]) == "text\n"
    assert (
        verify.open_note(note, verify.Keys(verify.parse_key(str(signer.key))), "note")[0]
        == "text\n"
    )


@every_signer
@pytest.mark.usefixtures("place")
def test_its_key_can_be_written_and_read(signer: Signer) -> None:
    """As the vkey that verifiers are given."""
    assert parse_key(str(signer.key)) == signer.key
    assert signer.key.name == NAME


def test_kms_signs_like_a_local_key_of_the_same_seed() -> None:
    """Ed25519 has one signature for a message."""
    kms = KmsSigner(MemoryKms(EDWARDS, "ECC_NIST_EDWARDS25519").client(), "key", NAME)
    assert kms.sign(b"m") == LocalSigner(SEED, NAME).sign(b"m")
    assert kms.key == LocalSigner(SEED, NAME).key


def test_the_public_key_is_asked_for_once(place: Place) -> None:
    """Not for every checkpoint."""
    client, key_id = place.key("ECC_NIST_P256")
    asked: list[str] = []
    client.meta.events.register_first(
        "before-send.kms", lambda event_name, **_: asked.append(event_name.rpartition(".")[2])
    )
    signer = KmsSigner(client, key_id, NAME)
    sign_note("text\n", signer)
    sign_note("text\n", signer)

    assert asked == ["GetPublicKey", "Sign", "Sign"]


def test_a_key_of_another_kind_is_refused(place: Place) -> None:
    """The log cannot sign with RSA."""
    with pytest.raises(ValueError, match="RSA_2048"):
        _ = KmsSigner(*place.key("RSA_2048"), NAME).key
