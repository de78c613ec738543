"""One writer: whatever changes a record goes through the unit of work."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[4]
PACKAGES = ("functions", "moderation", "schemas")
WRITING = {
    "batch_execute_statement",
    "batch_write",
    "batch_write_item",
    "delete_item",
    "execute_statement",
    "execute_transaction",
    "import_table",
    "put_item",
    "transact_write",
    "transact_write_items",
    "update_item",
}
"""Every call of botocore and PynamoDB that writes an item of DynamoDB."""

ALLOWED: dict[str, tuple[set[str], str]] = {
    "moderation/stores/audit_table.py": (
        {"batch_write_item", "transact_write_items"},
        "the log's own head, markers and places; no subject lies in that table",
    ),
    "moderation/stores/rate_counter.py": ({"update_item"}, "a count of requests, which no act is"),
    "moderation/stores/restored.py": (
        {"update_item"},
        "sets chains of a restored table to where the log has them, before it serves anybody",
    ),
    "moderation/stores/unit_of_work.py": (
        {"transact_write_items"},
        "records, with their entries",
    ),
    "moderation/stores/whole_tables.py": (
        {"delete_item", "put_item"},
        "mends copies of entries and markers in the log's table; no subject lies there",
    ),
}
"""Who writes, by which calls, and why no subject can change by them without its entry."""

MODEL_WRITES = {"save", "update", "delete", "batch_write"}
MODELS: dict[str, tuple[set[str], str]] = {
    "moderation/stores/restored.py": (
        {"save"},
        "erasures that a restored table has forgotten, before it serves anybody",
    ),
    "moderation/stores/traces.py": (
        {"delete"},
        "answered requests of somebody who is erased, which are no records",
    ),
}
"""Where an item of the forum table is written by its model, and why."""


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


def written_by(tree: ast.Module) -> set[str]:
    """The writing calls that a module makes or names, by attribute or as text for `getattr`."""
    named = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return (called(tree) | named) & WRITING


def test_only_named_modules_write_to_dynamodb_and_only_by_named_calls() -> None:
    """A further writer, or a further call of one, is to be argued for here first."""
    writers = {path: calls for path, tree in sources() if (calls := written_by(tree))}
    assert writers == {path: calls for path, (calls, _) in ALLOWED.items()}


def test_an_item_is_saved_by_nobody() -> None:
    """Models make requests for the unit of work, and none writes by itself but by name here."""
    touching = {
        path: called(tree) & MODEL_WRITES
        for path, tree in sources()
        if "moderation.stores.forum_table" in imported(tree)
    }
    found = {path: calls for path, calls in touching.items() if calls}
    assert found == {path: calls for path, (calls, _) in MODELS.items()}


def test_the_log_knows_no_table_but_its_own() -> None:
    """What is exempt because it writes the log's table alone names no other in a write."""
    for path in ("moderation/stores/audit_table.py", "moderation/stores/whole_tables.py"):
        for call in ast.walk(dict(sources())[path]):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                tables = {
                    ast.unparse(word.value) for word in call.keywords if word.arg == "TableName"
                }
                if call.func.attr in WRITING:
                    assert tables <= {"self._audit", "self._table"}, ast.unparse(call)


def test_a_call_that_writes_is_found_however_it_is_spelled() -> None:
    """The lint sees an attribute, and a name handed to getattr."""
    for text in ("client.put_item()", "a.b().transact_write_items(x)", "getattr(c, 'update_item')"):
        assert written_by(ast.parse(text))
    assert not written_by(ast.parse("client.get_item(); table.query('put')"))
