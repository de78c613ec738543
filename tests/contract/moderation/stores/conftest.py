"""The engines on which the stores keep their contract."""

import json
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from moderation.stores.forum_table import connection_of, open_forum
from tests.support.memory_dynamo import MemoryDynamo
from tests.support.stack import REGION, Randomness, Stack

TABLES = Path(__file__).parents[4] / "infra" / "resources" / "tables.json"
_NUMBERS = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run on the in-process engine, and on the one whose address was given."""
    if "anywhere" in metafunc.fixturenames:
        url = metafunc.config.getoption("--engine-url")
        engines = [None] if url is None else [None, url]
        metafunc.parametrize("engine_url", engines, ids=lambda each: each or "in-process")


@pytest.fixture
def anywhere(engine_url: str | None) -> Iterator[Stack]:
    """The stores on an empty pair of tables of the engine."""
    if engine_url is None:
        yield Stack.fresh()
        return
    session = botocore.session.get_session()
    session.set_credentials("000000000000", "secret")
    client: Any = session.create_client("dynamodb", REGION, endpoint_url=engine_url)
    names = {logical: f"contract-{logical}-{next(_NUMBERS)}" for logical in ("Forum", "Audit")}
    for logical, name in names.items():
        client.create_table(TableName=name, **_definition(f"{logical}Table"))
    forum = open_forum(names["Forum"], region=REGION, endpoint_url=engine_url)
    # PynamoDB keeps a session for each thread and one client for all: it is made here.
    connection_of(forum).session.set_credentials("000000000000", "secret")
    assert connection_of(forum).client
    # An engine remembers request tokens, so that those of two tests must differ.
    yield Stack.on(forum, names["Audit"], MemoryDynamo(), Randomness(os.urandom(8)))
    for name in names.values():
        client.delete_table(TableName=name)


def _definition(logical: str) -> dict[str, Any]:
    """The table as the template makes it, without what only a lasting one has."""
    resources = json.loads(TABLES.read_text(encoding="utf-8"))["Resources"]
    properties = resources[logical]["Properties"]
    kept = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    return {name: properties[name] for name in kept}
