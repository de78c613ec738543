"""One writer: whatever changes a record goes through the unit of work."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[4]
PACKAGES = ("functions", "moderation", "schemas")
WRITING = {
    "batch_write",
    "batch_write_item",
    "delete_item",
    "put_item",
    "transact_write_items",
    "update_item",
}
ALLOWED = {
    "moderation/stores/audit_table.py": "the log's own head, markers and places",
    "moderation/stores/rate_counter.py": "counts, which are no records",
    "moderation/stores/unit_of_work.py": "records, with their entries",
    "moderation/stores/whole_tables.py": "what an examination of the log may repair",
}
MODELS = {
    "moderation/stores/traces.py": {"delete"},
}
"""Where an item of the forum table is written by its model: answered requests, which
are no records."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every module that is deployed."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.Module) -> set[str]:
    """The names of all methods that a module calls."""
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def imported(tree: ast.Module) -> set[str]:
    """The modules that a module imports."""
    return {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }


def test_only_the_unit_of_work_and_the_log_write_to_dynamodb() -> None:
    """No other module calls what writes an item."""
    writers = {path for path, tree in sources() if called(tree) & WRITING}
    assert writers == set(ALLOWED)


def test_an_item_is_saved_by_nobody() -> None:
    """Models make requests for the unit of work, and write nothing by themselves."""
    touching = {
        path: called(tree) & {"save", "update", "delete"}
        for path, tree in sources()
        if "moderation.stores.forum_table" in imported(tree)
    }
    assert {path: calls for path, calls in touching.items() if calls} == MODELS
