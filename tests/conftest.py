"""Fixtures and options that every ring shares."""

import pytest

from tests.support.stack import Stack

pytest_plugins = ["tests.support.engine_runs"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this project."""
    parser.addoption(
        "--update-goldens", action="store_true", help="write goldens anew instead of comparing"
    )


@pytest.fixture
def stack() -> Stack:
    """The stores on an empty in-process DynamoDB."""
    return Stack.fresh()
