"""The wording of every document people get: templates as data, in German and in English."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import Literal

Language = Literal["de", "en"]
_FOLDER = Path(__file__).parent
_TIME_FORMAT = {"de": "%d.%m.%Y, %H:%M Uhr (UTC)", "en": "%Y-%m-%d, %H:%M (UTC)"}


def document_language(tag: str) -> Language:
    """The language to write to somebody in, from the language tag of what he wrote himself.

    German where we do not know it: the terms are German, and English is their translation.
    """
    return "en" if tag.lower().split("-")[0] == "en" else "de"


@cache
def templates(language: Language) -> dict[str, str]:
    """Read the templates of a language, once a process."""
    texts: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return texts


def text(name: str, language: Language, **values: str) -> str:
    """Fill in a template in one pass, so nothing in a value is ever read as a placeholder.

    KeyError where the template or one of its values is missing.
    """
    return Template(templates(language)[name]).substitute(values)


def time_text(at: datetime, language: Language) -> str:
    """An instant as people read it; always with its zone, since readers live in several."""
    return at.strftime(_TIME_FORMAT[language])


@cache
def help_offer(language: Language) -> str:
    """Where to find help in a crisis; the numbers stand in a dated file with their sources."""
    document = json.loads((_FOLDER / "help-2026-11-23.json").read_text(encoding="utf-8"))
    lines = [f"- {line['name'][language]}: {line['reach']}" for line in document["lines"]]
    return "\n".join(lines)
