"""The verifier against thousands of random alterations."""

import io
import random
from datetime import timedelta
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.actions import Action
from tests.property.moderation.audit.tampering import ALTERATIONS, repack, unpack
from tests.support.audit_fakes import BEGIN, SIGNER, World

KEY = verify.parse_key(str(SIGNER.key))


@pytest.fixture(scope="module")
def bundle() -> bytes:
    """A bundle of the middle of a log: entries before it, after it, and several parts of one act."""
    world = World()
    names = world.forum.names(40)
    chance = random.Random(4)
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
    milliseconds = timedelta(milliseconds=1)
    return world.export(BEGIN + (start - BEGIN) // milliseconds * milliseconds, end)


def check(data: bytes, folder: Path) -> list[verify.Failure]:
    """Verify bytes as a file."""
    path = folder / "bundle.zip"
    path.write_bytes(data)
    failures, _ = verify.check(path, KEY, [], 0)
    return failures
