"""What a match stands in, told through the verdict."""

import pytest

from moderation.detection.facts import Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.detection.verdict import Action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Ich bringe dich um.", Action.HOLD),
        ("Das hat er mir geschickt:\n> Ich bringe dich um.\nWas soll ich tun?", Action.KEEP),
        ("Das hat er geschickt:\n> Hallo\n> Ich bringe dich um.\nWas nun?", Action.KEEP),
        ("> Hallo zusammen\nIch bringe dich um.", Action.HOLD),
        ("> Ich bringe dich um.", Action.HOLD),
        ("Sie sind Abschaum, diese Ausländer, nicht wahr", Action.FLAG),
        ("Ausländer sind Abschaum, mehr nicht.", Action.FLAG),
        ("Ausländer sind kein Abschaum.", Action.KEEP),
    ],
)
def test_quoted_lines_and_clauses_count(text: str, action: Action) -> None:
    """A line quoted as Markdown does is a quotation; a negation beyond a comma negates nothing."""
    assert action is screen(text, Facts(), load_rules()).action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Sätze wie „Ausländer stinken“ sind dumm, sonst nichts.", Action.KEEP),
        ("Diese „Ausländer“ sind alle Abschaum, sonst nichts.", Action.FLAG),
    ],
)
def test_what_is_said_of_a_quotation_is_not_said_of_a_group(text: str, action: Action) -> None:
    """A judgement on a quoted sentence is none on whom it names; a name in marks is no sentence."""
    assert action is screen(text, Facts(), load_rules()).action
