"""The packaged stack for the end-to-end ring: one that runs already, or one of its own.

`STACK_FILE` names the description of a stack that runs (`.local/demo.json`);
else `--engine NAME` (ministack) is started on a free port with a fresh state, and ended after.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from functions.cli.witness import cosigner
from infra.build import Built, build
from localstack.daemon import free_port
from localstack.deploy import Stack as Deployment
from localstack.elsewhere import Elsewhere
from localstack.engine import Engine
from localstack.engines import engine
from localstack.follow import lines
from localstack.localstack_docker import LocalStackDocker
from localstack.stack import bring_up
from tests.e2e.stack import Stack
from tests.support import engine_runs
from tests.support.authority import Authority

STACK = "hausrecht-e2e"
WITNESS = "witness.example"
WITNESS_SEED = bytes(range(32))
WITNESS_EACH_S = 4
ENGINE = pytest.StashKey[Engine]()
STARTED_MS = pytest.StashKey[int]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Judge the roles by the calls of all other tests, last."""
    items.sort(key=lambda item: item.path.name == "test_roles.py")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note when a test starts."""
    item.stash[STARTED_MS] = int(time.time() * 1000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the functions printed during a test that failed."""
    report = yield
    if report.failed and ENGINE in item.config.stash:
        target = item.config.stash[ENGINE].target
        printed = "\n".join(lines(target, STACK, item.stash[STARTED_MS]))
        report.sections.append(("the functions' logs", printed))
    return report


@pytest.fixture(scope="session")
def built() -> Built:
    """The zip and the template of the present sources."""
    return build("x86_64")


@pytest.fixture(scope="session")
def running_engine(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Engine]:
    """An engine of this session's own, which notes the calls made to it where it can."""
    if "STACK_FILE" in os.environ:
        pytest.skip("the stack was started by somebody else, and so was its engine")
    home = tmp_path_factory.mktemp("engine")
    name = engine_runs.chosen(pytestconfig)
    chosen = engine(name, free_port(), home, records_calls=True)
    engine_runs.start(pytestconfig, name, chosen)
    pytestconfig.stash[ENGINE] = chosen
    yield chosen
    del pytestconfig.stash[ENGINE]
    if isinstance(chosen, Elsewhere):
        Deployment(chosen.target, STACK).delete()
    chosen.stop()


@dataclass
class Witnessing:
    """Somebody else who cosigns the log of the ring, round after round, by the public API."""

    folder: Path
    api: str
    log: str
    wrong: list[str] = field(default_factory=list)

    vkey = str(cosigner(WITNESS, WITNESS_SEED))

    def rounds(self, over: threading.Event) -> None:
        """A round each few seconds until it is over; what the witness objects to is kept."""
        seed = self.folder / "key"
        seed.write_text(WITNESS_SEED.hex())
        command = [sys.executable, "-m", "functions.cli", "witness", "run", "--name", WITNESS]
        command += ["--key", str(seed), "--state", str(self.folder / "state")]
        command += ["--api", self.api, "--log", self.log]
        while not over.wait(WITNESS_EACH_S):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 1:
                self.wrong.append(done.stdout + done.stderr)


WITNESSING = pytest.StashKey[Witnessing]()
AUTHORITY = pytest.StashKey[Authority]()
FAR_AWAY = (Elsewhere, LocalStackDocker)
"""Engines whose functions do not reach an address of this machine's own."""


@pytest.fixture(scope="session")
def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """The stack that every test of the ring shares, with a witness and an authority beside it."""
    described = os.environ.get("STACK_FILE")
    if described:
        yield Stack(**json.loads(Path(described).read_text()))
        return
    chosen: Engine = request.getfixturevalue("running_engine")
    outside = {"WitnessKeys": Witnessing.vkey}
    with contextlib.ExitStack() as serving:
        if not isinstance(chosen, FAR_AWAY):
            authority = Authority(tmp_path_factory.mktemp("tsa"))
            request.config.stash[AUTHORITY] = authority
            outside["TsaUrl"] = serving.enter_context(authority.served())
        yield from _shared(request, tmp_path_factory, chosen, outside)


def _shared(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    chosen: Engine,
    outside: dict[str, str],
) -> Iterator[Stack]:
    """Bring it up, and have a witness at work until all tests are done."""
    running = bring_up(chosen, request.getfixturevalue("built"), STACK, outside)
    # Before anybody acts the log is idle: the first ring of the clock is its first entry.
    chosen.target.client("lambda").invoke(FunctionName=f"{STACK}-clocks")
    witness = Witnessing(tmp_path_factory.mktemp("witness"), running.api, running.verify_key)
    request.config.stash[WITNESSING] = witness
    over = threading.Event()
    thread = threading.Thread(target=witness.rounds, args=(over,))
    thread.start()
    yield Stack(**asdict(running))
    over.set()
    thread.join()


@pytest.fixture(scope="session")
def authority(stack: Stack, pytestconfig: pytest.Config) -> Authority:
    """The time-stamp authority of the ring's own stack."""
    if AUTHORITY not in pytestconfig.stash:
        pytest.skip(f"the functions of {stack.api} reach no authority on this machine")
    return pytestconfig.stash[AUTHORITY]


@pytest.fixture(scope="session")
def witnessing(stack: Stack, pytestconfig: pytest.Config) -> Witnessing:
    """The witness of the ring's own stack."""
    if WITNESSING not in pytestconfig.stash:
        pytest.skip(f"nobody here witnesses the log of {stack.api}")
    return pytestconfig.stash[WITNESSING]
