"""The packaged stack for the end-to-end ring: one that runs already, or one of its own.

`STACK_FILE` names the description of a stack that runs (`.local/demo.json`);
else `ENGINE` (ministack) is started on a free port with a fresh state, and ended after.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from infra.build import Built, build
from localstack.daemon import free_port
from localstack.engine import Engine
from localstack.engines import engine
from localstack.stack import bring_up
from tests.e2e.stack import Stack

STACK = "hausrecht-e2e"


@pytest.fixture(scope="session")
def built() -> Built:
    """The zip and the template of the present sources."""
    return build("x86_64")


@pytest.fixture(scope="session")
def running_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine of this session's own, which notes the calls made to it where it can."""
    if "STACK_FILE" in os.environ:
        pytest.skip("the stack was started by somebody else, and so was its engine")
    name = os.environ.get("ENGINE", "ministack")
    chosen = engine(name, free_port(), tmp_path_factory.mktemp(name), records_calls=True)
    chosen.start()
    yield chosen
    chosen.stop()


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Stack:
    """The stack that every test of the ring shares."""
    described = os.environ.get("STACK_FILE")
    if described:
        return Stack(**json.loads(Path(described).read_text()))
    chosen: Engine = request.getfixturevalue("running_engine")
    return Stack(**asdict(bring_up(chosen, request.getfixturevalue("built"), STACK)))
