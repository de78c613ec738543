"""Fixtures and options that every ring shares."""

import pytest

from tests.support.stack import Stack


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this project."""
    parser.addoption(
        "--engine-url",
        help="run the stores' contract tests on the DynamoDB at this address, too",
    )
    parser.addoption(
        "--update-goldens", action="store_true", help="write goldens anew instead of comparing"
    )


@pytest.fixture
def stack() -> Stack:
    """The stores on an empty in-process DynamoDB."""
    return Stack.fresh()
