"""`entries.csv`: the entries for people with a spreadsheet. Not part of what is proved."""

from re import Match

HEADER = b"index,at,action,subject,rev,content,actor,via,reason,rule,part,parts,cause,id\r\n"
_FORMULA = ("=", "+", "-", "@")


def row(index: int, entry: Match[str]) -> str:
    """Return one entry's line, of the match of `BODY`.

    No value can hold a comma, a quote or a line break; a value that a spreadsheet would take for
    a formula gets an apostrophe before it.
    """
    (
        action, actor, _after, at, _before, cause, content, id_, _origin, part, parts,
        _payload, _prev, _prev_id, reason, rev, rule, subject, via,
    ) = entry.groups()  # fmt: skip
    content = "" if content == "null" else content
    rule = f"'{rule}" if rule and rule.startswith(_FORMULA) else rule or ""
    return (
        f"{index},{at},{action},{subject},{rev},{content},{actor},{via},{reason},{rule}"
        f",{part},{parts},{cause},{id_}\r\n"
    )
