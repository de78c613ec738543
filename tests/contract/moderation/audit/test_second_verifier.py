"""Two verifiers, one of them in another language and from the document alone, agree."""

import json
import random
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from moderation.audit import verify
from tests.property.moderation.audit.tampering import (
    Alteration,
    cut_lines,
    double_line,
    drop_line,
    edit_consistently,
    edit_head,
    edit_line,
    flip_in_file,
    forge_signature,
    roll_back,
    swap_lines,
    swap_withheld,
)
from tests.support.audit_fakes import SIGNER, World

NODE = shutil.which("node")
SCRIPT = Path(__file__).with_name("verify.mjs")
KEY = verify.parse_key(str(SIGNER.key))
ROUNDS = 3

pytestmark = pytest.mark.skipif(NODE is None, reason="the second verifier runs on Node")


@pytest.fixture(scope="module")
def bundle() -> bytes:
    """A bundle of the middle of a log, with heads behind it."""
    world = World()
    chance = random.Random(9)  # noqa: S311
    names = world.forum.names(7)
    for _ in range(37):
        world.forum.act(chance.choice(names))
    start = world.forum.clock.at
    for _ in range(60):
        world.forum.act(chance.choice(names))
    end = world.forum.clock.at
    for _ in range(20):
        world.forum.act(chance.choice(names))
    world.sequence()
    return world.export(start, end)


def unpacked(data: bytes, folder: Path) -> Path:
    """Write the files of a zip into a folder."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder


def second(folder: Path) -> dict[str, Any]:
    """What the second verifier says."""
    assert NODE is not None
    done = subprocess.run(
        [NODE, str(SCRIPT), str(folder), str(SIGNER.key)],
        capture_output=True,
        text=True,
        check=False,
    )
    verdict: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if verdict["holds"] else 1)
    return verdict


def test_both_take_the_honest_bundle(bundle: bytes, tmp_path: Path) -> None:
    """Ranges, later links and heads included."""
    folder = unpacked(bundle, tmp_path / "bundle")

    assert verify.check(folder, KEY, [], 0)[0] == []
    assert second(folder) == {"holds": True, "kind": None, "index": None}


@pytest.mark.parametrize(
    "alteration",
    [
        cut_lines,
        double_line,
        drop_line,
        edit_consistently,
        edit_head,
        edit_line,
        flip_in_file,
        forge_signature,
        roll_back,
        swap_lines,
        swap_withheld,
    ],
    ids=lambda each: each.__name__,
)
def test_both_refuse_what_was_altered(
    alteration: Alteration, bundle: bytes, tmp_path: Path
) -> None:
    """At the same index where it has one."""
    chance = random.Random(alteration.__name__)  # noqa: S311
    for number in range(ROUNDS):
        altered = alteration(bundle, 37, chance)
        folder = unpacked(altered.data, tmp_path / str(number))
        failures, _ = verify.check(folder, KEY, [], 0)
        verdict = second(folder)

        assert failures
        assert not verdict["holds"]
        if altered.index is not None and altered.file != "proofs/leaves":
            assert (
                verdict["index"]
                == altered.index
                == min(each.at for each in failures if each.at is not None)
            )
