"""Time stamps on the packaged stack: made by openssl, checked by the verifier and by openssl."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from localstack.deploy import Stack as Deployment
from localstack.engine import Engine
from tests.e2e.conftest import STACK
from tests.e2e.stack import Stack
from tests.e2e.test_audit_log import PATIENCE_S, Offline, exported
from tests.e2e.test_main_job import eventually
from tests.support.authority import Authority

pytestmark = pytest.mark.e2e


def test_an_export_bears_a_stamp_that_holds(
    stack: Stack, authority: Authority, tmp_path: Path
) -> None:
    """Verified offline by a copy of one file, and by openssl; a stranger's root is refused."""
    offline = Offline(tmp_path)
    data = exported(stack)
    bundle = offline.keep("bundle.zip", data)
    root = offline.keep("tsa.pem", authority.root.read_text())
    stranger = Authority(offline.folder / "stranger")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        checkpoint, stamp = archive.read("checkpoint"), archive.read("checkpoint.tsr")

    code, said = offline.run(bundle, "--key", stack.verify_key, "--tsa", root)
    assert (code, "1 checkpoints were stamped" in said) == (0, True), said
    assert authority.takes(checkpoint, stamp)
    code, said = offline.run(bundle, "--key", stack.verify_key, "--tsa", str(stranger.root))
    assert (code, "FAILED stamp: checkpoint.tsr" in said) == (1, True), said


def test_the_days_anchor_is_stamped_under_its_lock(
    running_engine: Engine, stack: Stack, authority: Authority
) -> None:
    """By the clocks; the stamp is of the anchor as it stands there."""
    assert stack.api
    bucket = Deployment(running_engine.target, STACK).outputs()["AnchorsBucket"]
    s3 = running_engine.target.client("s3")

    def held(name: str) -> bytes:
        found: bytes = s3.get_object(Bucket=bucket, Key=name)["Body"].read()
        return found

    def looked() -> bool | None:
        names = {each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ())}
        stamps = [name for name in names if name.endswith(".tsr")]
        whole = [authority.takes(held(name.removesuffix(".tsr")), held(name)) for name in stamps]
        return True if whole and all(whole) else None

    assert eventually(looked, 2 * PATIENCE_S)
