"""Read a pack file (TOML) into classes of terms and rules, with errors that show where and why."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from moderation.detection.fold import fold
from moderation.detection.rule import Context, Examples, Rule, Status
from moderation.detection.signal import PPM
from moderation.detection.taxonomy import Category
from moderation.detection.words import words_of

LANGUAGES = ("de", "en", "any")
FACTS = frozenset({"@new_account", "@burst", "@repeated", "@reported"})
PATTERNS = frozenset({"@link", "@email", "@phone", "@address", "@iban", "@wallet", "@mention"})
_DEFAULT_WITHIN = 8
_RULE_KEYS = frozenset(
    {"id", "version", "score_ppm", "explanation", "all", "none", "unless", "within", "ordered"}
    | {"across", "clause", "not_after", "status", "match", "leave"}
)
_TERM_SEPARATOR = re.compile(r"[,\n]")
_POSITION = re.compile(r" \(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a pack: file, line and columns (from 1, end exclusive), message, hint."""

    file: str
    line: int
    column: int
    end_column: int
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}\n  hint: {self.hint}"


class PackError(Exception):
    """A pack that cannot be used, with every problem found in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of a pack: its classes by qualified name, and its rules."""

    file: str
    language: str
    category: Category | None
    terms: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]


def split_terms(text: str) -> tuple[str, ...]:
    """Split a list of terms at commas and line ends; what follows a # is a remark."""
    lines = (line.partition("#")[0] for line in text.split("\n"))
    terms = (term.strip() for line in lines for term in line.split(","))
    return tuple(term for term in terms if term)


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.split("\n")
        self.problems: list[Problem] = []

    def problem(self, message: str, hint: str, *, needle: str, after: int = 0) -> None:
        """Note a mistake at the first line from `after` on that holds `needle`."""
        for number in range(after, len(self.lines)):
            column = self.lines[number].find(needle)
            if column >= 0:
                break
        else:
            number, column = after, 0
        place = (number + 1, column + 1, column + 1 + len(needle))
        self.problems.append(Problem(self.file, *place, message, hint))

    def line_of(self, rule_id: str) -> int:
        """The index of the line that names a rule."""
        for number, line in enumerate(self.lines):
            if f'"{rule_id}"' in line and line.lstrip().startswith("id"):
                return number
        return 0

    def rules(
        self, rows: list[dict[str, object]], language: str, category: Category
    ) -> Iterator[Rule]:
        for row in rows:
            rule_id = str(row.get("id", ""))
            at = self.line_of(rule_id)
            self._check(row, rule_id, at)
            if not self.problems:
                yield _rule(row, language, category)

    def _check(self, row: dict[str, object], rule_id: str, at: int) -> None:
        for key in row.keys() - _RULE_KEYS:
            hint = f"a rule has {', '.join(sorted(_RULE_KEYS))}"
            self.problem(f"unknown key `{key}`", hint, needle=key, after=at)
        lexical = any(not name.startswith("@") for name in _strings(row.get("all")))
        for key in ("id", "version", "score_ppm", "explanation", "all", "match"):
            if row.get(key, "") in ("", []) and (key != "match" or lexical):
                self.problem(f"rule `{rule_id}` lacks `{key}`", "add it", needle=rule_id, after=at)
        score = row.get("score_ppm", PPM)
        if not isinstance(score, int) or not 0 < score <= PPM:
            hint = "confidence is a whole number of parts per million, 1 to 1_000_000"
            self.problem("score_ppm out of range", hint, needle="score_ppm", after=at)
        for name in _strings(row.get("unless")):
            if name not in list(Context):
                hint = f"one of {', '.join(Context)}"
                self.problem(f"unknown context `{name}`", hint, needle=name, after=at)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _rule(row: dict[str, object], language: str, category: Category) -> Rule:
    items = _strings(row["all"])
    return Rule(
        id=str(row["id"]),
        version=int(str(row["version"])),
        category=category,
        language=language,
        score_ppm=int(str(row["score_ppm"])),
        explanation=str(row["explanation"]),
        all=tuple(frozenset(item.split("|")) for item in items),
        none=frozenset(_strings(row.get("none"))),
        unless=tuple(Context(name) for name in _strings(row.get("unless"))),
        within=int(str(row.get("within", _DEFAULT_WITHIN))),
        ordered=bool(row.get("ordered", False)),
        across=bool(row.get("across", False)),
        clause=bool(row.get("clause", False)),
        not_after=frozenset(_strings(row.get("not_after"))),
        status=Status(str(row.get("status", "live"))),
        examples=Examples(_strings(row.get("match")), _strings(row.get("leave"))),
    )


def parse_pack(file: str, text: str) -> Pack:
    """Read one pack file; raise PackError with every problem in it.

    A file names its `language`, mostly a `category`, `[terms]` (class = list of terms) and rules.
    """
    reader = _Reader(file, text)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        position = _POSITION.search(str(error))
        line, column = (int(position[1]), int(position[2])) if position else (len(reader.lines), 1)
        message = _POSITION.sub("", str(error))
        problem = Problem(file, line, column, column + 1, message, "a pack is TOML 1.0")
        raise PackError((problem,)) from error
    language, code = str(document.get("language")), document.get("category")
    if language not in LANGUAGES:
        reader.problem("no such language", f"one of {', '.join(LANGUAGES)}", needle="language")
    if code is not None and code not in list(Category):
        reader.problem(f"no such category `{code}`", "a code of the taxonomy", needle="category")
    rows = document.get("rule", [])
    if rows and code is None:
        reader.problem(
            "rules without a category", 'write `category = "…"` on top', needle="[[rule]]"
        )
    rules = (
        tuple(reader.rules(rows, language, Category(code))) if not reader.problems and code else ()
    )
    terms = {name: split_terms(listed) for name, listed in document.get("terms", {}).items()}
    for term in (term for listed in terms.values() for term in listed):
        if not any(word.isalnum() for word in words_of(fold(term))):
            reader.problem(f"term `{term}` has no letter", "signs alone match nothing", needle=term)
    if reader.problems:
        raise PackError(tuple(reader.problems))
    return Pack(file, language, Category(code) if code else None, terms, rules)
