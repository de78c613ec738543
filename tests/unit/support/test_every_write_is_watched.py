"""No test writes past the watch: every engine in this process is made with it, but for those named.

The watch is a hook of the in-process DynamoDB, which answers botocore's own requests. Whoever makes
an engine without it, or a table on a real one, stands here with the reason.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from moderation.stores.duty import AUDITED
from moderation.stores.kinds import RECORD_TYPES
from tests.support.audit_watch import SUBJECTS, AuditWatch
from tests.support.samples import ALL
from tests.support.stack import Stack

TESTS = Path(__file__).parents[2]
UNWATCHED = {
    "tests/contract/moderation/stores/test_subject_heads.py": "forges heads, to read them back",
    "tests/unit/support/test_lockstep.py": "has two engines disagree",
    "tests/support/audit_dynamo.py": "puts forged entries, to have the log refuse or mend them",
}
"""Who asks for an engine without the watch, and why."""

BARE = {
    "tests/contract/conftest.py": "holds the emulator's own answers against the in-process ones; "
    "the same tests run watched beside it",
    "tests/e2e/infra/test_left_over.py": "writes by the unit of work to a deployed stack",
    "tests/support/engine_place.py": "makes both kinds",
    "tests/support/places.py": "makes both kinds",
    "tests/support/stack.py": "the one place where the watch is hooked in",
    "tests/unit/support/test_lockstep.py": "tests the engine of the contract ring itself",
}
"""Who makes an engine by itself, or asks for one that is not in this process."""


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the tests."""
    for path in sorted(TESTS.rglob("*.py")):
        yield path.relative_to(TESTS.parent).as_posix(), ast.parse(path.read_text("utf-8"))


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Every call in a module."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    """The last name of what is called."""
    return ast.unparse(call.func).rpartition(".")[2]


def is_unwatched(call: ast.Call) -> bool:
    """Whether a call says `watched=False`."""
    return any(
        word.arg == "watched" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in call.keywords
    )


def test_an_engine_without_the_watch_is_asked_for_by_name_only() -> None:
    """Tests that forge what no program writes."""
    asking = {path for path, tree in trees() if any(map(is_unwatched, calls(tree)))}

    assert UNWATCHED.keys() == asking


def test_an_engine_is_made_in_one_place() -> None:
    """So that it has the watch; what else makes one stands here."""
    makers = ("MemoryDynamo", "LockstepDynamo", "bare_stack")
    making = {
        path for path, tree in trees() if any(name_of(call) in makers for call in calls(tree))
    }

    assert making <= BARE.keys()
    assert "tests/support/stack.py" in making


def test_a_fresh_forum_is_watched(stack: Stack) -> None:
    """The fixture of all tests, and the one that a test makes for itself."""
    for each in (stack, Stack.fresh()):
        assert 1 == sum(isinstance(hook, AuditWatch) for hook in each.engine.hooks)


def test_the_watch_knows_every_kind_that_is_audited() -> None:
    """A kind that is added to the duty and not to the watch fails here."""
    kinds = {record.ref.kind.value for record in ALL if isinstance(record, AUDITED)}

    assert set(SUBJECTS) == kinds
    assert set(AUDITED) <= set(RECORD_TYPES.values())
