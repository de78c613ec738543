"""The verifier finds every alteration and says where it is; thousands at random."""

import random
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.actions import Action
from tests.property.moderation.audit.tampering import ALTERATIONS, Alteration, repack, unpack
from tests.support.audit_fakes import SIGNER, World

KEY = verify.parse_key(str(SIGNER.key))
ROUNDS = 40


@pytest.fixture(scope="module")
def bundle() -> bytes:
    """A bundle of the middle of a log: acts before and after it, one act with five parts."""
    world = World()
    names = world.forum.names(40)
    chance = random.Random(4)  # noqa: S311
    for _ in range(150):
        world.forum.act(chance.choice(names))
    start = world.forum.clock.at
    for _ in range(300):
        world.forum.act(chance.choice(names))
    cause = world.forum.new_id()
    for part, name in enumerate(names[:5], 1):
        world.forum.act(name, Action.POST_REMOVE, cause=cause, part=(part, 5))
    end = world.forum.clock.at
    for _ in range(60):
        world.forum.act(chance.choice(names))
    world.sequence()
    return world.export(start, end)


def check(data: bytes, folder: Path) -> list[verify.Failure]:
    """Verify bytes as a file; the failures in the order they are printed."""
    path = folder / "bundle.zip"
    path.write_bytes(data)
    failures, _ = verify.check(path, KEY, [], 0)
    return sorted(failures, key=lambda each: (each.at is None, each.at or 0))


def test_the_honest_bundle_holds(bundle: bytes, tmp_path: Path) -> None:
    """As it was built, and packed again by another program."""
    assert unpack(bundle)["proofs/range"].startswith(b"150 455 515\n")
    assert check(bundle, tmp_path) == []
    assert check(repack(unpack(bundle), manifest=False), tmp_path) == []


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda each: each.__name__)
def test_an_alteration_is_found_and_located(
    alteration: Alteration, bundle: bytes, tmp_path: Path
) -> None:
    """Each of many variants fails, at the index or in the file where it was made."""
    chance = random.Random(alteration.__name__)  # noqa: S311
    for _ in range(ROUNDS):
        altered = alteration(bundle, 150, chance)
        failures = check(altered.data, tmp_path)

        assert failures, altered.name
        if altered.index is not None:
            assert failures[0].at == altered.index
        if altered.file is not None:
            assert any(altered.file in failure.file for failure in failures)
