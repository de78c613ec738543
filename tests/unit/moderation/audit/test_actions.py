"""The vocabulary of acts is closed, has one grammar, and stands in the format's document."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from moderation.audit.actions import Action

DOCUMENT = Path("docs/formats/audit-log.md")
RESERVED = {
    Action.NOTICE_DECIDE: "a notice is not written when it is decided; its cases are",
    Action.POST_SCORE: "a score changes no post: it opens a case, or joins one",
    Action.REFERRAL_RECORD: "a referral is a part of the decision that carries it",
}
"""What no program writes, and which act stands in the log instead."""


def test_every_action_has_the_grammar() -> None:
    """Two words of 2 to 24 lower-case letters, joined by a colon."""
    assert [] == [
        action for action in Action if not re.fullmatch(r"[a-z]{2,24}:[a-z]{2,24}", action)
    ]


def test_names_follow_from_values() -> None:
    """`post:remove` is `POST_REMOVE`."""
    assert [action.value.replace(":", "_").upper() for action in Action] == [
        action.name for action in Action
    ]


def test_every_action_is_documented() -> None:
    """A reader of the log finds each value in the format's document."""
    document = DOCUMENT.read_text(encoding="utf-8")

    assert [] == [action.value for action in Action if f"`{action.value}`" not in document]


def written() -> Iterator[str]:
    """The names of the actions that the program writes."""
    for package in ("moderation", "functions"):
        for path in Path(package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {
                alias.asname or alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node.module == "moderation.audit.actions"
                for alias in node.names
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) in names:
                    yield node.attr


def test_every_action_is_written_by_the_program_or_reserved_with_a_reason() -> None:
    """A word that nothing writes says so here and in the document, and one written is no longer."""
    assert {action.name for action in Action} - set(written()) == {
        action.name for action in RESERVED
    }
    for action in RESERVED:
        row = re.search(rf"^\| `{action.value}` \|(.*)$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
        assert row is not None
        assert "reserved" in row[1]


def test_the_document_lists_no_action_that_is_none() -> None:
    """The table of section 3 has the actions and nothing else, in their order."""
    rows = re.findall(r"^\| `([a-z]+:[a-z]+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)

    assert sorted(action.value for action in Action) == rows
