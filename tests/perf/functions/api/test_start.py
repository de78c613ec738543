"""What a container imports before its first request and for it; times stand in the bench."""

from tests.perf.bench.first_answer import container
from tests.perf.bench.start import LISTED, run

OURS = ("functions", "moderation", "schemas")
MODULES_MOST = 50
READIED = """
import infra.app, sys
print(*sys.modules)
"""
IMPORTED = """
import sys
from infra.app import app
before = set(sys.modules)
answer = app({event!r}, None)
assert answer["statusCode"] == {status}, answer
print("imported", *(set(sys.modules) - before))
"""


def of_ours(modules: list[str]) -> list[str]:
    """Those of this project."""
    return sorted(name for name in modules if name.partition(".")[0] in OURS)


def resources(modules: list[str]) -> set[str]:
    """The resources among them."""
    return {name.rpartition(".")[2] for name in modules if "functions.api.resources." in name}


def test_the_application_imports_no_resource_no_record_and_no_client() -> None:
    """Knowing the routes takes fifty modules at most, and none of what single requests need."""
    modules = run(LISTED).split()
    ours = of_ours(modules)

    assert set() == resources(modules)
    assert [] == [
        name for name in ours if name.startswith(("moderation.cases", "moderation.stores"))
    ]
    assert ["schemas", "schemas.problem", "schemas.strict"] == [
        n for n in ours if n[:7] == "schemas"
    ]
    assert set() == {"botocore", "pynamodb", "nh3", "markdown_it", "ahocorasick"} & set(modules)
    assert len(ours) <= MODULES_MOST


def test_a_container_readies_what_the_forum_is_read_by() -> None:
    """Boards, threads and posts, and the stores beneath them; no other resource, no rule pack."""
    modules = run(READIED).split()

    assert {"boards", "threads", "posts"} == resources(modules)
    assert {"moderation.stores.unit_of_work", "moderation.stores.lists"} <= set(modules)
    assert set() == {"moderation.detection.pipeline", "nh3", "ahocorasick"} & set(modules)


def test_the_first_read_of_a_post_imports_nothing_of_ours() -> None:
    """A container that has started has all of it."""
    with container() as fresh:
        modules = fresh.read(IMPORTED)

    assert "imported" == modules[0]
    assert [] == of_ours(modules[1:])
