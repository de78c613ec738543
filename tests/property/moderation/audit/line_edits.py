"""Alterations of the entries: lines dropped, doubled, swapped, withheld, rewritten."""

import hashlib
import random
from collections.abc import Callable
from functools import wraps

from tests.property.moderation.audit.altered import Alteration, Altered, one_file
from tests.property.moderation.audit.specimen import Specimen

type Edit = Callable[[Specimen, list[bytes], random.Random], tuple[list[bytes], int]]


def _lines(name: str) -> Callable[[Edit], Alteration]:
    def wrap(edit: Edit) -> Alteration:
        @wraps(edit)
        def alter(honest: Specimen, chance: random.Random) -> Altered:
            lines, first = edit(honest, list(honest.lines), chance)
            data, index = b"".join(lines), honest.begin + first
            return one_file(name, honest, "entries.jsonl", data, index)

        return alter

    return wrap


@_lines("drop")
def drop_line(_: Specimen, lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Leave an entry out."""
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + 1 :], at


@_lines("double")
def double_line(_: Specimen, lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Write an entry twice."""
    at = chance.randrange(len(lines))
    return lines[: at + 1] + lines[at:], at + 1


@_lines("swap")
def swap_lines(_: Specimen, lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Let two entries change places."""
    one, two = sorted(chance.sample(range(len(lines)), 2))
    lines[one], lines[two] = lines[two], lines[one]
    return lines, one


@_lines("cut")
def cut_lines(_: Specimen, lines: list[bytes], chance: random.Random) -> tuple[list[bytes], int]:
    """Leave out the newest entries."""
    at = chance.randrange(len(lines))
    return lines[:at], at


@_lines("withhold another")
def swap_withheld(
    _: Specimen, lines: list[bytes], chance: random.Random
) -> tuple[list[bytes], int]:
    """Put the hash of another entry where one stands, be it withheld already or not."""
    one, two = chance.sample(range(len(lines)), 2)
    lines[one] = b'{"leaf":"%b"}\n' % leaf_of(lines[two]).hex().encode()
    return lines, one


@_lines("edit")
def edit_line(
    honest: Specimen, lines: list[bytes], chance: random.Random
) -> tuple[list[bytes], int]:
    """Give an act another reason."""
    at = chance.choice(honest.shown)
    lines[at] = lines[at].replace(b'"reason":"illegal"', b'"reason":"spam"')
    return lines, at


@_lines("re-date")
def redate_line(
    honest: Specimen, lines: list[bytes], chance: random.Random
) -> tuple[list[bytes], int]:
    """Say that an act was done a year earlier."""
    at = chance.choice(honest.shown)
    lines[at] = lines[at].replace(b'"at":"2026', b'"at":"2025')
    return lines, at


def leaf_of(line: bytes) -> bytes:
    """Return the leaf hash of a line, withheld or not."""
    if line.startswith(b'{"leaf":'):
        return bytes.fromhex(line[9:73].decode())
    return hashlib.sha256(b"\x00" + line.rstrip(b"\n")).digest()
