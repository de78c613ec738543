"""The packaged stack for the end-to-end ring: one that runs already, or one of its own."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.e2e.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack that `STACK_FILE` describes (`.local/demo.json`), else a fresh one, ended after."""
    described = os.environ.get("STACK_FILE")
    if described:
        yield Stack(**json.loads(Path(described).read_text()))
        return
    # Only here: a stack that runs already needs neither a build nor an engine.
    from infra.build import build  # noqa: PLC0415
    from localstack.daemon import free_port  # noqa: PLC0415
    from localstack.engines import engine  # noqa: PLC0415
    from localstack.stack import bring_up  # noqa: PLC0415

    name = os.environ.get("ENGINE", "ministack")
    chosen = engine(name, free_port(), tmp_path_factory.mktemp(name))
    chosen.start()
    try:
        yield Stack(**asdict(bring_up(chosen, build("x86_64"), "hausrecht-e2e")))
    finally:
        chosen.stop()
