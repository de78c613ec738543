"""What somebody who speaks of suicide is told at once: who listens, day and night.

The numbers are data with a date (`help_messages.json`). The message goes to the author alone, with
no sanction and no mention of moderation.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("help_messages.json")
_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Contact:
    """Who helps, and the number or address to reach them at."""

    name: str
    reach: str


@dataclass(frozen=True, slots=True)
class HelpMessage:
    """A message in one language, and the day its numbers are of."""

    language: str
    title: str
    text: str
    contacts: tuple[Contact, ...]
    as_of: date


def help_message(language: str) -> HelpMessage:
    """Give the message in a language (BCP 47), in English where there is none in it."""
    messages = _messages()
    return messages.get(language.split("-", 1)[0].lower(), messages[_FALLBACK])


@cache
def _messages() -> dict[str, HelpMessage]:
    document = json.loads(_DATA.read_text(encoding="utf-8"))
    return {
        language: HelpMessage(
            language=language,
            title=message["title"],
            text=message["text"],
            contacts=tuple(Contact(**contact) for contact in message["contacts"]),
            as_of=date.fromisoformat(document["as_of"]),
        )
        for language, message in document["messages"].items()
    }
