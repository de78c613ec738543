"""What API Gateway answers by itself, on the deployed stack."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.build import Built
from localstack.deploy import Stack as Deployment
from localstack.engine import Engine
from localstack.stack import bring_up
from tests.e2e.client import Client
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e

NARROW = "hausrecht-narrow"


@pytest.mark.cannot("localstack", "gateway-response-templates")
def test_an_unknown_path_is_a_problem_like_any_other(stack: Stack) -> None:
    """A path that no route has never reaches the forum, and is answered in its form."""
    answer = stack.as_(None).get("/v1/nowhere")
    assert 404 == answer.status
    assert "application/problem+json" == answer.headers["content-type"]
    assert "urn:hausrecht:problem:not-found" == answer.body["type"]


@pytest.fixture
def narrow(running_engine: Engine, built: Built) -> Iterator[Client]:
    """A stack that answers two requests a second, deleted after the test."""
    limits = {"RequestsPerSecond": "2", "RequestsBurst": "4"}
    yield Client(bring_up(running_engine, built, NARROW, limits).api)
    Deployment(running_engine.target, NARROW).delete()


@pytest.mark.cannot("localstack", "throttling")
def test_requests_beyond_the_stages_limit_are_told_when_to_come_again(narrow: Client) -> None:
    """The limit is a parameter of the stage and holds before a function is started."""
    narrow.get("/health")
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: narrow.get("/health"), range(40)))
    assert {200, 429} == set(Counter(answer.status for answer in answers))
    throttled = next(answer for answer in answers if answer.status == 429)
    assert "1" == throttled.headers["retry-after"]
    assert "urn:hausrecht:problem:too-many-requests" == throttled.body["type"]
