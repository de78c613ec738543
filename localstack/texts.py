"""A file of texts: one JSON object a line with `text` and, where known, `lang`."""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class BadTexts(Exception):
    """Why a file cannot be read, in one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One text of the file, with the number of its line."""

    number: int
    text: str
    language: str | None


def read_lines(path: Path) -> list[Line]:
    """The texts of a .jsonl or .jsonl.gz file; BadTexts names the first line that is none."""
    number = 1
    lines = []
    try:
        with _open(path) as file:
            for raw in file:
                if raw.strip():
                    lines.append(_line(number, raw))
                number += 1
    except FileNotFoundError:
        raise BadTexts(f"no such file: {path}") from None
    except (ValueError, EOFError, zlib.error) as wrong:
        raise BadTexts(f"{path}, line {number}: {wrong}") from None
    except OSError as wrong:
        raise BadTexts(f"{path}: {wrong.strerror or wrong}") from None
    if not lines:
        raise BadTexts(f"{path} holds no texts")
    return lines


def _open(path: Path) -> IO[str]:
    # Only "\n" ends a line: JSON strings may hold other line separators as they are.
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")


def _line(number: int, raw: str) -> Line:
    try:
        row = json.loads(raw.rstrip("\r\n"))
    except json.JSONDecodeError as wrong:
        raise ValueError(f"not JSON: {wrong.msg} at column {wrong.colno}") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError('no object with a string "text"')
    language = row.get("lang")
    if language is not None and not isinstance(language, str):
        raise ValueError('"lang" is not a string')
    return Line(number, row["text"], language)
