"""The catalogue opens the resources of the permission table, each with exactly its routes."""

import pytest

from functions.api.catalogue import endpoint, endpoints, resource
from functions.api.endpoint import Resource
from functions.api.permissions import RESOURCES, TABLE
from schemas.strict import Nothing


@pytest.mark.parametrize("name", RESOURCES)
def test_a_resource_serves_its_rows_of_the_table(name: str) -> None:
    """Under its own name, no route more and none less."""
    opened = resource(name)

    assert name == opened.name
    assert RESOURCES[name].keys() == {(each.method, each.path) for each in opened.endpoints}
    for method, path in RESOURCES[name]:
        served = endpoint(name, (method, path))
        assert (method, path) == (served.method, served.path)


def test_no_route_stands_in_the_table_twice() -> None:
    """Each belongs to one resource."""
    assert len(TABLE) == sum(len(rows) for rows in RESOURCES.values()) == len(endpoints())


def test_what_is_not_in_the_table_cannot_be_opened_or_registered() -> None:
    """Neither a resource nor a route, be it another resource's."""
    with pytest.raises(LookupError):
        resource("accounts")
    with pytest.raises(LookupError):
        endpoint("posts", ("GET", "/v1/boards"))
    with pytest.raises(LookupError, match="GET /v1/boards is not in the permission table of posts"):
        Resource("posts").get("/v1/boards", takes=Nothing, gives=None)
