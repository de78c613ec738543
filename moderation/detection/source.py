"""The text of a pack file, and mistakes in it shown as a compiler shows them."""

import re
from dataclasses import dataclass

_RULE = re.compile(r"\s*\[\[\s*rule\s*\]\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: file, line and columns (from 1, end exclusive), what is wrong, what to do.

    `source` is the line it stands on, as written.
    """

    file: str
    line: int
    column: int
    end_column: int
    message: str
    hint: str
    source: str = ""

    def __str__(self) -> str:
        """Place and message, the line with the mistake underlined, and the hint."""
        margin = " " * len(str(self.line))
        carets = " " * (self.column - 1) + "^" * max(1, self.end_column - self.column)
        shown = self.source.expandtabs(1)
        return (
            f"{self.file}:{self.line}:{self.column}: {self.message}\n"
            f" {self.line} | {shown}\n"
            f" {margin} | {carets}\n"
            f" {margin} = hint: {self.hint}"
        )


class PackError(Exception):
    """A pack that cannot be used, with every problem found in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Source:
    """A file's lines, in which mistakes are looked up by what stands there."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = [line.removesuffix("\r") for line in text.split("\n")]
        self._rules = [number for number, line in enumerate(self.lines) if _RULE.match(line)]

    def whole(self) -> range:
        """All lines."""
        return range(len(self.lines))

    def rule(self, number: int) -> range:
        """The lines of the number-th rule; all lines where the file writes its rules otherwise."""
        if number >= len(self._rules):
            return self.whole()
        following = self._rules[number + 1 :]
        return range(self._rules[number], following[0] if following else len(self.lines))

    def at(self, line: int, column: int, message: str, hint: str) -> Problem:
        """A mistake at one character, counted from 1."""
        return self._problem(line - 1, column - 1, column, message, hint)

    def find(self, needle: str, message: str, hint: str, *, within: range) -> Problem:
        """A mistake where `needle` first stands in these lines, else where they begin."""
        for number in within:
            column = self.lines[number].find(needle)
            if needle and column >= 0:
                return self._problem(number, column, column + len(needle), message, hint)
        first = self.lines[within.start]
        return self._problem(within.start, 0, len(first.rstrip()), message, hint)

    def value(self, key: str, message: str, hint: str, *, within: range) -> Problem:
        """A mistake in what a key is set to, as far as that stands on the key's line."""
        for number in within:
            line = self.lines[number]
            if re.match(rf"\s*{re.escape(key)}\s*=", line):
                start = len(line) - len(line.partition("=")[2].lstrip())
                return self._problem(number, start, len(line.rstrip()), message, hint)
        return self.find(key, message, hint, within=within)

    def _problem(self, number: int, start: int, end: int, message: str, hint: str) -> Problem:
        source = self.lines[number] if number < len(self.lines) else ""
        return Problem(self.file, number + 1, start + 1, end + 1, message, hint, source)
