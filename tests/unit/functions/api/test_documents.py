"""What the documents say of the API is what the API does."""

import re
from collections.abc import Iterator
from pathlib import Path

from functions.api.catalogue import endpoints
from functions.api.errors import PROBLEMS
from functions.api.permissions import TABLE, Everybody
from moderation.actor import Role

ROOT = Path(__file__).parents[4]
API = (ROOT / "docs" / "api.md").read_text()
ROLES = (ROOT / "docs" / "roles.md").read_text()
CODE_IN_SOURCE = re.compile(r'\bcode="([a-z-]+)"|\b(?:CODE|REUSED|REFUSED|MISSING) = "([a-z-]+)"')
KEPT_INSIDE = {"invalid-cursor"}
"""Said by a store of a position that the API has signed itself, so nobody ever gets it."""


def rows(text: str) -> list[list[str]]:
    """The rows of every table, cell by cell."""
    lines = (line for line in text.splitlines() if line.startswith("| "))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def who_in(path: str) -> str:
    """Who may call a route, as the page words it."""
    method, _, template = path.partition(" ")
    who = TABLE[method, template].who
    if isinstance(who, Everybody):
        return {"public": "anybody", "member": "anybody with a token"}[who.value]
    return ", ".join(sorted(role.value for role in who))


def test_every_call_stands_in_the_documentation() -> None:
    """The table lists each route once, with who may call it."""
    listed = {row[0].strip("`"): row[1] for row in rows(API) if "/" in row[0]}
    known = {f"{endpoint.method} {endpoint.path}" for endpoint in endpoints()}

    assert {path: who_in(path) for path in known} == listed


def test_every_route_of_the_permission_table_exists() -> None:
    """The table allows nothing that is not there."""
    assert set(TABLE) == {(endpoint.method, endpoint.path) for endpoint in endpoints()}


def test_every_problem_stands_in_the_documentation() -> None:
    """The table lists each code with its status."""
    listed = {
        row[0].strip("`"): int(row[1]) for row in rows(API) if len(row) == 3 and row[1].isdecimal()
    }

    assert {code: int(problem.status) for code, problem in PROBLEMS.items()} == listed


def codes_in_source() -> Iterator[str]:
    """Every code that the domain or the API raises."""
    for folder in ("moderation", "functions"):
        for path in (ROOT / folder).rglob("*.py"):
            for found in CODE_IN_SOURCE.finditer(path.read_text()):
                yield found[1] or found[2]


def test_every_code_that_is_raised_is_known() -> None:
    """A refusal nobody documented fails here."""
    raised = {code for code in codes_in_source() if "-" in code} - KEPT_INSIDE

    assert set() == raised - set(PROBLEMS)


def test_every_role_stands_in_the_documentation() -> None:
    """The page says of each role what it may."""
    listed = {row[0].strip("`") for row in rows(ROLES)}

    assert {role.value for role in Role} <= listed
