"""The log's key on the command line: shown, and followed by another."""

from pathlib import Path

import pytest

from functions.cli.__main__ import main
from functions.cli.key import signer_of
from moderation.audit import verify
from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.stores.signer import KmsSigner, LocalSigner
from tests.support.audit_fakes import ORIGIN, SIGNER

NEW = LocalSigner(b"n" * 32, ORIGIN)


@pytest.fixture
def keys(tmp_path: Path) -> tuple[str, str]:
    """Two key files."""
    for name, seed in (("old", bytes(range(32))), ("new", b"n" * 32)):
        (tmp_path / name).write_text(seed.hex() + "\n")
    return f"file:{tmp_path / 'old'}", f"file:{tmp_path / 'new'}"


def test_a_key_is_shown(keys: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """As verifiers are given it."""
    assert main(["key", "show", keys[0], "--origin", ORIGIN]) == 0
    assert capsys.readouterr().out.strip() == str(SIGNER.key)


def test_a_key_takes_over(
    keys: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The note names both, at a checkpoint of either; the verifier follows it."""
    last = tmp_path / "checkpoint"
    last.write_bytes(sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), SIGNER))
    given = ["--old", keys[0], "--new", keys[1], "--checkpoint", str(last), "--origin", ORIGIN]
    assert main(["key", "succeed", *given]) == 0
    chain = verify.Keys(verify.parse_key(str(SIGNER.key)))
    chain.follow(capsys.readouterr().out.encode(), "note")

    assert [key.key_id for key in chain.all] == [SIGNER.key.key_id, NEW.key.key_id]
    assert chain.ends[0][0].size == 7
    last.write_bytes(sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), NEW))
    assert main(["key", "succeed", *given]) == 0
    stranger = LocalSigner(b"x" * 32, ORIGIN)
    last.write_bytes(sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), stranger))
    assert main(["key", "succeed", *given]) == 2
    assert "signed by no known key" in capsys.readouterr().err


def test_a_key_may_lie_in_kms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of it before it signs; other names are refused."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")

    assert isinstance(signer_of("kms:alias/log", ORIGIN), KmsSigner)
    with pytest.raises(ValueError, match="neither"):
        signer_of("x", ORIGIN)
