"""The format's document says what the code does."""

from pathlib import Path

from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.audit.entry import BODY_LIMIT_BYTES, leaf_hash
from moderation.audit.verify import FILES
from tests.support.audit_fakes import ORIGIN, SIGNER
from tests.unit.moderation.audit.test_entry import VECTOR

DOCUMENT = Path("docs/formats/audit-log.md").read_text(encoding="utf-8")


def test_the_example_is_an_entry() -> None:
    """Its bytes, their number and their leaf hash are those of the code."""
    assert f"```\n{VECTOR.decode()}\n```" in DOCUMENT
    assert f"This body has {len(VECTOR)} bytes" in DOCUMENT
    assert leaf_hash(VECTOR).hex() in DOCUMENT
    assert f"MUST NOT exceed {BODY_LIMIT_BYTES} bytes" in DOCUMENT


def test_the_vector_is_a_checkpoint_of_the_test_key() -> None:
    """Key, root and signature."""
    leaf = leaf_hash(VECTOR.replace(b"[1,2]", b"[1,1]"))

    assert str(SIGNER.key) in DOCUMENT
    assert sign_checkpoint(Checkpoint(ORIGIN, 1, leaf), SIGNER).decode() in DOCUMENT


def test_every_file_of_a_bundle_is_described() -> None:
    """In the order in which they are sealed."""
    rows = [line.split("`")[1] for line in DOCUMENT.splitlines() if line.startswith("| `")]

    assert list(dict.fromkeys(name for name in rows if name in FILES)) == list(FILES)
