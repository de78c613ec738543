"""Fixtures that every ring shares."""

import pytest

from tests.support.stack import Stack


@pytest.fixture
def stack() -> Stack:
    """The stores on an empty in-process DynamoDB."""
    return Stack.fresh()
