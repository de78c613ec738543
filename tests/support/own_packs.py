"""Own packs of an operator, for tests: one rule about shoelaces, and one shipped rule's state."""

from pathlib import Path

from moderation.detection.rule import Status
from moderation.rulesets.content import Content, OwnPack, RuleState, content_of

FILE = "de/eigene.toml"
RULE = "own.spam.schnuersenkel"
SHIPPED_RULE = "de.insult.strong-at-person"
CATCHES = "Schnürsenkel hier, jetzt zugreifen!"
PACK = f"""language = "de"
category = "SPAM"

[terms]
ware = "schnürsenkel~"

[[rule]]
id = "{RULE}"
version = 1
score_ppm = 600_000
explanation = "Laces are offered."
all = ["ware"]
unless = ["negated"]
match = ["Schnürsenkel hier!"]
leave = ["Schuhe hier!"]
"""
CONTENT = content_of([OwnPack(file=FILE, text=PACK)], [])


def content(text: str = PACK, **states: Status) -> Content:
    """One pack with this text, and states by rule (`__` for a dot)."""
    return content_of(
        [OwnPack(file=FILE, text=text)],
        [RuleState(rule=rule.replace("__", "."), state=state) for rule, state in states.items()],
    )


def write(folder: Path, text: str = PACK, states: str | None = None) -> Path:
    """Write a folder of own packs."""
    (folder / "de").mkdir(parents=True)
    (folder / FILE).write_text(text, encoding="utf-8")
    if states is not None:
        (folder / "states.toml").write_text(states, encoding="utf-8")
    return folder
