"""The places of the contract ring: `--engine memory` where nothing is said, each one named else.

A test that asks for `stack`, `anywhere` or `place` runs on every one of them.
"""

from collections.abc import Iterator

import pytest

from localstack.daemon import free_port
from localstack.engines import engine
from tests.support.engine_place import EnginePlace
from tests.support.engine_runs import engine_of, places, start
from tests.support.places import MemoryPlace, Place
from tests.support.stack import Stack


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches a port on every engine named."""
    if "place" in metafunc.fixturenames:
        metafunc.parametrize("place", places(metafunc.config), indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, where servers alone are named, what touches none."""
    if "memory" in places(config):
        return
    out = [each for each in items if "contract" in each.path.parts and engine_of(each) is None]
    config.hook.pytest_deselected(items=out)
    items[:] = [each for each in items if each not in out]


@pytest.fixture(scope="session")
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """This process, or an engine that is started for the session."""
    if request.param == "memory":
        yield MemoryPlace()
        return
    chosen = engine(request.param, free_port(), tmp_path_factory.mktemp("engine"))
    start(request.config, request.param, chosen)
    place = EnginePlace(chosen, chosen.name)
    place.expire_something()
    yield place
    place.close()
    chosen.stop()


@pytest.fixture
def stack(place: Place) -> Iterator[Stack]:
    """The stores on empty tables; on an engine, in lockstep with the in-process DynamoDB."""
    with place.stack() as found:
        yield found


@pytest.fixture
def anywhere(place: Place) -> Iterator[Stack]:
    """The stores on empty tables, with nothing in between."""
    with place.bare_stack() as found:
        yield found
