"""The vocabulary of acts is closed, has one grammar, and stands in the format's document."""

import re
from pathlib import Path

from moderation.audit.actions import Action

DOCUMENT = Path("docs/formats/audit-log.md")


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
