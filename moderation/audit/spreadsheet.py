"""`entries.csv`: the entries for people with a spreadsheet. Not part of what is proved."""

from collections.abc import Iterable, Iterator
from re import Match

HEADER = b"index,at,action,subject,rev,content,actor,via,reason,rule,part,parts,cause,id\r\n"
_FORMULA = ("=", "+", "-", "@")


def rows(entries: Iterable[Match[str] | None], first: int) -> Iterator[str]:
    """Yield the rows of entries from the index `first` on, None where one is withheld."""
    for index, entry in enumerate(entries, first):
        if entry is not None:
            yield row(index, entry)


def row(index: int, entry: Match[str]) -> str:
    """Return one entry's line, of the match of `SHAPE`.

    No value can hold a comma, a quote or a line break; a value that a spreadsheet would take for
    a formula gets an apostrophe before it.
    """
    (
        action, actor, at, cause, content, id_, part, parts, reason, rev, rule, subject, via,
    ) = entry.groups()  # fmt: skip
    content = "" if content == "null" else content
    rule = f"'{rule}" if rule and rule.startswith(_FORMULA) else rule or ""
    return (
        f"{index},{at},{action},{subject},{rev},{content},{actor},{via},{reason},{rule}"
        f",{part},{parts},{cause},{id_}\r\n"
    )
