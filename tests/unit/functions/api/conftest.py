"""The API in process, for every test of it."""

import pytest

from tests.support.forum_api import ForumApi


@pytest.fixture
def api() -> ForumApi:
    """An empty forum."""
    return ForumApi.fresh()
