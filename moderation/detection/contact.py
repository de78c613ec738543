"""Links, mail addresses, telephone numbers, street addresses, accounts and wallets in a text.

Every pattern is short and linear: bounded repetitions of disjoint characters.
"""

import re
from collections.abc import Iterator, Mapping

from moderation.detection.document import Document
from moderation.detection.lexicon import Hit

ODD_HOST = "@odd_host"
_STREET_DE = r"[a-z]{2,30}(?:str\.|strasse|str|weg|platz|allee|gasse|ring|damm|ufer|chaussee)"
_STREET_DE_APART = r"[a-z]{2,30}(?:er|e|-|en) (?:strasse|str\.?|weg|platz|allee|ring|damm|ufer)"
_PLACE = r"(?:am|an der|im|in der|auf dem|auf der|zum|zur|unter den|hinter der|vor dem)"
_POSTCODE = r"\d{5} (?!euro|eur|stuck|km|watt|mal|leute|menschen|tage)[a-z]{3,30}"
_STREET_EN = r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|close|court|terrace)"
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "@link": re.compile(
        r"\bhttps?://[^\s]{3,200}|\bwww\.[^\s]{3,200}"
        r"|\b[a-z0-9-]{2,40}\.(?:com|de|net|org|info|xyz|top|ru|click|shop|online|site|biz|io|me"
        r"|link|live|vip|club|store|cc|tk|ly|gl)(?:/[^\s]{0,200}|\b)"
    ),
    "@email": re.compile(r"\b[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,64}\.[a-z]{2,12}\b"),
    "@phone": re.compile(
        r"(?<![\d.,])(?:\+|00)?\(?\d{2,5}\)?[ /.-]{0,2}\d{2,5}(?:[ /-]?\d{2,5}){1,4}(?!\d)"
    ),
    "@address": re.compile(
        rf"\b(?:{_PLACE} [a-z]{{3,20}} \d{{1,4}} ?[a-h]?|{_POSTCODE})\b|"
        rf"\b(?:{_STREET_DE_APART}|{_STREET_DE}) {{0,2}}\d{{1,4}} ?[a-h]?\b"
        rf"|\b\d{{1,5}} (?:[a-z]{{2,20}} ){{1,3}}{_STREET_EN}\b"
    ),
    "@iban": re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?\b"),
    "@wallet": re.compile(r"\b(?:bc1[a-z0-9]{20,60}|0x[a-f0-9]{40}|[13][a-z0-9]{25,34})\b"),
    "@mention": re.compile(r"(?<![\w.])@[a-z0-9_]{2,40}"),
}
# What a text must have for a pattern to be worth trying; found much faster than the pattern fails.
_DOT_IN_WORD, _AT, _DIGITS = map(re.compile, (r"\.[a-z]|://", "@", r"\d\d"))
_HINTS: Mapping[str, re.Pattern[str]] = {
    "@link": _DOT_IN_WORD,
    "@odd_host": _DOT_IN_WORD,
    "@email": _AT,
    "@mention": _AT,
    "@phone": _DIGITS,
    "@iban": _DIGITS,
}
# Domains that cost next to nothing, so that false addresses mostly stand in them.
_CHEAP = "xyz|top|ru|click|shop|online|site|biz|info|link|live|vip|club|store|cc|tk|gl|icu|buzz|cfd"
_HOST = re.compile(rf"\b[a-z0-9.-]{{2,60}}\.(?:{_CHEAP}|com|net|org|de|io|me)\b")
_MADE_UP = re.compile(rf"[a-z0-9]+(?:-[a-z0-9]+)+\.(?:{_CHEAP})")


def find_pattern(name: str, document: Document) -> list[Hit]:
    """Find a pattern in a text, as the words it covers."""
    hint = _HINTS.get(name)
    if hint and not hint.search(document.folded):
        return []
    if name == ODD_HOST:
        return list(_odd_hosts(document))
    hits = []
    for match in _PATTERNS[name].finditer(document.folded):
        first = document.word_at_folded(match.start() + _leading(match[0]))
        hits.append(Hit(first, document.word_at_folded(match.end() - 1) + 1))
    return hits


def _odd_hosts(document: Document) -> Iterator[Hit]:
    """The last word of each host that is made up of several words, or written in disguise.

    Its last word alone, so that a rule can ask for another word of the same host.
    """
    for match in _HOST.finditer(document.folded):
        last = document.word_at_folded(match.end() - 1)
        name = match[0].rsplit(".", 2)[-2:]
        written = document.span(document.word_at_folded(match.start()), last + 1)
        as_written = document.text[written.start : written.end].casefold()
        if _MADE_UP.fullmatch(".".join(name)) or not as_written.endswith(match[0][-12:]):
            yield Hit(last, last + 1)


def _leading(found: str) -> int:
    """How many signs stand before the first letter or digit."""
    return next(at for at, character in enumerate(found) if character.isalnum())
